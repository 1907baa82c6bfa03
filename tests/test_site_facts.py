"""What the site says about the code is what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from checker.cli.app import build_app
from checker.course.manifest import load_lessons
from checker.errors import CourseError, ExitCode
from checker.judge.plan import list_checks
from checker.paths import CoursePaths
from checker.probes.hub.card import COLOURS
from checker.site.dialect import translate
from checker.site.facts import Facts
from checker.site.notebook_pages import make_notebook_page
from checker.site.tables import escape, format_table, read_tables
from checker.site.tools import install_tools

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PATHS = CoursePaths.find()


@pytest.fixture(scope="module")
def facts():
    return Facts(PATHS)


def ask(facts, name):
    return facts.fill_in(f"<!-- site: {name} -->", "page.md")


def test_commands_are_all_told(facts):
    told = ask(facts, "commands")
    commands = get_command(build_app()).commands
    assert sorted(re.findall(r"^### (.+)$", told, re.MULTILINE)) == sorted(commands)
    options = {
        option for command in commands.values() for one in command.params for option in one.opts
    }
    assert [o for o in options if o.startswith("--") and o not in told] == []


def test_checks_are_all_told(facts):
    told = ask(facts, "checks")
    assert [info.id for info in list_checks() if f"`{info.id}`" not in told] == []


def test_exit_codes_are_all_told(facts):
    assert re.findall(r"^\| `(\d+)`", ask(facts, "exit-codes"), re.MULTILINE) == [
        f"{c}" for c in ExitCode
    ]


def test_variables_have_the_defaults_of_the_settings(facts):
    (_, *rows) = next(read_tables(ask(facts, "variables")))
    told = {name.strip("`"): default.strip("`") for name, default, *_ in rows}
    settings = facts.code.read("backend/app/settings.py")
    fields = re.findall(
        r"^    ([a-z_]+): (?:\w+|Annotated\[.*?\]|\w+ \| None)(?: = (.+))?$", settings, re.MULTILINE
    )
    for name, value in fields:
        assert name.upper() in told
        if figure := re.search(r"default=([\d_]+)", value):
            assert told[name.upper()] == figure[1].replace("_", "")


def test_variables_of_the_course_are_those_that_it_reads():
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "checker").rglob("*.py"))
    read = set(re.findall(r'environ\.get\(\s*"(COURSE_\w+)"', code))
    told = (REFERENCE / "environment.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(COURSE_\w+)`", told, re.MULTILINE)) == read


def test_pages_about_the_hub_know_its_colours_and_stages(facts):
    told = (REFERENCE / "hugging-face.md").read_text(encoding="utf-8")
    stages = re.findall(r'^    "([A-Z_]+)":', facts.code.read("deployment/wait.py"), re.MULTILINE)
    assert [word for word in (*COLOURS, *stages) if f"`{word}`" not in told] == []


def test_messages_of_the_course_are_those_that_it_prints():
    told = (REFERENCE / "troubleshooting.md").read_text(encoding="utf-8")
    part = told.partition("## The course itself")[2].partition("\n## ")[0]
    messages = re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)
    files = (ROOT / "course", *(ROOT / "checker").rglob("*.py"))
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert messages
    assert [m for m in messages if m.replace("8000", "{port}") not in code] == []


def test_every_page_of_the_reference_is_in_its_table():
    told = (REFERENCE / "index.md").read_text(encoding="utf-8")
    pages = {file.name for file in REFERENCE.glob("*.md")} - {"index.md"}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", told)) == pages


def test_readme_has_the_minutes_of_the_lessons():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (_, *rows) = next(table for table in read_tables(readme) if table[0][1] == "lesson")
    told = [(row[1], row[-1]) for row in rows]
    assert told == [
        (f"[{lesson.title}](lessons/{lesson.slug}/README.md)", f"{lesson.minutes}")
        for lesson in load_lessons(PATHS)
    ]


def test_code_is_a_file_a_region_or_a_function(facts):
    path = "backend/app/api/health.py"
    assert ask(facts, f"code {path}").count("\n") > ask(facts, f"code {path} L1.1").count("\n")
    told = ask(facts, f"code {path} read_health")
    assert told.startswith(f'```python title="{path}"\n@router.get("/health")\nasync def')
    assert "course:" not in told


@pytest.mark.parametrize("place", ["nothing", "code none.py", "code backend/app/main.py nobody"])
def test_unknown_facts_are_refused(facts, place):
    with pytest.raises(CourseError) as error:
        ask(facts, place)
    assert error.value.next_step


def test_lists_of_two_and_three_spaces_become_those_of_four():
    given = "- one\n\n  ```py\n    x\n  ```\n\n1. two\n   - three\n\nplain\n  as it was"
    assert translate(given) == (
        "- one\n\n    ```py\n      x\n    ```\n\n1. two\n    - three\n\nplain\n  as it was"
    )


def test_bars_in_the_code_of_a_table_lose_their_backslash():
    assert translate(r"| `a \| b` | c \| d |") == r"| `a | b` | c \| d |"


def test_lists_and_tables_in_code_stay_as_they_are():
    given = "```yaml\n- one\n  two\n| `a \\| b` |\n```"
    assert translate(given) == given


def test_tables_are_read_as_they_were_written():
    rows = [["a", "b"], ["`x`", escape("one | two")]]
    assert [*read_tables(format_table(rows[0], rows[1:]))] == [rows]


def test_texts_are_spelt_well():
    install_tools(PATHS)
    typos = Path(sys.executable).with_name("typos.exe" if sys.platform == "win32" else "typos")
    done = subprocess.run(
        [typos, "--format", "brief"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_notebooks_show_texts_errors_and_pictures():
    outputs = [
        {"output_type": "stream", "text": ["one\n"]},
        {"output_type": "error", "traceback": ["1\n2\n3\n4", "\x1b[31mValueError: no"]},
        {
            "output_type": "display_data",
            "data": {"image/png": "aGVsbG8=", "text/plain": "<Figure>"},
        },
    ]
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# Try it"]},
            {"cell_type": "code", "source": "1 / 0", "outputs": outputs},
        ]
    }
    page, pictures = make_notebook_page(notebook, "2")
    assert pictures == {"2-1.png": b"hello"}
    assert page.startswith("# Try it\n\n`./course notebook 2`")
    assert "```text\none\n```" in page
    assert "```text\n2\n3\n4\nValueError: no\n```" in page
    assert "](2-1.png)" in page
    assert "<Figure>" not in page
