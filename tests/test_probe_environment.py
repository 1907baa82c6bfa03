"""The app's environment: the course's when it fits, else one of its own; and whose fault it is."""

import sys

import pytest

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes import environment
from checker.probes.closure import find_hidden_modules
from checker.probes.environment import RequirementsError, choose_environment, explain_failure
from checker.probes.requirements import read_requirements_file

DISTRIBUTIONS = {
    "alpha": ("1.0", ["beta>=2 ; python_version >= '3'", "gamma ; extra == 'more'"], "alpha"),
    "beta": ("2.1", [], "beta_module"),
    "gamma": ("3.0", [], "gamma"),
    "delta": ("4.0", ["epsilon"], "delta"),
}
THEIRS = (
    (
        "error: No solution found when resolving dependencies\n  cause: Because there is no"
        " version of networkx==99.0, we can conclude that your requirements are unsatisfiable."
    ),
    (
        "ERROR: Could not find a version that satisfies the requirement networkx==99.0 (from"
        " versions: 1.0)\nERROR: No matching distribution found for networkx==99.0"
    ),
    "error: Couldn't parse requirement in `r.txt` at position 0",
    "ERROR: Invalid requirement: 'fastapi is nice' (from line 1 of r.txt)",
    "ERROR: Cannot install a and b because these package versions have conflicting dependencies.",
    "error: Distribution not found at: file:///nowhere",
)
UNREACHABLE = (
    (
        "error: Request failed after 1 retry\n  cause: Failed to fetch: http://127.0.0.1:9/simple/x/\n"
        "  cause: tcp connect error\n  cause: Connection refused (os error 111)"
    ),
    (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError':"
        " /simple/x/\nERROR: No matching distribution found for x==1"
    ),
    "error: dns error: failed to lookup address information: Temporary failure in name resolution",
)
OURS = (
    "OSError: [Errno 28] No space left on device",
    "error: Failed to build `x==1.0`\n  cause: command 'gcc' failed",
    "",
)


@pytest.fixture
def installed(tmp_path):
    """A virtual environment as far as its metadata goes."""
    packages = tmp_path / "venv/lib/python3.11/site-packages"
    for name, (version, requires, module) in DISTRIBUTIONS.items():
        info = packages / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {line}" for line in requires]
        (info / "METADATA").write_text("\n".join(lines))
        (info / "RECORD").write_text(f"{module}/__init__.py,,\n../../../bin/{name},,\n")
    (packages / "broken-1.0.dist-info").mkdir()
    return tmp_path / "venv"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("alpha==1.0\n", ("delta", "gamma")),
        ("alpha[more]==1.0 # comment\n\n# more\n", ("delta",)),
        ("beta==2.1 \\\n    --hash=sha256:00\n", ("alpha", "delta", "gamma")),
        ("Gamma == 3.0 ; python_version >= '3'\n", ("alpha", "beta_module", "delta")),
        ("beta==9 ; sys_platform == 'nowhere'\n", ("alpha", "beta_module", "delta", "gamma")),
        ("", ("alpha", "beta_module", "delta", "gamma")),
        ("alpha==2.0\n", None),
        ("zeta==1.0\n", None),
        ("delta==4.0\n", None),
        ("-e .\n", None),
        ("alpha @ https://example.com/alpha.zip\n", None),
        ("no requirement at all\n", None),
    ],
)
def test_modules_that_are_not_asked_for_are_hidden(text, hidden, installed):
    assert find_hidden_modules(text, installed) == hidden


@pytest.mark.parametrize("text", THEIRS)
def test_installer_that_blames_the_file_is_a_failure(text):
    with pytest.raises(RequirementsError):
        explain_failure(text)


def test_wrong_hash_is_told_as_such():
    with pytest.raises(RequirementsError) as raised:
        explain_failure("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.")
    assert "leave every --hash out" in raised.value.next_step


@pytest.mark.parametrize("text", UNREACHABLE)
def test_installer_without_network_is_an_error(text):
    with pytest.raises(ProbeError, match="could not be fetched"):
        explain_failure(text)


@pytest.mark.parametrize("text", OURS)
def test_installer_that_fails_otherwise_is_an_error(text):
    with pytest.raises(ProbeError, match="could not be installed"):
        explain_failure(text)


@pytest.mark.parametrize(
    "data",
    [
        b"alpha==1.0\n",
        b"\xef\xbb\xbfalpha==1.0\n",
        "\ufeffalpha==1.0\n".encode("utf-16-le"),
        "\ufeffalpha==1.0\n".encode("utf-16-be"),
    ],
)
def test_requirements_are_read_in_any_encoding(data, tmp_path):
    file = tmp_path / "backend/requirements.txt"
    file.parent.mkdir()
    file.write_bytes(data)
    assert read_requirements_file(file, tmp_path) == ("alpha==1.0\n", "")


def test_requirements_that_are_included_come_in_their_place(tmp_path):
    write(tmp_path / "backend/requirements.txt", "-r more/base.txt\n-c pins.txt\nlast\n")
    write(tmp_path / "backend/more/base.txt", "first\n--requirement=../second.txt # why\n")
    write(tmp_path / "backend/second.txt", "second\n")
    write(tmp_path / "backend/pins.txt", "first<2\n")
    wanted, constraints = read_requirements_file(tmp_path / "backend/requirements.txt", tmp_path)
    assert wanted.split() == ["first", "second", "last"]
    assert constraints.split() == ["first<2"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-r requirements.txt\n", "includes itself"),
        ("-r nowhere.txt\n", "there is no file"),
        ("-r ../../outside.txt\n", "there is no file"),
        ("-r link.txt\n", "there is no file"),
        ("-r big.txt\n", "larger than 1 MiB"),
    ],
)
def test_requirements_that_include_what_they_must_not_are_refused(text, problem, tmp_path):
    write(tmp_path / "outside.txt", "secret\n")
    root = tmp_path / "app"
    write(root / "backend/requirements.txt", text)
    write(root / "backend/big.txt", "#" * (2 << 20))
    (root / "backend/link.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(RequirementsError, match=problem):
        read_requirements_file(root / "backend/requirements.txt", root)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("fastapi=0.165.0", "fastapi=0.165.0 names no package"),
        ("../elsewhere", "../elsewhere names no package"),
        ("git+https://example.com/alpha.git", "names no package"),
        ("alpha @ https://example.com/alpha.zip", "alpha comes from an address"),
        ("-e .", "the option -e is not taken"),
        ("--extra-index-url https://example.com/simple", "the option --extra-index-url is not"),
    ],
)
def test_requirement_that_could_run_code_of_its_own_is_refused(line, problem, tmp_path):
    file = write(tmp_path / "backend/requirements.txt", f"first==1.0  # why\n{line}\n")
    with pytest.raises(RequirementsError) as raised:
        read_requirements_file(file, tmp_path)
    assert str(raised.value).startswith("backend/requirements.txt, line 2: ")
    assert problem in str(raised.value)


def test_packages_of_an_app_are_never_built(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(environment, "run_step", lambda command, _: commands.append(command))
    environment.install(tmp_path / "of-its-own")
    assert [":all:" in command for command in commands] == [False, True]


def test_environment_of_its_own_is_made_once(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        environment, "install", lambda folder: (made.append(folder), folder.mkdir())
    )
    paths = CoursePaths(write_course(tmp_path), tmp_path, tmp_path / "cache")
    file = write(tmp_path / "app/backend/requirements.txt", "zeta==1.0\n")
    first = choose_environment(file, paths)
    assert choose_environment(file, paths) == first
    assert first.python.is_relative_to(tmp_path / "cache")
    assert len(made) == 1


def test_environment_that_could_not_be_made_leaves_nothing_half(tmp_path, monkeypatch):
    def fail(folder):
        folder.mkdir()
        raise RequirementsError("no")

    monkeypatch.setattr(environment, "install", fail)
    paths = CoursePaths(write_course(tmp_path), tmp_path, tmp_path / "cache")
    file = write(tmp_path / "app/backend/requirements.txt", "zeta==1.0\n")
    with pytest.raises(RequirementsError):
        choose_environment(file, paths)
    assert not [path for path in (tmp_path / "cache/environments").iterdir() if path.is_dir()]


def test_environment_without_requirements_is_the_course_s(tmp_path):
    paths = CoursePaths(write_course(tmp_path), tmp_path, tmp_path / "cache")
    chosen = choose_environment(tmp_path / "app/backend/requirements.txt", paths)
    assert chosen.python.is_relative_to(tmp_path / "course")


def test_course_environment_that_is_missing_is_told(tmp_path):
    paths = CoursePaths(tmp_path, tmp_path, tmp_path)
    with pytest.raises(ProbeError, match="environment is missing") as caught:
        choose_environment(tmp_path / "requirements.txt", paths)
    assert "./course start" in caught.value.next_step


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def write_course(folder):
    """Make a course whose environment for apps has a Python and nothing else."""
    python = environment.find_python(folder / "course/.venv-app")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return folder / "course"
