"""Be on a board: join, leave, raise a hand, and put standings where the sender finds them."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from checker.board.wire import NoAnswerError, Refused, get, post
from checker.errors import CourseError, UsageError
from checker.judge.results import Report
from checker.paths import CoursePaths
from checker.probes.lock import hold_lock

UNKNOWN = "The board of your room does not know you"
JOIN = "Ask for the code and the address, then: ./course join CODE ADDRESS"


class Membership(msgspec.Struct, frozen=True):
    """Where a learner is on a board, and by what they are known there."""

    address: str
    name: str
    token: str


class Standing(msgspec.Struct, frozen=True):
    """What checks came to: all that ever leaves this machine.

    Attributes:
        outcomes: How each check ended, by its id.
    """

    lesson: int
    outcomes: dict[str, str]


def join(paths: CoursePaths, code: str, address: str, name: str) -> Membership:
    """Join a board under a name.

    Raises:
        CourseError: it cannot be reached, or refuses.
    """
    base = read_address(address)
    answer = ask(base, "/api/join", {"code": code, "name": name})
    member = Membership(base, str(answer["name"]), str(answer["token"]))
    paths.cache.mkdir(parents=True, exist_ok=True)
    file = find_file(paths)
    find_forgotten(paths).unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(member))
    return member


def read_address(address: str) -> str:
    """Return the beginning of a board's addresses, from `192.168.1.5:8765` or a link to it."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(address if "://" in address else f"//{address}")
        if parts.hostname and parts.scheme in {"", "http"} and (parts.port or parts.scheme):
            return f"http://{parts.netloc}"
    raise UsageError(f"{address!r} is not the address of a board", "For example: 192.168.1.5:8765")


def leave(paths: CoursePaths) -> None:
    """Leave the board; it forgets what it was told.

    Raises:
        CourseError: it cannot be told; nothing more is sent to it all the same.
    """
    member = find_membership(paths)
    for file in (find_file(paths), find_outbox(paths), find_forgotten(paths)):
        file.unlink(missing_ok=True)
    try:
        ask(member.address, "/api/leave", {}, member.token)
    except CourseError as error:
        raise CourseError(
            f"nothing more is sent, but the board still has your row: {error.problem}",
            "Ask your instructor to remove it.",
        ) from error


def raise_hand(paths: CoursePaths, *, is_up: bool) -> None:
    """Put the learner's hand up or down."""
    member = find_membership(paths)
    ask(member.address, "/api/hand", {"up": is_up}, member.token)


def is_hand_up(paths: CoursePaths) -> bool:
    """Ask the board whether the learner's hand is up."""
    member = find_membership(paths)
    with told_in_words(member.address):
        return bool(get(f"{member.address}/api/hand", member.token).get("up"))


def ask(address: str, path: str, body: object, token: str = "") -> dict[str, object]:
    """Send something, and turn what goes wrong into words.

    Raises:
        CourseError: it does.
    """
    with told_in_words(address):
        return post(address + path, body, token)


@contextlib.contextmanager
def told_in_words(address: str) -> Iterator[None]:
    """Turn what goes wrong between us and a board into words and a next step."""
    try:
        yield
    except Refused as error:
        raise CourseError(f"the board says: {error.detail}", JOIN) from error
    except NoAnswerError as error:
        raise CourseError(
            f"no board answers at {address}: {error}",
            "Look whether you are in the same network as the board, then try again.",
        ) from error


def find_file(paths: CoursePaths) -> Path:
    """Return where the membership is kept."""
    return paths.cache / "board.json"


def find_outbox(paths: CoursePaths) -> Path:
    """Return where a standing waits until it is sent."""
    return paths.cache / "board-outbox.json"


def find_forgotten(paths: CoursePaths) -> Path:
    """Return where the sender leaves word that the board does not know this learner."""
    return paths.cache / "board-forgotten"


def was_forgotten(paths: CoursePaths) -> bool:
    """Tell, once, that the board did not know this learner when something was sent."""
    with contextlib.suppress(OSError):
        find_forgotten(paths).unlink()
        return True
    return False


def find_membership(paths: CoursePaths) -> Membership:
    """Return where the learner is.

    Raises:
        UsageError: nowhere.
    """
    try:
        return msgspec.json.decode(find_file(paths).read_bytes(), type=Membership)
    except (OSError, ValueError) as error:
        raise UsageError("you are on no board", JOIN) from error


def tell_board(paths: CoursePaths, report: Report) -> None:
    """Leave what a run found for the sender, if the learner is on a board; at once, come what may.

    What was not sent yet is sent along: only the last outcome of each check counts.
    """
    if not find_file(paths).exists():
        return
    with contextlib.suppress(OSError):
        with hold_outbox(paths) as outbox:
            waiting = read_standing(outbox)
            found = {result.id: result.outcome.value for result in report.results}
            standing = Standing(report.lesson, {**(waiting.outcomes if waiting else {}), **found})
            whole = outbox.with_suffix(".new")
            whole.write_bytes(msgspec.json.encode(standing))
            whole.replace(outbox)
        start_sender(paths)


@contextlib.contextmanager
def hold_outbox(paths: CoursePaths) -> Iterator[Path]:
    """Let nobody else read or write the outbox meanwhile."""
    outbox = find_outbox(paths)
    with hold_lock(outbox.with_suffix(".lock")):
        yield outbox


def read_standing(outbox: Path) -> Standing | None:
    """Return what waits, None when nothing does; what is no standing is thrown away."""
    try:
        return msgspec.json.decode(outbox.read_bytes(), type=Standing)
    except FileNotFoundError:
        return None
    except ValueError:
        outbox.unlink()
        return None


senders: list["subprocess.Popen[bytes]"] = []  # those that may still run: who ended is asked for


def start_sender(paths: CoursePaths) -> None:
    """Let a process of its own send what waits; it outlives this one, for as long as it must."""
    senders[:] = [sender for sender in senders if sender.poll() is None]  # else it stays a zombie
    sender = subprocess.Popen(
        [sys.executable, "-m", "checker.board.sender"],
        cwd=paths.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    senders.append(sender)
