"""The one place that decides how text reaches the terminal."""

from rich.console import Console
from rich.text import Text

from checker.errors import CourseError
from checker.shell import localise


def make_console(*, stderr: bool = False) -> Console:
    """Make a console that honours NO_COLOR and never reads markup or emoji out of plain text."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print what a command has to say."""
    make_console().print(localise(text))


def print_error(error: CourseError) -> None:
    """Print the problem and the next step on stderr."""
    console = make_console(stderr=True)
    console.print(Text.assemble(("error: ", "bold red"), localise(str(error.problem))))
    console.print(Text.assemble(("next:  ", "bold"), localise(error.next_step)))
