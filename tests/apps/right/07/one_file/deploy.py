import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import huggingface_hub as hub
from huggingface_hub.errors import HfHubHTTPError

HERE = Path(__file__).parent
NEVER = {".venv", "venv", "node_modules", ".next", "__pycache__", ".git", ".pytest_cache"}
SECRETS = ("DATABASE_URL", "BETTER_AUTH_SECRET", "OPENAI_API_KEY")


def wanted(folder):
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not NEVER & set(parts) and not path.name.startswith(".env"):
            yield "/".join(parts), path


def push(api, name, folder):
    here = dict(wanted(folder))
    gone = set(api.list_repo_files(name, repo_type="space")) - set(here) - {".gitattributes"}
    steps = [hub.CommitOperationAdd(path, file) for path, file in here.items()]
    steps += [hub.CommitOperationDelete(path) for path in sorted(gone)]
    return api.create_commit(name, steps, commit_message="New version", repo_type="space")


def say_log(api, name):
    try:
        for line in api.fetch_space_logs(name, build=True, follow=True):
            print(name, line.rstrip())
    except (HfHubHTTPError, httpx2.HTTPError):
        pass


def finish(api, name):
    talk = threading.Thread(target=say_log, args=(api, name), daemon=True)
    talk.start()
    end = api.wait_for_space(name, timeout=float(os.environ.get("DEPLOY_TIMEOUT_SECONDS", 900)))
    talk.join(5)
    if end.stage != "RUNNING":
        sys.exit(f"{name}: {end.stage}, see the build log and the log of the app")


def main():
    api = hub.HfApi()
    owner = api.whoami()["name"]
    base = f"{owner}/{os.environ.get('SPACE_NAME', 'taskboard')}"
    names = {"backend": f"{base}-backend", "frontend": f"{base}-frontend"}
    if "--dry-run" in sys.argv:
        print("would deploy", *names.values())
        return
    there = {space.id for space in api.list_spaces(author=owner)}
    for name in sorted(set(names.values()) - there):
        api.create_repo(name, repo_type="space", space_sdk="docker")
    where = {part: api.space_info(name).host for part, name in names.items()}
    told = {
        "backend": {
            "PORT": "7860",
            "CORS_ORIGINS": where["frontend"],
            **{key: os.environ[key] for key in ("OPENAI_BASE_URL", "OPENAI_MODEL")},
        },
        "frontend": {"PORT": "7860", "NEXT_PUBLIC_API_URL": where["backend"]},
    }
    for key in SECRETS:
        api.add_space_secret(names["backend"], key, os.environ[key])
    for part, variables in told.items():
        for key, value in variables.items():
            api.add_space_variable(names[part], key, value)
    alembic = [sys.executable, "-m", "alembic", "upgrade", "head"]
    if subprocess.run(alembic, cwd=HERE / "backend", capture_output=True).returncode:
        sys.exit("alembic upgrade head failed: run it in backend/ to see why")
    for part, name in names.items():
        push(api, name, HERE / part)
    for name in names.values():
        finish(api, name)
    for address in (f"{where['backend']}/health", f"{where['backend']}/ready", where["frontend"]):
        status = httpx2.get(address, follow_redirects=True).status_code
        if status != 200:
            sys.exit(f"{address} answers {status}")
    for page in ("login", "register", "tasks", "chat"):
        if (status := httpx2.head(f"{where['frontend']}/{page}").status_code) != 200:
            sys.exit(f"the page /{page} answers {status}")
    told = {"Origin": where["frontend"], "Access-Control-Request-Method": "POST"}
    asked = httpx2.options(f"{where['backend']}/api/auth/token", headers=told)
    if asked.headers.get("access-control-allow-origin") != where["frontend"]:
        sys.exit("the backend does not let in the pages: look at CORS_ORIGINS")
    print("up:", *where.values())


try:
    main()
except HfHubHTTPError as error:
    sys.exit(f"the Hub refuses ({error.response.status_code}): {error.server_message or error}")
except KeyError as error:
    sys.exit(f"{error} is not set")
except (httpx2.HTTPError, OSError, ValueError) as error:
    sys.exit(f"no token, no connection, or it takes too long a time: {error}")
