"""What submissions do to get at something, or to get a mark: none reaches it, none gets it.

Each attack says what it is after. `--whole` grades every one of them by itself, and 300 mixed
submissions in the place of a dozen.
"""

import json
import random
import re
import shutil
import sys
import tarfile
import time

import pytest
from grading_cells import ATTACKS, CANARY, SOLUTIONS, STARTER, UNJAILED, lay_out
from hostile import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("bwrap"), reason="the jail needs bubblewrap"
)
CHEATS = sorted(path.stem for path in (ATTACKS / "cheats").glob("*.py"))
FLOODS = sorted(path.stem for path in (ATTACKS / "floods").glob("*.py"))
SLOW = {"burns_the_processor"}  # half a minute of both cores: with --whole only
HARMLESS = (  # they only look: the others must never be tried without a jail
    *("key_in_the_home_of_the_grader", "submission_of_another", "checks", "port_of_the_grader"),
    *("abstract_socket", "users_of_the_machine", "processes_of_the_machine"),
)
OWN_OF_A_CONTAINER = {  # there, these are the container's: names, and nothing behind them
    *("users_of_the_machine", "processes_of_the_machine"),
    *("other_temporary_files", "folder_above_by_a_handle"),
}
HUNTS = {"loot": (1, "files", "processes", "network", "calls"), "sql": (3, "database")}


@pytest.fixture(scope="module")
def hunt(tmp_path_factory, request):
    """Submissions that hunt, cheat and flood, all of them graded."""
    with lay_out(tmp_path_factory.mktemp("hunt")) as hunt:
        hunt.add_hunter("loot", *HUNTS["loot"])
        for kind, names in (("cheats", CHEATS), ("floods", FLOODS)):
            for name in names if request.config.getoption("whole") else set(names) - SLOW:
                hunt.add(name, STARTER, (ATTACKS / kind / f"{name}.py").read_text())
        hunt.results = hunt.grade(1)
        yield hunt


def read_reached(result):
    """Return the attacks that reached what they wanted, as the app answered them."""
    found = find_check(result, "health_answers_ok")["finding"]["got"]
    assert "reached:" in found, found
    return found


def find_check(result, name):
    """Return what one check found."""
    assert result["report"], result["reason"]
    return next(r for r in result["report"]["results"] if r["id"] == name)


def test_nothing_is_reached_from_a_jail(hunt):
    assert '["reached:"]' in read_reached(hunt.results["loot"])


def test_nobody_came_to_the_graders_own_port(hunt):
    assert hunt.connections == []


def test_no_secret_is_in_any_result(hunt):
    for file in ("results.jsonl", "reports/marks.json", "reports/cohort.html"):
        assert CANARY not in (hunt.out / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*CHEATS, *FLOODS])
def test_attack_gets_no_mark(name, hunt):
    if name not in hunt.results:
        pytest.skip("slow: --whole grades it too")
    result = hunt.results[name]
    most = hunt.results["victim"]["score"]
    assert result["standing"] == "graded", result["reason"]
    assert result["score"] <= most


def test_nothing_is_left_of_the_attackers(hunt):
    assert hunt.list_left() == []


def test_results_are_of_the_grader_alone(hunt):
    assert hunt.count_verdicts() == len(hunt.results)
    assert not list(hunt.submissions.rglob("results*"))


def test_what_speaks_to_the_reader_is_shown_as_text(hunt):
    for name, content in hunt.read_reports().items():
        assert b"<script>" not in content or not name.endswith(".html"), name
        assert b"\x1b" not in content, name
    assert "\x1b" not in hunt.said


def test_nothing_is_reached_from_a_container(tmp_path, request):
    if not request.config.getoption("whole") or not shutil.which("docker"):
        pytest.skip("slow: --whole builds the grader's image, where there is Docker")
    with lay_out(tmp_path) as hunt:
        hunt.add_hunter("loot", *HUNTS["loot"])
        hunt.add_hunter("sql", *HUNTS["sql"])
        for name in ("kills_everybody", "forges_results_at_the_end", "forks_without_end"):
            folder = "floods" if name in FLOODS else "cheats"
            hunt.add(name, STARTER, (ATTACKS / folder / f"{name}.py").read_text())
        results = hunt.grade(1, "--jail", "docker")
        names = json.loads(re.search(r"\[.*\]", read_reached(results["loot"]))[0])[1:]
        assert set(names) <= OWN_OF_A_CONTAINER
        assert max(results[name]["score"] for name in results if name not in HUNTS) == 0
        sql = hunt.grade(3, "--jail", "docker", "--only", "sql")["sql"]
        assert '["reached:"]' in read_reached(sql)
        assert hunt.connections == hunt.list_left() == []


def test_attacks_do_reach_something_without_a_jail(tmp_path):
    with lay_out(tmp_path) as hunt:
        hunt.add_hunter("loot", *HUNTS["loot"], chosen=HARMLESS)
        reached = read_reached(hunt.grade(1, UNJAILED, "--only", "loot")["loot"])
        assert [name for name in HARMLESS if name not in reached] == []
        assert hunt.connections


def test_database_gives_away_nothing(tmp_path):
    with lay_out(tmp_path) as hunt:
        hunt.add_hunter("sql", *HUNTS["sql"])
        result = hunt.grade(3, "--only", "sql")["sql"]
        assert '["reached:"]' in read_reached(result)
        assert hunt.list_left() == []


def hand_in(hunt, number):
    """Hand in right, wrong, hostile and broken work, so many of each kind."""
    for n in range(number):
        hunt.add(f"right{n}", SOLUTIONS[1], f"# {n}")
        hunt.add(f"wrong{n}", STARTER, f"# {n}")
        hunt.add(f"hostile{n}", STARTER, f"import os\nos._exit({n})")
        (hunt.submissions / f"broken{n}.zip").write_bytes(b"PK\x03\x04 %d" % n)
        with tarfile.open(hunt.submissions / f"evil{n}.tar", "w") as archive:
            archive.addfile(tarfile.TarInfo(f"../../evil{n}"))


def test_batch_that_is_killed_and_goes_on_has_the_same_reports(tmp_path, request):
    chance = random.Random(8)  # noqa: S311 - repeatable on purpose
    number = 60 if request.config.getoption("whole") else 2
    with lay_out(tmp_path) as hunt:
        hand_in(hunt, number)
        results = hunt.grade(1)
        whole = hunt.read_reports()
        hunt.out.rename(tmp_path / "whole")
        for _ in range(max(4, number // 4)):
            grader = hunt.start(1)
            time.sleep(chance.uniform(0.8, 3))
            grader.kill()
            grader.communicate()
        hunt.grade(1)
        assert hunt.read_reports() == whole
        assert hunt.count_verdicts() == len(results)
        assert hunt.list_left() == []
    assert {results[f"right{n}"]["score"] for n in range(number)} == {20}
    assert {results[f"wrong{n}"]["standing"] for n in range(number)} == {"graded"}
    assert {results[f"{kind}0"]["standing"] for kind in ("broken", "evil")} == {"refused"}


def test_run_is_replayed_with_its_seed(tmp_path):
    with lay_out(tmp_path) as hunt:
        run = hunt.grade(1, "--only", "victim")["victim"]["run"]
        again = hunt.start(1, "--replay", run)
        output, _ = again.communicate(timeout=300)
        assert again.returncode == 1, output
        assert "GET /health" in output
        assert len(hunt.read_lines()) == 1


def test_build_of_a_frontend_reaches_nothing(tmp_path, request):
    if not request.config.getoption("whole"):
        pytest.skip("slow: --whole builds a frontend")
    with lay_out(tmp_path) as hunt:
        hunt.add_builder("builder")
        result = hunt.grade(4, "--only", "builder")["builder"]
        built = find_check(result, "frontend_builds")
        assert built["outcome"] == "passed", built["finding"]
        assert hunt.connections == []
        assert hunt.list_left() == []


def test_attacks_are_many():
    functions = [
        line
        for name in ("files", "processes", "network", "calls", "database")
        for line in (ATTACKS / f"{name}.py").read_text().splitlines()
        if line.startswith("def ") and "()" in line
    ]
    assert len(functions) + len(CHEATS) + len(FLOODS) > 100
    assert ROOT in ATTACKS.parents
