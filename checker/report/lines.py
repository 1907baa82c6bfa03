"""Put lines on a console: wrapped where it is a terminal, and in characters that it can write."""

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from checker.report.text import fit_encoding, fold_command, make_visible, wrap
from checker.shell import localise

WIDEST = 100  # cells; longer lines are hard to read


class LinePrinter:
    """Prints lines that have a styled head.

    Args:
        console: A terminal gets lines of its width, up to WIDEST cells; a file or a pipe gets them
            whole, for the programs that read them.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST) if console.is_terminal else None

    def print(self, head: str = "", style: str = "", text: str = "", *, indent: str = "") -> None:
        """Print one line, wrapped if it must be.

        Args:
            head: The beginning of the line.
            style: The head's style.
            text: The rest of the line.
            indent: What further lines begin with.
        """
        head, text = self._fit(head), self._fit(text)
        for number, line in enumerate(wrap(text, self._width, head=head, indent=indent)):
            shown = Text(line)
            if number == 0:
                shown.stylize(style, 0, len(head))
            self._console.print(shown, soft_wrap=True)

    def has_room_for(self, text: str, head: int) -> bool:
        """Tell whether a text fits one line behind a head of so many cells."""
        return self._width is None or head + cell_len(text) <= self._width

    def print_command(self, head: str, style: str, command: str) -> None:
        """Print a command line, folded if it must be, so that it can be copied."""
        width = self._width and self._width - len(head)
        for line in fold_command(self._fit(command), width):
            self._console.print(Text.assemble((self._fit(head), style), line), soft_wrap=True)
            head = " " * len(head)

    def _fit(self, text: str) -> str:
        return fit_encoding(localise(make_visible(text)), self._console.encoding)
