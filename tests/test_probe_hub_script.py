"""Deploy scripts, run on a Hub that plays."""

import sys
from contextlib import closing

import pytest

from checker.paths import CoursePaths
from checker.probes.hub import script
from checker.probes.hub.rehearsal import Rehearsal

pytest_plugins = ("hub_fixtures",)

PATHS = CoursePaths.find()
needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts are not run there")


@pytest.fixture
def deploy(tmp_path, runner):
    """Run a script that is written as a text, and return how it ended."""

    def run(name, text, *arguments):
        folder = tmp_path / "scripted"
        folder.mkdir()
        (folder / name).write_text(text)
        with (
            closing(Rehearsal(folder, tmp_path / "scratch", PATHS)) as rehearsal,
            rehearsal.open(runner, {}) as stage,
        ):
            return stage.deploy(*arguments)

    return run


def test_script_that_writes_in_columns_has_room_for_a_line_of_a_log(deploy):
    done = deploy("deploy.py", "import shutil\nprint(shutil.get_terminal_size().columns)\n")
    assert int(done.output) >= 200


@needs_shell
@pytest.mark.parametrize("first", ["#!/usr/bin/env bash", "#!/bin/bash -eu", "#! /bin/bash"])
def test_script_for_bash_is_run_by_bash(deploy, first):
    done = deploy("deploy.sh", f"{first}\nparts=(one two)\necho ${{#parts[@]}} $1\n", "--dry-run")
    assert (done.code, done.output.split()) == (0, ["2", "--dry-run"])


@needs_shell
def test_script_for_bash_has_the_options_of_its_first_line(deploy):
    assert deploy("deploy.sh", "#!/bin/bash -eu\nfalse\necho on\n").output == ""


@needs_shell
@pytest.mark.parametrize("first", ["#!/bin/sh", "# no word of bash in a first line that is none"])
def test_other_script_is_run_by_sh(deploy, monkeypatch, first):
    monkeypatch.setattr(script.shutil, "which", lambda _name: None)
    assert deploy("deploy.sh", f"{first}\necho well\n").output == "well\n"


@needs_shell
def test_script_for_a_bash_that_is_not_here_cannot_be_run(deploy, monkeypatch):
    monkeypatch.setattr(script.shutil, "which", lambda _name: None)
    with pytest.raises(script.ProbeError, match="asks for bash"):
        deploy("deploy.sh", "#!/bin/bash\n")


def test_script_that_asks_for_what_is_not_played_cannot_be_judged(deploy):
    ask = "import os, urllib.request as r\nr.urlopen(os.environ['HF_ENDPOINT'] + '/api/events')\n"
    with pytest.raises(script.ProbeError, match="asks for GET /api/events"):
        deploy("deploy.py", ask)


def test_script_that_does_without_what_is_not_played_is_judged(deploy):
    ask = "import os, urllib.request as r\ntry:\n    "
    ask += (
        "r.urlopen(os.environ['HF_ENDPOINT'] + '/api/events')\nexcept OSError:\n    print('well')"
    )
    assert deploy("deploy.py", ask).output == "well\n"


def test_script_that_asks_for_what_is_not_there_can_be_judged(deploy):
    ask = "import os, urllib.request as r\nr.urlopen(os.environ['HF_ENDPOINT'] + '/api/models/a/b')"
    assert deploy("deploy.py", ask).code == 1


def test_script_that_waits_for_ever_costs_the_whole_limit_once(tmp_path, runner, monkeypatch):
    limits = []
    monkeypatch.setattr(
        "checker.probes.hub.rehearsal.run_to_end",
        lambda program, longest: limits.append(longest) or script.run_to_end(program, 0.5),
    )
    app = tmp_path / "app"
    app.mkdir()
    (app / "deploy.py").write_text("import sys, time\ntime.sleep(60 * len(sys.argv[1:]))\n")
    with (
        closing(Rehearsal(app, tmp_path / "scratch", PATHS)) as rehearsal,
        rehearsal.open(runner, {}) as stage,
    ):
        endings = [stage.deploy(*arguments).ending for arguments in ((), ("x",), ("x",))]
    assert endings[0] == "it ended with exit code 0"
    assert endings[1:] == ["it was ended because it took too long"] * 2
    assert limits == [script.LIMITS.program, script.LIMITS.program, script.LONGEST_AGAIN]
