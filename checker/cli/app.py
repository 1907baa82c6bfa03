"""Assemble the command line from its groups of commands."""

import os
import sys
import traceback
from io import TextIOWrapper

import typer

from checker.cli import (
    author,
    autograder,
    board,
    check,
    compare,
    doctor,
    grade,
    hub,
    images,
    new,
    notebook,
    serve,
    trust,
    watch,
    worker,
    workspace,
)
from checker.console import make_console, print_error
from checker.errors import CourseError, ExitCode, UsageError
from checker.launcher.trouble import REFUSALS, explain_os_error
from checker.shell import localise


def build_app() -> typer.Typer:
    """Register every command, in the order in which the help lists them."""
    app = typer.Typer(
        name="course",
        help="From an empty folder to a deployed AI app, seven lessons, one command.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for group in (
        workspace,
        check,
        watch,
        serve,
        board,
        doctor,
        new,
        notebook,
        images,
        hub,
        grade,
        compare,
        worker,
        autograder,
        trust,
        author,
    ):
        group.register(app)
    return app


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what the terminal's encoding lacks is escaped
            stream.reconfigure(errors="backslashreplace")
    try:
        result = build_app()(arguments, standalone_mode=False, prog_name=localise("./course"))
    except CourseError as error:
        print_error(error)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        result = ExitCode.INTERRUPTED
    except SystemExit:  # Typer's answer to whoever closed the pipe, as `head` does
        return ExitCode.COULD_NOT_RUN
    except OSError as error:
        return report_os_error(error)
    except Exception as error:  # noqa: BLE001 - click's errors of usage share no class of their own
        return report_usage(error)
    code = result if isinstance(result, int) else ExitCode.PASSED
    if code == ExitCode.INTERRUPTED:
        report_interrupt()
    return code


def report_interrupt() -> None:
    """Say what has become of an interrupted command, and let its exit code stand.

    CPython ends by the signal, whatever code it is given, when an interrupt has once come out of
    a string that was being run, as every dataclass is while it is imported; running one forgets it.
    """
    make_console(stderr=True).print("interrupted: everything this command started has ended.")
    exec("")  # noqa: S102 - see above


def report_os_error(error: OSError) -> int:
    """Say what the system refused, or where a fault of ours lies.

    What is still to be written would fail once more when Python ends, and change the exit code.
    """
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno not in REFUSALS:
        return report_usage(error)
    print_error(explain_os_error(error))
    return ExitCode.COULD_NOT_RUN


def report_usage(error: Exception) -> int:
    """Print an error of usage as all others are printed, and of a fault of ours where it lies."""
    describe = getattr(error, "format_message", None)  # click's errors of usage have it
    if describe is None:
        traceback.print_exception(error)
        print_error(
            CourseError("this is a fault of the course.", "Report it with the lines above.")
        )
        return ExitCode.COULD_NOT_RUN
    if not describe():  # no command was given, and the help stands there
        return ExitCode.BAD_USAGE
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "./course"
    print_error(UsageError(describe(), f"{command} --help shows what fits."))
    return ExitCode.BAD_USAGE
