#!/usr/bin/env python3
"""Put backend/ and frontend/ on Spaces, with nothing but Python's own library."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

HUB = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
SKIPPED = {".git", ".venv", "venv", "node_modules", ".next", "__pycache__", ".pytest_cache"}
BROKEN = {"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "RUNTIME_ERROR", "PAUSED", "STOPPED"}


class Stop(Exception):
    pass


def request(method, path, body=None, kind="application/json"):
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {os.environ['HF_TOKEN']}", "Content-Type": kind}
    asked = urllib.request.Request(HUB + path, data, headers, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def create(name):
    owner, _, short = name.partition("/")
    body = {"type": "space", "name": short, "organization": owner, "sdk": "docker"}
    try:
        request("POST", "/api/repos/create", body)
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise
    return request("GET", f"/api/spaces/{name}")["host"]


def tell(name, variables, secrets):
    there = request("GET", f"/api/spaces/{name}/variables")
    for key, value in variables.items():
        if there.get(key, {}).get("value") != value:
            request("POST", f"/api/spaces/{name}/variables", {"key": key, "value": value})
    for key in secrets:
        request("POST", f"/api/spaces/{name}/secrets", {"key": key, "value": os.environ[key]})


def read_folder(folder):
    found = {}
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - SKIPPED)
        for file in sorted(files):
            if file.startswith(".env") or file.endswith((".pyc", ".tsbuildinfo")):
                continue
            path = os.path.join(here, file)
            with open(path, "rb") as opened:
                found[os.path.relpath(path, folder).replace(os.sep, "/")] = opened.read()
    return found


def as_git_counts(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def commit(name, folder):
    """Send what differs, and return the newest commit."""
    files = read_folder(folder)
    card = files.get("README.md", b"").decode()
    try:
        request("POST", "/api/validate-yaml", {"content": card, "repoType": "space"})
    except urllib.error.HTTPError as error:
        if error.code != 400:
            raise
        raise Stop(f"{folder}/README.md: {json.load(error)['errors'][0]['message']}") from error
    tree = request("GET", f"/api/spaces/{name}/tree/main?recursive=true")
    there = {file["path"]: file["oid"] for file in tree if file["type"] == "file"}
    lines = [
        ("file", {"path": p, "content": base64.b64encode(c).decode(), "encoding": "base64"})
        for p, c in files.items()
        if there.get(p) != as_git_counts(c)
    ]
    lines += [("deletedFile", {"path": path}) for path in there if path not in files]
    if not lines:
        return request("GET", f"/api/spaces/{name}")["sha"]
    lines.insert(0, ("header", {"summary": "Deploy"}))
    body = "\n".join(json.dumps({"key": key, "value": value}) for key, value in lines).encode()
    path = f"/api/spaces/{name}/commit/main"
    return request("POST", path, body, "application/x-ndjson")["commitOid"]


def show_log(name):
    path = f"{HUB}/api/spaces/{name}/logs/build"
    headers = {"Authorization": f"Bearer {os.environ['HF_TOKEN']}"}
    with urllib.request.urlopen(urllib.request.Request(path, headers=headers), timeout=5) as lines:
        for line in lines:
            if line.startswith(b"data:"):
                print("   ", json.loads(line[5:])["data"].rstrip())


def patience():
    return float(os.environ.get("DEPLOY_TIMEOUT_SECONDS") or 900)


def wait(name, sha):
    end = time.monotonic() + patience()
    stage = ""
    while time.monotonic() < end:
        runtime = request("GET", f"/api/spaces/{name}/runtime")
        if runtime["stage"] != stage:
            stage = runtime["stage"]
            print(name, stage)
        if stage in BROKEN:
            with contextlib.suppress(OSError):  # the log is a courtesy
                show_log(name)
            raise Stop(f"{name} ended in {stage}")
        if stage == "RUNNING" and runtime.get("sha") in (None, sha):
            return
        time.sleep(0.5)
    raise Stop(f"{name} was {stage} for too long")


def expect_ok(address):
    end = time.monotonic() + patience()
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
                problem = f"answers {answer.status}"
        except OSError as error:
            problem = f"{error}"
        if time.monotonic() > end:
            raise Stop(f"{address}: {problem}")
        time.sleep(2)


def deploy():
    owner = request("GET", "/api/whoami-v2")["name"]
    name = f"{owner}/{os.environ.get('SPACE_NAME') or 'taskboard'}"
    backend, frontend = f"{name}-backend", f"{name}-frontend"
    if "--dry-run" in sys.argv[1:]:
        for space, folder in ((backend, "backend"), (frontend, "frontend")):
            print(space, *read_folder(folder), sep="\n  ")
        return
    api, pages = create(backend), create(frontend)
    model = {key: os.environ[key] for key in ("OPENAI_BASE_URL", "OPENAI_MODEL")}
    secrets = ("DATABASE_URL", "BETTER_AUTH_SECRET", "OPENAI_API_KEY")
    tell(backend, {"PORT": "7860", "CORS_ORIGINS": pages, **model}, secrets)
    tell(frontend, {"PORT": "7860", "NEXT_PUBLIC_API_URL": api}, ())
    migration = [sys.executable, "-m", "alembic", "--raiseerr", "upgrade", "head"]
    if subprocess.run(migration, cwd="backend", stderr=subprocess.DEVNULL).returncode:
        raise Stop("the migrations failed")
    shas = [commit(backend, "backend"), commit(frontend, "frontend")]
    for space, sha in zip((backend, frontend), shas, strict=True):
        wait(space, sha)
    for address in (f"{api}/health", f"{api}/ready", f"{pages}/login"):
        expect_ok(address)
    print(f"Backend: {api}\nFrontend: {pages}")


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    try:
        deploy()
    except Stop as stop:
        sys.exit(f"failed: {stop}")
    except KeyError as missing:
        sys.exit(f"failed: {missing} is not set")
    except urllib.error.HTTPError as error:
        said = error.headers.get("X-Error-Message") or error.reason
        sys.exit(f"failed: the Hub answers {error.code}, {said}")
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.exit(f"failed: cannot reach the Hub, try again ({error})")
