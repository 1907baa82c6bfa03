"""Commands for those who write the course: build, verify, test, lock, pictures, site."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.panels import AUTHORS
from checker.console import make_console
from checker.errors import ExitCode
from checker.paths import CoursePaths

# pytest's own exit codes: https://docs.pytest.org/en/stable/reference/exit-codes.html
PYTEST_EXIT_CODES = {
    0: ExitCode.PASSED,
    1: ExitCode.FAILED,
    4: ExitCode.BAD_USAGE,
    5: ExitCode.BAD_USAGE,
}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (build, verify, lock, pictures, site):
        app.command(rich_help_panel=AUTHORS)(command)
    settings = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(rich_help_panel=AUTHORS, context_settings=settings)(test)


def build() -> int:
    """Write solutions/, the starters and the diffs from layers/.

    Example: ./course build
    """
    from checker.course.build import build

    written = build(CoursePaths.find())
    console = make_console()
    for line in written:
        console.print(line)
    console.print(f"Files changed: {len(written)}." if written else "Everything was up to date.")
    return ExitCode.PASSED


def verify(
    *,
    fast: Annotated[
        bool, typer.Option("--fast", help="Run no checks, look at files only.")
    ] = False,
) -> int:
    """Prove that texts, tasks, checks, starters and solutions fit together.

    Example: ./course verify --fast
    """
    from checker.course.verify import verify
    from checker.course.verify_running import verify_by_running

    paths = CoursePaths.find()
    console = make_console()
    problems = verify(paths)
    if not fast:
        problems += verify_by_running(paths, console.print)
    for problem in problems:
        console.print(f"- {problem}")
    console.print(f"Problems: {len(problems)}." if problems else "Everything fits together.")
    return ExitCode.FAILED if problems else ExitCode.PASSED


def lock(
    *,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Take the newest versions, not those pinned now.")
    ] = False,
) -> int:
    """Write the locks of every environment from pyproject.toml and the newest solution.

    Example: ./course lock --upgrade
    """
    from checker.authors.locks import write_locks

    written = write_locks(CoursePaths.find().root, upgrade=upgrade)
    console = make_console()
    for file in written:
        console.print(f"wrote {file}")
    if not written:
        console.print("Everything was up to date.")
    return ExitCode.PASSED


def pictures() -> int:
    """Take the pictures of the app's pages in docs/images anew, from the solutions.

    Example: ./course pictures
    """
    from checker.authors.pictures import take_pictures

    paths = CoursePaths.find()
    console = make_console()
    for file in take_pictures(paths, paths.root / "docs" / "images"):
        console.print(f"wrote {file.relative_to(paths.root)}")
    return ExitCode.PASSED


def site(
    *,
    out: Annotated[Path | None, typer.Option(help="Build into this folder.")] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it, and build it anew after each change.")
    ] = False,
    port: Annotated[int, typer.Option(help="Where to serve it.")] = 8080,
) -> int:
    """Build the site of the course, which can be read without a network or a server.

    Example: ./course site --serve
    """
    from checker.site.build import build_site, serve_site

    paths = CoursePaths.find()
    if serve:
        return serve_site(paths, port)
    folder = (out or paths.cache / "site").absolute()
    with make_console(stderr=True).status("Building the site ..."):
        build_site(paths, folder)
    make_console().print(f"Open {folder / 'index.html'} in a browser.")
    return ExitCode.PASSED


def test(context: typer.Context) -> int:
    """Run every test of this repository; what follows goes to pytest.

    Example: ./course test -k workspace
    """
    workers = (os.cpu_count() or 1) + 1  # one more: the judge often waits for what does not come
    command = [sys.executable, "-m", "pytest", "-n", f"{workers}", *context.args]
    code = subprocess.run(command, cwd=CoursePaths.find().root, check=False).returncode
    return PYTEST_EXIT_CODES.get(code, ExitCode.COULD_NOT_RUN)
