"""What the guides say about minutes, commands, packages and files is so."""

import re
from pathlib import Path

import pytest
import typer
from test_quality import ROOT

from checker.authors.guides import find_stale, write_guides
from checker.authors.imports import find_imports
from checker.cli.app import build_app
from checker.course.manifest import load_lessons
from checker.paths import CoursePaths
from checker.probes.submission import list_app_files

PATHS = CoursePaths.find()
LESSONS = {lesson.number: lesson for lesson in load_lessons(PATHS)}
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("teach/*.md"), *DOCS.glob("contribute/*.md"), ROOT / "CONTRIBUTING.md"])
COMMAND = re.compile(r"\./course ([a-z][\w-]*)((?: [^\s`|,;)]+)*)")
TOTAL = re.compile(r"\*\*(?:Day \d: )?(\d+) minutes\.\*\*.*?\n\n(\|.*?)\n\n", re.DOTALL)
# Names of the taught app, as code writes them: hints are read beside that code.
NAME = re.compile(r"\b(?:[a-z]\w*_\w+|[a-z]+[A-Z]\w*)\b")
NO_NAMES_OF_THE_APP = {"read_time", "create_all"}  # an example, and what a learner may not use

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}"
)


def read_plans():
    """Return each total of the plans, with the rows of its table: minutes and what they are for."""
    text = (DOCS / "teach" / "plans.md").read_text(encoding="utf-8")
    tables = [(int(total), table.splitlines()[2:]) for total, table in TOTAL.findall(text)]
    return [(total, [row.strip("|").split("|", 1) for row in rows]) for total, rows in tables]


def test_blocks_are_what_the_code_says():
    assert [page.name for page in find_stale(PATHS)] == []


def test_stale_block_is_written_anew(tmp_path):
    for name in ("lessons", "layers", "tests", "checker"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = tmp_path / "docs" / "teach" / "plans.md"
    page.parent.mkdir(parents=True)
    page.write_text("<!-- made: lessons -->\nold\n<!-- end -->\nby hand\n")
    paths = CoursePaths(tmp_path, tmp_path / "workspace", tmp_path / "cache")
    assert write_guides(paths) == [page]
    text = page.read_text()
    assert f"| {LESSONS[1].minutes} |" in text
    assert text.endswith("<!-- end -->\nby hand\n")
    assert write_guides(paths) == []


@pytest.mark.parametrize("number", LESSONS)
def test_names_in_hints_are_in_the_solution(number):
    lesson = LESSONS[number]
    files = list_app_files(ROOT / "solutions" / lesson.slug)
    words = set(re.findall(rb"\w+", b"\n".join(file.read_bytes() for file in files)))
    named = {name for task in lesson.tasks for hint in task.hints for name in NAME.findall(hint)}
    assert named
    assert {name for name in named if name.encode() not in words} <= NO_NAMES_OF_THE_APP


def test_plans_add_up():
    plans = read_plans()
    assert len(plans) == 3
    assert [total for total, _ in plans] == [
        sum(int(minutes) for minutes, _ in rows) for _, rows in plans
    ]


def test_plans_give_a_lesson_its_minutes():
    found = [
        (int(number[1]), int(minutes))
        for _, rows in read_plans()
        for minutes, what in rows
        if (number := re.match(r" Lesson (\d)", what))
    ]
    assert len(found) > 3
    assert found == [(number, LESSONS[number].minutes) for number, _ in found]


@each_page
def test_commands_on_a_page_exist(page):
    known = typer.main.get_command(build_app()).commands
    for name, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert name in known, name
        takes_more = known[name].context_settings.get("ignore_unknown_options")
        options = {option for parameter in known[name].params for option in parameter.opts}
        unknown = {word for word in rest.split() if word.startswith("--")} - options
        assert takes_more or not unknown, (name, unknown)


@each_page
def test_links_of_a_page_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_lesson_has_questions_and_places_to_get_stuck():
    for name in ("questions", "stuck"):
        text = (DOCS / "teach" / f"{name}.md").read_text(encoding="utf-8")
        assert re.findall(r"^## Lesson (\d)$", text, re.MULTILINE) == [f"{n}" for n in LESSONS]


def test_every_package_has_its_duty():
    text = (DOCS / "contribute" / "index.md").read_text(encoding="utf-8")
    packages = {file.parent.name for file in (ROOT / "checker").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == packages


def test_layers_hold():
    imports = find_imports(ROOT / "checker")
    assert not {"checks", "judge", "report", "course"} & set(imports["probes"])
    assert [name for name, imported in imports.items() if "grading" in imported] == []


def test_import_is_found_wherever_it_stands(tmp_path):
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    module = tmp_path / "one" / "module.py"
    module.write_text("import checker.two\ndef f():\n    from checker.three.x import y\n")
    assert find_imports(tmp_path) == {"one": {"two": {module}, "three": {module}}}


def test_pages_are_all_looked_at():
    assert Path("docs/teach/plans.md") in {page.relative_to(ROOT) for page in PAGES}
