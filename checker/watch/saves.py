"""Notice which files of an app were saved, by looking at all of them when the bell rings."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from checker.paths import CoursePaths
from checker.probes.submission import SubmissionError, walk
from checker.watch.bell import Bell

SETTLED = 0.02  # an editor that saves in several steps is through with them by then
HISTORY = ".git/logs/HEAD"  # written whenever the workspace's history moves
State = dict[str, tuple[int, int]]


def read_state(app: Path) -> State:
    """Return when each file was written last, and its size, by its path from the app's folder."""
    found: State = {}
    with contextlib.suppress(SubmissionError):  # what cannot be read is told by the next check
        for path in walk(app):
            note_file(path, app, found)
    note_file(app / HISTORY, app, found)
    return found


def note_file(path: Path, app: Path, found: State) -> None:
    """Add a file, unless it went away meanwhile."""
    with contextlib.suppress(OSError):
        facts = path.stat()
        found[path.relative_to(app).as_posix()] = (facts.st_mtime_ns, facts.st_size)


def find_changes(before: State, after: State) -> frozenset[str]:
    """Return the paths of the files that were written, added or removed."""
    return frozenset(path for path, _ in before.items() ^ after.items())


def list_folders(app: Path, state: State) -> frozenset[Path]:
    """Return the folders in which a save can happen."""
    return frozenset({app, *((app / name).parent for name in state)})


class SaveWatcher:
    """Looks at an app from a thread of its own, and tells what was saved.

    Args:
        app: The folder.
        tell: Given the paths of what changed since it was told last.
        paths: Where what tells of saves is installed; None to look often instead.
    """

    def __init__(
        self, app: Path, tell: Callable[[frozenset[str]], None], paths: CoursePaths | None = None
    ) -> None:
        self._app = app
        self._tell = tell
        self._stopping = threading.Event()
        self._state = read_state(app)
        self._bell = Bell(self._stopping)
        if paths:
            threading.Thread(target=self._bell.prepare, args=(paths,), daemon=True).start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            folders = list_folders(self._app, self._state)
            for was_told in self._bell.ring(folders):
                self._look(was_told=was_told)
                if list_folders(self._app, self._state) != folders:
                    break

    def _look(self, *, was_told: bool) -> None:
        before, self._state = self._state, self._read_settled()
        changes = find_changes(before, self._state)
        self._bell.note_look(was_told=was_told, has_changed=bool(changes))
        if changes:
            self._tell(changes)

    def _read_settled(self) -> State:
        """Return the state of the app, after a change only when nothing has moved for a moment."""
        last = self._state
        while (now := read_state(self._app)) != last and not self._stopping.wait(SETTLED):
            last = now
        return now
