"""Collect what the app writes: its end is kept, its length is counted."""

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
        self._pipe = pipe
        self._limit = limit
        self._kept = bytearray()
        self._total = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with open(self._pipe, "rb", buffering=0) as pipe:
            while chunk := pipe.read(65536):
                with self._changed:
                    self._kept += chunk
                    self._total += len(chunk)
                    del self._kept[:-KEPT]
                    self._changed.notify_all()

    @property
    def is_flooded(self) -> bool:
        """Whether more than the limit has come."""
        return self._total > self._limit

    def mark(self) -> int:
        """Return how many bytes have come so far."""
        return self._total

    def read_since(self, mark: int = 0) -> str:
        """Return the text that came after `mark`, as far as it is kept."""
        with self._changed:
            length = min(max(self._total - mark, 0), len(self._kept))
            return bytes(self._kept[len(self._kept) - length :]).decode("utf-8", "replace")

    def wait_for(self, text: str, mark: int = 0, timeout: float = 2.0) -> str:
        """Return the text since `mark` as soon as it holds `text`, or what there is at the end."""
        with self._changed:
            self._changed.wait_for(lambda: text in self.read_since(mark), timeout)
            return self.read_since(mark)

    def join(self, timeout: float) -> None:
        """Wait until the last writer has closed the pipe."""
        self._thread.join(timeout)
