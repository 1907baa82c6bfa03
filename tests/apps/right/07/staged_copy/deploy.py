import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import takewhile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from rich.logging import RichHandler

logging.basicConfig(level="INFO", format="%(message)s", handlers=[RichHandler(markup=False)])
say = logging.getLogger("deploy").info
here = Path(__file__).parent
may_go = {
    "backend": "README.md Dockerfile .dockerignore requirements.txt alembic.ini app migrations *.py *.txt",
    "frontend": "README.md Dockerfile .dockerignore .npmrc *.json *.ts *.mjs src public",
}
good, bad = {"RUNNING"}, {"BUILD_ERROR", "CONFIG_ERROR", "RUNTIME_ERROR", "NO_APP_FILE", "STOPPED", "PAUSED"}

for line in (here / "deployment/.env").read_text().splitlines() if (here / "deployment/.env").exists() else []:
    key, sign, value = line.strip().partition("=")
    if sign and value and not key.startswith("#"):
        os.environ.setdefault(key, value)


def stage(part, target):
    for pattern in may_go[part].split():
        for found in (here / part).glob(pattern):
            if found.is_dir():
                skip = shutil.ignore_patterns("__pycache__", ".env*", "node_modules", ".venv", "venv", ".git", ".next")
                shutil.copytree(found, target / found.name, ignore=skip)
            else:
                shutil.copy(found, target)


def find_or_make(api, name):
    try:
        return api.space_info(name).host
    except RepositoryNotFoundError:
        api.create_repo(name, repo_type="space", space_sdk="docker")
        return api.space_info(name).host


def stages(api, name, sha):
    end = time.monotonic() + float(os.environ.get("DEPLOY_TIMEOUT_SECONDS", 900))
    while time.monotonic() < end:
        now = api.get_space_runtime(name)
        yield now.stage if now.raw.get("sha") in (None, sha) or now.stage in bad else "OLD"
        time.sleep(1)
    sys.exit(f"{name}: given up, it took too long")


def main(dry):
    api = HfApi(token=os.environ.get("HF_TOKEN"))
    prefix = f"{api.whoami()['name']}/{os.environ.get('SPACE_NAME', 'taskboard')}"
    spaces = {part: f"{prefix}-{part}" for part in may_go}
    if dry:
        return print(*spaces.values(), sep="\n")
    host = {part: find_or_make(api, name) for part, name in spaces.items()}
    public = {
        "backend": {"CORS_ORIGINS": host["frontend"], "OPENAI_BASE_URL": os.environ["OPENAI_BASE_URL"],
                    "OPENAI_MODEL": os.environ["OPENAI_MODEL"]},
        "frontend": {"NEXT_PUBLIC_API_URL": host["backend"], "PORT": "7860"},
    }
    for part, name in spaces.items():
        there = {key: variable.value for key, variable in api.get_space_variables(name).items()}
        for key, value in (public[part].items() - there.items()):
            api.add_space_variable(name, key, value)
    for key in ("DATABASE_URL", "BETTER_AUTH_SECRET", "OPENAI_API_KEY"):
        api.add_space_secret(spaces["backend"], key, os.environ[key])
    migration = subprocess.run(["alembic", "upgrade", "head"], cwd=here / "backend", capture_output=True)
    if migration.returncode:
        sys.exit("alembic upgrade head has failed")
    shas = {}
    for part, name in spaces.items():
        with tempfile.TemporaryDirectory() as copy:
            stage(part, Path(copy))
            shas[part] = api.upload_folder(folder_path=copy, repo_id=name, repo_type="space", delete_patterns="**").oid
    for part, name in spaces.items():
        seen = [*takewhile(lambda now: now not in good | bad, stages(api, name, shas[part]))]
        end = api.get_space_runtime(name).stage
        say("%s: %s", name, " ".join(dict.fromkeys([*seen, end])))
        if end not in good:
            for line in api.fetch_space_logs(name, build=True):
                say("%s | %s", name, line.rstrip())
            sys.exit(f"{name} ended as {end}, not running")
    for address in (host["backend"] + "/health", host["backend"] + "/ready", host["frontend"] + "/login"):
        say("%s answers %s", address, urlopen(address, timeout=20).status)
    say("deployed to %s with %s", host["frontend"], host["backend"])


try:
    main("--dry-run" in sys.argv)
except HfHubHTTPError as refused:
    sys.exit(f"the Hub refused: {refused.response.status_code} {refused.server_message}")
except KeyError as missing:
    sys.exit(f"{missing} is missing")
except URLError as problem:
    sys.exit(f"the app does not answer: {problem}")
except (OSError, ValueError) as problem:
    sys.exit(f"cannot deploy: {problem}")
except httpx2.HTTPError as problem:
    sys.exit(f"no connection to the Hub: {type(problem).__name__}")
