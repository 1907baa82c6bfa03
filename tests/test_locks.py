"""The locks in the repository, and what writes them, on an index of packages made here."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tiny_packages import make_wheel

from checker.authors.locks import EXTRAS, FOR_AUTHORS, LOCKS, write_locks
from checker.errors import CourseError

REPOSITORY = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?P<marker> ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
ORIGIN = re.compile(
    r"^    #( via|  )( -[rc] [\w./-]+| checker \(pyproject\.toml(:\w+)?\)| [a-z0-9-]+)?$"
)


def read_pins(lock: str) -> dict[str, str]:
    lines = (REPOSITORY / lock).read_text(encoding="utf-8").splitlines()
    return {found["name"]: found["version"] for line in lines if (found := PIN.match(line))}


def read_project() -> dict[str, list[str]]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"base": project["dependencies"], **project["optional-dependencies"]}


def find_unmet(requirements: list[str], pins: dict[str, str]) -> list[str]:
    """Return the requirements that no pin meets."""
    parsed = [Requirement(text) for text in requirements]
    return [
        str(wanted)
        for wanted in parsed
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
        or canonicalize_name(wanted.name) not in pins
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_pins_hashes_and_origins_only(lock):
    lines = (REPOSITORY / lock).read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not any(p.match(line) for p in (PIN, HASH, ORIGIN))]
    assert strange == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_hash_for_every_pin(lock):
    lines = (REPOSITORY / lock).read_text(encoding="utf-8").splitlines()
    pins = [number for number, line in enumerate(lines) if PIN.match(line)]
    assert pins
    assert [lines[number] for number in pins if not HASH.match(lines[number + 1])] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_and_no_folder_of_a_machine(lock):
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    assert not re.search(
        r"://|@ |index-url|find-links|trusted-host| /|\\\\|[a-z]\.(org|com|io)", text
    )


def test_judge_lock_meets_the_project():
    assert find_unmet(read_project()["base"], read_pins("requirements.lock")) == []


def test_authors_lock_meets_the_project():
    project = read_project()
    assert find_unmet(project["base"] + project["authors"], read_pins("locks/authors.lock")) == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_lock_of_an_extra_meets_the_project(extra):
    project = read_project()
    assert find_unmet(project["base"] + project[extra], read_pins(f"locks/{extra}.lock")) == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_lock_of_an_extra_leaves_the_judges_versions_as_they_are(extra):
    assert read_pins("requirements.lock").items() <= read_pins(f"locks/{extra}.lock").items()


def test_authors_lock_has_the_judges_versions():
    judge, authors = read_pins("requirements.lock"), read_pins("locks/authors.lock")
    assert {name: authors.get(name) for name in judge} == judge


def test_app_lock_meets_the_finished_app():
    requirements = max(REPOSITORY.glob("solutions/*/backend/requirements.txt"))
    lines = requirements.read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert find_unmet(wanted, read_pins("locks/app.lock")) == []


def test_notebooks_lock_has_the_versions_of_the_app_and_all_else_that_they_need():
    app, notebooks = read_pins("locks/app.lock"), read_pins("locks/notebooks.lock")
    assert app.items() <= notebooks.items()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert find_unmet(project["dependency-groups"]["notebooks"], notebooks) == []


# Writing them

PROJECT = """\
[project]
name = "checker"
version = "1"
requires-python = ">=3.11"
dependencies = ["tiny-judge"]
[project.optional-dependencies]
"""
PROJECT += "".join(f'{extra} = ["tiny-judge"]\n' for extra in EXTRAS)
PROJECT += "".join(f'{extra} = ["tiny-tool"]\n' for extra in FOR_AUTHORS)
PROJECT += '[dependency-groups]\nnotebooks = ["tiny-tool"]\n'


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index with one package, `tiny-judge` 1.0, and a function that adds more."""
    folder = tmp_path / "index"
    monkeypatch.setenv("UV_DEFAULT_INDEX", folder.as_uri())
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    def add(name: str, version: str = "1.0", requires: str | None = None) -> None:
        wheel = make_wheel(folder / name, name, version=version, requires=requires)
        with (wheel.parent / "index.html").open("a") as page:
            page.write(f'<a href="{wheel.name}">{wheel.name}</a>\n')

    for name in ("tiny-judge", "tiny-tool", "tiny-app"):
        add(name)
    return add


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "a course"
    for lesson in ("01-one", "02-two"):
        (root / "solutions" / lesson / "backend").mkdir(parents=True)
    (root / "solutions/02-two/backend/requirements.txt").write_text("tiny-app==1.0\n")
    (root / "pyproject.toml").write_text(PROJECT)
    return root


def list_pins(root: Path, lock: str) -> list[str]:
    return re.findall(r"^\S+==\S+", (root / lock).read_text(), re.MULTILINE)


@pytest.mark.usefixtures("index")
def test_write_locks_from_the_project_and_the_newest_solution(root):
    assert write_locks(root) == [root / lock for lock in LOCKS]
    assert [list_pins(root, lock) for lock in LOCKS] == [
        *[["tiny-judge==1.0"]] * (1 + len(EXTRAS)),
        *[["tiny-judge==1.0", "tiny-tool==1.0"]] * len(FOR_AUTHORS),
        ["tiny-app==1.0"],
        ["tiny-app==1.0", "tiny-tool==1.0"],
    ]


def test_write_locks_again_changes_nothing(root, index):
    write_locks(root)
    index("tiny-judge", "2.0")
    assert write_locks(root) == []


def test_write_locks_upgrades_when_asked(root, index):
    write_locks(root)
    index("tiny-judge", "2.0")
    write_locks(root, upgrade=True)
    assert list_pins(root, LOCKS[0]) == ["tiny-judge==2.0"]
    assert "tiny-judge==2.0" in list_pins(root, LOCKS[1])


@pytest.mark.usefixtures("index")
def test_write_locks_leaves_out_where_packages_came_from(root, tmp_path, monkeypatch):
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    write_locks(root)
    assert str(tmp_path) not in "".join((root / lock).read_text() for lock in LOCKS)


def test_write_locks_that_fails_changes_nothing(root, index):
    write_locks(root)
    before = [(root / lock).read_bytes() for lock in LOCKS]
    index("tiny-tool", "2.0", requires="tiny-judge==3.0")
    (root / "pyproject.toml").write_text(PROJECT.replace('"tiny-tool"', '"tiny-tool==2.0"'))
    with pytest.raises(CourseError, match=r"locks/authors\.lock could not be made"):
        write_locks(root)
    assert [(root / lock).read_bytes() for lock in LOCKS] == before


def test_write_locks_without_a_solution(root):
    shutil.rmtree(root / "solutions")
    with pytest.raises(CourseError) as caught:
        write_locks(root)
    assert caught.value.next_step.endswith("./course build")
