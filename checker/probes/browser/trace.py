"""Record what a browser does, so that it can be looked at step by step afterwards."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error


class Trace:
    """A recording of one browser, cut into pieces; `playwright show-trace FILE` shows one.

    Args:
        context: The browser; it is recorded from now on.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._tracing = context.tracing
        self._tracing.start(screenshots=True, snapshots=True)

    def begin(self) -> None:
        """Begin another piece; what was recorded and not kept is thrown away."""
        with suppress(Error):
            self._tracing.start_chunk()

    def keep(self, file: Path) -> bool:
        """Write what was recorded since the beginning; tell whether that was possible."""
        with suppress(Error, OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._tracing.stop_chunk(path=file)
            return True
        return False
