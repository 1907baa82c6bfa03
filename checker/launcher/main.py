"""Hand a command over to the environment that it needs, which is made first if it must be."""

import os
import sys

from checker.errors import CourseError, ExitCode
from checker.launcher.environment import choose_environments, find_command
from checker.shell import localise

# What the caller's shell may hold for another Python, and must not reach ours.
FOREIGN_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")


def main(arguments: list[str]) -> int:
    """Run one command of the course; on POSIX this process becomes the command."""
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    try:
        environments = choose_environments(arguments)
        if not all(environment.is_ready() for environment in environments):
            from checker.launcher.setup import set_up

            set_up(environments, find_command(arguments))
        return hand_over([str(environments[0].python), "-P", "-m", "checker", *arguments])
    except CourseError as error:
        return tell(error)
    except OSError as error:
        from checker.launcher.trouble import explain_os_error

        return tell(explain_os_error(error))
    except KeyboardInterrupt:
        sys.stderr.write(
            "\ninterrupted: run the same command again, it mends what was half done.\n"
        )
        return ExitCode.INTERRUPTED


def hand_over(command: list[str]) -> int:
    """Become the command; on Windows, where exec gives the prompt back at once, wait for it."""
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - a list, no shell
    return run_command(command)


def run_command(command: list[str]) -> int:
    """Run it and return its exit code; a Ctrl-C is the command's to answer."""
    import signal
    import subprocess

    # No exception: one that comes as the wait ends would take the exit code with it.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.Popen(command).wait()


def tell(error: CourseError) -> int:
    """Print the problem and the next step, as the checker does, without its libraries."""
    sys.stderr.write(localise(f"error: {error.problem}\nnext:  {error.next_step}\n"))
    return error.exit_code
