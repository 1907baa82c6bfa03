"""Collect what the app writes: its end is kept, its length is counted."""

import os
import threading

KEPT = 256 * 1024  # bytes


class OutputReader:
    """Reads a pipe in a thread of its own until every writer has closed it.

    Args:
        pipe: The read end; closed when the reader ends.
        limit: Bytes after which `is_flooded` turns true; the rest is read and thrown away, so that
            the writer never blocks.
    """

    def __init__(self, pipe: int, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()
        self._total = 0
        self._skipped = 0
        self._has_ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: int) -> None:
        with os.fdopen(pipe, "rb", buffering=0) as stream:
            while chunk := stream.read(65536):
                with self._changed:
                    self._kept += chunk
                    self._total += len(chunk)
                    del self._kept[:-KEPT]
                    self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    @property
    def is_flooded(self) -> bool:
        """Whether more than the limit has come."""
        return self._total > self._limit

    def skip(self, length: int) -> None:
        """Leave these first bytes out of what is read."""
        self._skipped = length

    def mark(self) -> int:
        """Return how many bytes have come so far."""
        return self._total

    def read_since(self, mark: int = 0) -> str:
        """Return the text that came after `mark`, as far as it is kept."""
        with self._changed:
            come = max(self._total - max(mark, self._skipped), 0)
            length = min(come, len(self._kept))
            return bytes(self._kept[len(self._kept) - length :]).decode("utf-8", "replace")

    def wait_for(self, text: str, mark: int = 0, timeout: float = 2.0) -> str:
        """Return the text since `mark` as soon as it holds `text`, or what there is at the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._has_ended or text in self.read_since(mark), timeout
            )
            return self.read_since(mark)

    def join(self, timeout: float) -> bool:
        """Wait until the last writer has closed the pipe; False when one still holds it."""
        self._thread.join(timeout)
        return not self._thread.is_alive()
