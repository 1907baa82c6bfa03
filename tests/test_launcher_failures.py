"""What the launcher says when it cannot set the course up: each problem with its next step."""

import ast
import sys

import pytest
from launcher_clone import BASE_PYTHON, REPOSITORY, Clone, split_error

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stub installers are scripts")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_course_parses_on_an_old_python():
    ast.parse((REPOSITORY / "course").read_text(), feature_version=(3, 7))


def test_launcher_with_an_old_python(clone):
    patch = "sys.version_info = (3, 8, 1); sys.version = '3.8.1 (default)'"
    problem, next_step = split_error(clone.run_patched(patch, "start"))
    assert problem == "Python 3.11 or newer is needed, this is 3.8.1."
    assert next_step.startswith("Install Python 3.11 or newer")


def test_launcher_without_any_python(clone):
    (clone.programs / "python3").unlink()
    done = clone.run("start", env={"PATH": str(clone.programs)})
    assert "no python3 was found" in split_error(done)[0]


def test_launcher_passes_over_an_old_python3(clone):
    (clone.programs / "python3").unlink()
    clone.write_program("python3", "#!/bin/sh\nexit 1\n")
    (clone.programs / "python3.11").symlink_to(BASE_PYTHON)
    assert clone.run("doctor", env={"PATH": str(clone.programs)}).returncode == 0


def test_launcher_passes_over_a_venv_that_is_not_its_own(clone):
    python = clone.root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho an old Python\nexit 1\n")
    python.chmod(0o755)
    assert clone.run("doctor").returncode == 0


def test_launcher_without_git(clone):
    problem, next_step = split_error(clone.run("start", env={"PATH": str(clone.programs)}))
    assert problem == "git is not on PATH"
    assert "doctor" in next_step


def test_launcher_without_git_still_runs_doctor(clone):
    assert clone.run("doctor", env={"PATH": str(clone.programs)}).returncode == 0


def test_launcher_without_a_lock(clone):
    (clone.root / "locks/app.lock").unlink()
    problem, next_step = split_error(clone.run("start"))
    assert problem.endswith("locks/app.lock")
    assert "checkout" in next_step


def test_launcher_on_a_disk_with_too_little_space(clone):
    patch = (
        "import shutil, types; shutil.disk_usage = lambda _: types.SimpleNamespace(free=50 << 20)"
    )
    problem, next_step = split_error(clone.run_patched(patch, "start"))
    assert "50 MB are free" in problem
    assert next_step.startswith("Free some space")
    assert clone.installs == []


REFUSE_FOLDERS = """\
import pathlib
def refuse(path, *given, **named):
    raise OSError({number}, "said no", str(path))
pathlib.Path.mkdir = refuse
"""


@pytest.mark.parametrize(
    ("number", "said", "advice"),
    [
        (13, "may not be used", "the right to it, or name another place"),
        (30, "cannot be written", "a folder of your own"),
        (28, "the disk is full", "Free some space"),
        (5, "the system refused", "run the same command again"),
    ],
)
def test_launcher_refused_by_the_file_system(clone, number, said, advice):
    patch = REFUSE_FOLDERS.format(number=number)
    problem, next_step = split_error(clone.run_patched(patch, "doctor"))
    assert said in problem
    assert advice in next_step


def test_launcher_with_an_environment_that_cannot_be_replaced(clone):
    (clone.root / ".venv").write_text("a file, where a folder should be")
    problem, next_step = split_error(clone.run("doctor"))
    assert ".venv cannot be replaced" in problem
    assert "delete the folder by hand" in next_step


def test_launcher_on_windows_run_by_the_python_that_it_would_replace(clone):
    patch = (
        f"sys.path.insert(0, {str(clone.root)!r}); sys.prefix = {str(clone.root / '.venv')!r}; "
        "import checker.launcher.build as build; build.IS_WINDOWS = True"
    )
    problem, next_step = split_error(clone.run_patched(patch, "doctor"))
    assert "the Python in it cannot do" in problem
    assert "deactivate" in next_step


def test_launcher_without_the_venv_module(clone):
    said = "The virtual environment was not created because ensurepip is not available."
    clone.write_program("bare", f"#!/bin/sh\n[ $3 = venv ] && echo '{said}'\nexit 1\n")
    (clone.programs / "uv").unlink()
    patch = f"sys._base_executable = {str(clone.programs / 'bare')!r}"
    problem, next_step = split_error(clone.run_patched(patch, "doctor"))
    assert "venv module is missing" in problem
    assert "python3-venv" in next_step


# The installers' own words, as uv 0.13 and pip 23 to 26 print them.
@pytest.mark.parametrize(
    ("output", "problem", "advice"),
    [
        (
            "  cause: failed to copy file: No space left on device (os error 28)",
            "the disk is full",
            "Free some space",
        ),
        (
            "error: Failed to fetch: index\n  cause: dns error\n  cause: Name or service not known",
            "the server that packages come from cannot be reached",
            "Check the network",
        ),
        (
            "WARNING: Retrying: 'NewConnectionError(...)'\nERROR: No matching distribution found",
            "the server that packages come from cannot be reached",
            "Check the network",
        ),
        (
            "error: Failed to fetch: the index\n  cause: invalid peer certificate: UnknownIssuer",
            "not trusted",
            "SSL_CERT_FILE",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the one that the course expects",
            "git pull",
        ),
        (
            "ERROR: No matching distribution found for bcrypt==5.0.0",
            "the course's packages do not fit this system",
            "dev container",
        ),
        ("first\nsecond\nsomething new went wrong", "something new went wrong", "report"),
    ],
)
def test_launcher_explains_an_installers_failure(clone, output, problem, advice):
    clone.fail_installing(output)
    told, next_step = split_error(clone.run("doctor"))
    assert problem in told
    assert advice in next_step
    assert clone.run("doctor").returncode == 2, "what failed must not count as made"
