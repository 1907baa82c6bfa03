"""Find the container engine that answers, Docker or Podman, and run its commands."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.doctor.containers import choose_compose, choose_engine, look_at_compose, look_at_engine
from checker.doctor.finding import Finding
from checker.errors import CourseError, LackingError, ProbeError

LONGEST_COMMAND = 60.0  # seconds; a build or a download gets more


class EngineError(CourseError):
    """A command of the engine failed.

    Args:
        problem: What was tried.
        log: What the engine said.
    """

    def __init__(self, problem: str, log: str) -> None:
        said = log.strip().splitlines()
        super().__init__(
            f"{problem}: {said[-1] if said else 'the engine said nothing'}",
            "Read what the engine says, and ask ./course doctor whether it is well.",
        )
        self.log = log


@dataclass(frozen=True)
class Engine:
    """An engine that answers.

    Attributes:
        program: `docker` or `podman`; both take the same commands.
    """

    program: str

    def run(
        self,
        *arguments: str | Path,
        longest: float = LONGEST_COMMAND,
        given: bytes | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, and return what it said, whether or not it went well.

        Args:
            arguments: What follows the program's name.
            longest: Seconds after which it is ended.
            given: What it reads.

        Raises:
            ProbeError: it did not end in time.
        """
        return run_command([self.program, *map(str, arguments)], longest, given)

    def ask(self, *arguments: str | Path, longest: float = LONGEST_COMMAND) -> str:
        """Return what a command prints.

        Raises:
            EngineError: it failed.
        """
        done = self.run(*arguments, longest=longest)
        if done.returncode != 0:
            words = " ".join(map(str, arguments[:2]))
            raise EngineError(f"{self.program} {words} failed", done.stderr or done.stdout)
        return done.stdout.strip()

    def has_image(self, tag: str) -> bool:
        """Tell whether an image of this name is here."""
        return self.run("image", "inspect", "--format", "{{.Id}}", tag).returncode == 0


def run_command(
    command: Sequence[str], longest: float, given: bytes | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the engine; it may end in any way, but it must end."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            input=given or b"",
            capture_output=True,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProbeError(
            f"{' '.join(command[:3])} … had not ended after {longest:.0f} s",
            "Restart the container engine, then run the same command again.",
        ) from error
    except OSError as error:
        raise ProbeError(
            f"{command[0]} cannot be run: {error.strerror}", "Run ./course doctor."
        ) from error
    out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def find_engine() -> Engine:
    """Return the engine that answers.

    Raises:
        LackingError: none does; the message says what to install or to start.
    """
    program = choose_engine()
    if program is None:
        raise lacks(look_at_engine(), "a container engine")
    return Engine(program)


def find_compose() -> tuple[str, ...]:
    """Return the command that understands a compose file, such as `docker compose`.

    Raises:
        LackingError: none does.
    """
    command = choose_compose()
    if command is None:
        raise lacks(look_at_compose(), "Docker Compose")
    return command


def lacks(finding: Finding, what: str) -> LackingError:
    """Make the error of a machine that lacks something."""
    return LackingError(f"needs {what}: {finding.detail}", finding.mend or "Run ./course doctor.")
