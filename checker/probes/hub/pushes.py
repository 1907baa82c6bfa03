"""What git asks when it clones, fetches and pushes: its smart HTTP protocol, spoken by git itself.

Source: gitprotocol-http(5).
"""

import subprocess
import zlib

from checker.probes.hub.faults import RefusalError
from checker.probes.hub.hub import Hub
from checker.probes.hub.repository import Repository
from checker.probes.hub.request import Answer, Asked

LONGEST_BODY = 64 << 20  # bytes, unpacked
RECEIVE, UPLOAD = "git-receive-pack", "git-upload-pack"
FLUSH = b"0000"


def advertise(hub: Hub, asked: Asked, name: str) -> Answer:
    """Say which commits there are: `GET …/info/refs?service=git-upload-pack`."""
    service = asked.query.get("service", "")
    if service not in {RECEIVE, UPLOAD}:
        raise RefusalError(400, "Update git: it asks by a protocol of long ago")
    head = f"# service={service}\n".encode()
    repository = hub.find(name).repository
    refs = serve(repository, service, "--advertise-refs", protocol=asked.git_protocol)
    body = b"%04x%s%s%s" % (len(head) + 4, head, FLUSH, refs)
    return Answer(body, kind=f"application/x-{service}-advertisement")


def fetch(hub: Hub, asked: Asked, name: str) -> Answer:
    """Send commits: `POST …/git-upload-pack`."""
    repository = hub.find(name).repository
    body = serve(repository, UPLOAD, given=unpack(asked), protocol=asked.git_protocol)
    return Answer(body, kind=f"application/x-{UPLOAD}-result")


def push(hub: Hub, asked: Asked, name: str) -> Answer:
    """Take commits, and build what the branch main has become: `POST …/git-receive-pack`."""
    space = hub.find(name)
    before = space.repository.find_head()
    body = serve(space.repository, RECEIVE, given=unpack(asked), protocol=asked.git_protocol)
    if space.repository.find_head() not in {before, ""}:
        space.rebuild()
    return Answer(body, kind=f"application/x-{RECEIVE}-result")


def serve(
    repository: Repository, service: str, *options: str, given: bytes = b"", protocol: str = ""
) -> bytes:
    """Let git answer.

    Args:
        repository: Whose commits.
        service: What git calls it.
        options: Besides the one that makes it answer once.
        given: The body of the request.
        protocol: The version that the client would like to speak.

    Raises:
        RefusalError: git does not understand the request.
    """
    command = service.removeprefix("git-")
    try:
        return repository.answer(command, "--stateless-rpc", *options, given=given, speak=protocol)
    except subprocess.CalledProcessError as error:
        raise RefusalError(400, "git does not understand this request") from error


def unpack(asked: Asked) -> bytes:
    """Return the body, which git may have packed.

    Raises:
        RefusalError: it cannot be unpacked, or is too long.
    """
    if asked.encoding != "gzip":
        return asked.body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(asked.body, LONGEST_BODY)
    except zlib.error as error:
        raise RefusalError(400, "The body is not packed by gzip") from error
    if unpacker.unconsumed_tail:
        raise RefusalError(413, "The push is too large")
    return found
