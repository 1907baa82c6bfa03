"""What the client asks about files: what may be uploaded, the upload itself, what is there."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from pathspec import GitIgnoreSpec

from checker.probes.hub.faults import RefusalError
from checker.probes.hub.hub import Hub
from checker.probes.hub.repository import BRANCH, Change, File, Repository, is_sound
from checker.probes.hub.request import Answer, Asked

LONGEST_FILE = 10 << 20  # bytes; the real Hub wants what is larger by another way
FOLDER = "deletedFolder"


def prepare_upload(hub: Hub, asked: Asked, name: str) -> Answer:
    """Say of each file how it is to come, and whether at all: `POST …/preupload/main`."""
    repository = hub.find(name).repository
    body = asked.read_object()
    rules = body.get("gitIgnore")
    if not isinstance(rules, str):
        rules = (repository.read(".gitignore") or b"").decode(errors="replace")
    spec = GitIgnoreSpec.from_lines(rules.splitlines())
    oids = {file.path: file.oid for file in repository.list_files()}
    paths = [f"{file.get('path')}" for file in body.get("files") or []]
    return Answer({"files": [describe(path, spec, oids) for path in paths]})


def describe(path: str, spec: GitIgnoreSpec, oids: dict[str, str]) -> dict[str, Any]:
    """Say how one file is to come; `oid` is the one that is there."""
    is_ignored = spec.match_file(path)
    found = {"path": path, "uploadMode": "regular", "shouldIgnore": is_ignored}
    return found | ({"oid": oids[path]} if path in oids else {})


def commit(hub: Hub, asked: Asked, name: str) -> Answer:
    """Take a commit, and build it: `POST …/commit/main`, a JSON object a line."""
    space = hub.find(name)
    change = Change()
    for key, value in read_lines(asked.body):
        take(change, key, value)
    sha = space.repository.commit(change)
    space.rebuild()
    url = f"{hub.make_url(space)}/commit/{sha}"
    return Answer({"success": True, "commitOid": sha, "commitUrl": url, "hookOutput": ""})


def read_lines(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a commit consists of.

    Raises:
        RefusalError: a line is none of it.
    """
    for line in filter(None, body.split(b"\n")):
        try:
            found = json.loads(line)
            yield found["key"], dict(found["value"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise RefusalError(400, "The body must be lines of JSON objects") from error


def take(change: Change, key: str, value: dict[str, Any]) -> None:
    """Add one line to a commit.

    Raises:
        RefusalError: its path leads elsewhere, or it comes by a way that is not open.
    """
    if key == "header":
        change.summary = f"{value.get('summary') or 'Update'}"
        return
    path = f"{value.get('path', '')}"
    if not is_sound(path):
        raise RefusalError(400, f"Invalid path: {path}")
    if key == "file":
        change.files[path] = decode(f"{value.get('content', '')}", path)
    elif key in {"deletedFile", FOLDER}:
        change.deleted.append(path)
    else:
        raise RefusalError(400, f"This Hub takes no {key}")


def decode(content: str, path: str) -> bytes:
    """Return a file's content."""
    try:
        raw = base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise RefusalError(400, f"{path} is not encoded in base64") from error
    if len(raw) > LONGEST_FILE:
        raise RefusalError(400, f"{path} is larger than {LONGEST_FILE >> 20} MiB")
    return raw


def list_tree(hub: Hub, _asked: Asked, name: str, revision: str) -> Answer:
    """List the files: `GET /api/spaces/{id}/tree/main`."""
    files = find_revision(hub, name, revision).list_files()
    return Answer([describe_file(file) for file in files])


def find_paths(hub: Hub, asked: Asked, name: str, revision: str) -> Answer:
    """Say which of some files are there: `POST …/paths-info/main`, a form or a JSON object."""
    is_form = not asked.body.lstrip().startswith(b"{")
    wanted = parse_qs(asked.body.decode(errors="replace")) if is_form else asked.read_object()
    files = find_revision(hub, name, revision).list_files()
    return Answer([describe_file(file) for file in files if file.path in wanted.get("paths", [])])


def find_revision(hub: Hub, name: str, revision: str) -> Repository:
    """Return the repository of a Space at one of the names of its newest commit.

    Raises:
        RefusalError: it is none of these.
    """
    repository = hub.find(name).repository
    if revision not in {"main", repository.find_head()}:
        raise RefusalError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    return repository


def describe_file(file: File) -> dict[str, Any]:
    """Return what the Hub knows of a file."""
    return {"type": "file", "path": file.path, "oid": file.oid, "size": file.size}


def send_file(hub: Hub, _asked: Asked, name: str, revision: str, path: str) -> Answer:
    """Send a file as it is: `GET` and `HEAD /spaces/{id}/resolve/main/{path}`."""
    repository = find_revision(hub, name, revision)
    content = repository.read(path)
    if content is None:
        raise RefusalError(404, "Entry not found", "EntryNotFound")
    headers = {
        "X-Repo-Commit": repository.find_head(),
        "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
    }
    return Answer(content, headers=headers, kind="application/octet-stream")


def list_refs(hub: Hub, _asked: Asked, name: str) -> Answer:
    """Name the branches, of which there is one: `GET /api/spaces/{id}/refs`."""
    head = hub.find(name).repository.find_head()
    main = {"name": "main", "ref": BRANCH, "targetCommit": head}
    others: dict[str, list[str]] = {"converts": [], "tags": [], "pullRequests": []}
    return Answer({"branches": [main] if head else [], **others})


def list_commits(hub: Hub, _asked: Asked, name: str) -> Answer:
    """List the commits, the newest first: `GET /api/spaces/{id}/commits/main`."""
    found = hub.find(name).repository.list_commits()
    return Answer(
        [
            {"id": c.sha, "title": c.title, "message": "", "date": c.date, "authors": []}
            for c in found
        ]
    )
