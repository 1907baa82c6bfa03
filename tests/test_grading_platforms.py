"""What platforms start: Gradescope's archive, GitHub's workflow, and the container of Docker."""

import csv
import io
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml
from grading_samples import make_run

from checker.errors import UsageError
from checker.grading.docker.image import pack_course
from checker.grading.docker.runner import describe_mount, find_place
from checker.grading.platforms.make import make_gradescope, make_workflow
from checker.grading.runner import Work
from checker.paths import CoursePaths

PATHS = CoursePaths.find()


@pytest.fixture(scope="module")
def archive():
    """What Gradescope is given."""
    with zipfile.ZipFile(io.BytesIO(make_gradescope(PATHS, 3))) as archive:
        yield archive


def test_gradescope_finds_its_scripts_at_the_top(archive):
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & 0o111
        text = archive.read(name).decode()
        assert text.startswith("#!/bin/sh\n")
        assert "\r" not in text
        assert "@" not in text
    assert "/autograder/results/results.json" in archive.read("run_autograder").decode()


@pytest.mark.skipif(not shutil.which("sh"), reason="there is no sh")
@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_script_is_one_of_the_shell(name, archive):
    done = subprocess.run(["sh", "-n"], input=archive.read(name), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_archive_holds_the_judge_and_nothing_that_was_made(archive):
    names = archive.namelist()
    assert {"course/course", "course/requirements.lock"} <= set(names)
    assert archive.getinfo("course/course").external_attr >> 16 & 0o111
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_same_course_makes_the_same_archive():
    assert make_gradescope(PATHS, 3) == make_gradescope(PATHS, 3)
    with tarfile.open(fileobj=io.BytesIO(pack_course(PATHS.root))) as packed:
        assert {(member.uid, member.mtime) for member in packed} == {(0, 0)}


def test_workflow_is_one_that_github_reads():
    document = yaml.safe_load(make_workflow(3, "ada/course", "v1.0"))
    (job,) = document["jobs"].values()
    assert document["permissions"]["contents"] == "read"
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    checkouts = [step["with"] for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert checkouts[1]["repository"] == "ada/course"
    assert all(step["persist-credentials"] is False for step in checkouts)
    assert any("--lesson 3 " in step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize(
    ("course", "ref"), [("", "main"), ("ada", "main"), ("a/b\nrun: x", "main"), ("a/b", "-x")]
)
def test_workflow_takes_only_names(course, ref):
    with pytest.raises(UsageError, match="no repository"):
        make_workflow(3, course, ref)


def test_command_writes_what_was_asked_for(run_course, tmp_path):
    out = tmp_path / "grade.yml"
    done = run_course("autograder", "github", "--lesson", 2, "--course", "ada/course", "--out", out)
    assert (done.returncode, out.exists()) == (0, True), done.stderr
    done = run_course("autograder", "gradescope", "--lesson", 4, "--out", tmp_path / "a.zip")
    assert (done.returncode, "lessons 1 to 3" in done.stderr) == (3, True), done.stderr


def test_name_of_a_submission_mounts_nothing_else():
    path = Path('/in/x,source=/etc,target=/tmp/y",readonly=false.zip')
    work = Work("x", path, make_run("x").key, seed=1)
    assert find_place(work) == "/handed-in.zip"
    (fields,) = csv.reader([describe_mount(path, find_place(work))])
    assert fields == ["type=bind", f"source={path}", "target=/handed-in.zip", "readonly"]
