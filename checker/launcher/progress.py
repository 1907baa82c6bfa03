"""Say how the set-up goes, on stderr: plain lines, and on a terminal one that counts seconds."""

import sys
import time

from checker.launcher.environment import Environment


class Progress:
    """The lines of one set-up.

    Args:
        environments: What is being made.
        installer: What makes it, by name.
    """

    def __init__(self, environments: list[Environment], installer: str) -> None:
        self.begun = time.monotonic()
        self.pending = environments
        self.shown = ""
        names = ", ".join(environment.name for environment in environments)
        sys.stderr.write(f"Setting up the course with {installer} (once): {names}\n")
        sys.stderr.flush()

    def update(self, pending: list[Environment]) -> None:
        """Report what has become whole, and what is still in the making."""
        seconds = time.monotonic() - self.begun
        for environment in self.pending:
            if environment not in pending:
                self.clear()
                sys.stderr.write(f"  {environment.name}: ready after {seconds:.0f} s\n")
        self.pending = pending
        if pending and sys.stderr.isatty():
            names = ", ".join(environment.name for environment in pending)
            self.overwrite(f"  {names}: {seconds:.0f} s ...")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the counting line away."""
        if self.shown:
            self.overwrite("")
            sys.stderr.write("\r")

    def overwrite(self, text: str) -> None:
        """Put a text in the place of the counting line, with blanks: old consoles know no codes."""
        if text != self.shown:
            sys.stderr.write("\r" + text.ljust(len(self.shown)))
            self.shown = text
