"""Send what waits for the board, again and again until it has arrived.

Started as `python -m checker.board.sender` after a check; one at a time works, the others end.
"""

import contextlib
import time
from http import HTTPStatus

import msgspec

from checker.board.member import (
    Standing,
    find_forgotten,
    find_membership,
    find_outbox,
    hold_outbox,
    read_standing,
)
from checker.board.wire import NoAnswerError, Refused, post
from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.probes.lock import try_lock

LONGEST_PAUSE = 30.0  # seconds between two tries
LONGEST_TRY = 4 * 3600.0  # seconds; the next check begins anew


def main() -> None:
    """Send until nothing waits."""
    paths = CoursePaths.find()
    outbox = find_outbox(paths)
    with contextlib.suppress(OSError, CourseError):
        while outbox.exists():  # somebody may leave something just when we let go of the lock
            with try_lock(outbox.with_name("board-sender.lock")) as is_ours:
                if not is_ours or not send_all(paths):
                    return


def send_all(paths: CoursePaths) -> bool:
    """Send until the outbox is empty; tell whether it is."""
    deadline = time.monotonic() + LONGEST_TRY
    pause = 1.0
    while standing := look_into_outbox(paths):
        if time.monotonic() > deadline:
            return False
        wait = try_to_send(paths, standing)
        if wait is None:
            pause = 1.0
            forget(paths, standing)
        else:
            time.sleep(min(max(wait, pause), LONGEST_PAUSE))  # whoever may have said how long
            pause = min(2 * pause, LONGEST_PAUSE)
    return True


def look_into_outbox(paths: CoursePaths) -> Standing | None:
    """Return what waits, None when nothing does."""
    with hold_outbox(paths) as outbox:
        return read_standing(outbox)


def try_to_send(paths: CoursePaths, standing: Standing) -> float | None:
    """Return None when it is done with, else the seconds that the board wants to be left alone.

    Any other answer than the board's own may come from a portal or another machine: it waits on.
    """
    member = find_membership(paths)
    try:
        answer = post(f"{member.address}/api/standing", msgspec.to_builtins(standing), member.token)
    except NoAnswerError:
        return 0.0
    except Refused as error:
        if error.status == HTTPStatus.UNPROCESSABLE_ENTITY:  # nor will it take that later
            return None
        if error.status != HTTPStatus.UNAUTHORIZED:
            return error.wait
        find_forgotten(paths).touch()
        return None
    return 0.0 if answer else None  # nothing is in the board's


def forget(paths: CoursePaths, sent: Standing) -> None:
    """Empty the outbox, unless there is something newer in it."""
    with hold_outbox(paths) as outbox:
        if read_standing(outbox) == sent:
            outbox.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
