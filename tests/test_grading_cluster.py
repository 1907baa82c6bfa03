"""Grading on more than one machine: the same reports, whoever is lost on the way."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from grading_cells import SOLUTIONS, lay_out
from grading_samples import make_run
from hostile import ROOT

from checker.errors import UsageError
from checker.grading.cluster.address import check_address
from checker.grading.cluster.parcel import UnpackableError, pack, unpack
from checker.grading.refusal import Limits
from checker.grading.runner import Work
from checker.grading.submissions import Submission, hash_submission
from checker.probes.submission import MAKES_LINKS

LONGEST_WAIT = 120.0  # seconds
needs_jail = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("bwrap"), reason="the jail needs bubblewrap"
)


def make_work(path):
    """Make the run of what lies at a path."""
    return Work("ada", path, make_run("ada").key, seed=1)


def test_folder_arrives_as_it_was_handed_in(tmp_path):
    app = tmp_path / "ada"
    (app / "backend" / "app").mkdir(parents=True)
    (app / "backend" / "app" / "mäin.py").write_bytes(b"\x00\xff")
    if MAKES_LINKS:
        (app / "linked").symlink_to("backend")
    (tmp_path / "there").mkdir()
    sent = unpack(pack(make_work(app)), tmp_path / "there")
    before, after = (hash_submission(Submission("ada", path)) for path in (app, sent.path))
    assert before == after
    assert (sent.path / "linked").is_symlink() == MAKES_LINKS


def test_archive_arrives_byte_for_byte(tmp_path):
    archive = tmp_path / "ada.zip"
    archive.write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "there").mkdir()
    sent = unpack(pack(make_work(archive)), tmp_path / "there")
    assert (sent.path.name, sent.path.read_bytes()) == ("ada.zip", archive.read_bytes())


def test_archive_that_will_be_refused_is_not_sent(tmp_path):
    archive = tmp_path / "ada.zip"
    with archive.open("wb") as file:
        file.truncate(Limits().packed + 1)
    with pytest.raises(UnpackableError):
        pack(make_work(archive))


def wait_for(condition):
    """Return what a condition comes to as soon as it holds."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def start(stack, *command, **options):
    """Start a process that ends with the test."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def start_scheduler(stack, folder):
    """Start a scheduler and return its address."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", 0, "--no-dashboard", "--scheduler-file", file)
    start(stack, Path(sys.executable).with_name("dask"), "scheduler", *options)
    return wait_for(lambda: file.exists() and json.loads(file.read_text() or "{}").get("address"))


def has_cell(worker):
    """Tell whether a worker is in the midst of a run."""
    children = psutil.Process(worker.pid).children(recursive=True)
    return any("checker.grading.cell" in child.cmdline() for child in children)


@needs_jail
def test_lost_worker_changes_no_report(tmp_path):
    with lay_out(tmp_path) as hunt, ExitStack() as stack:
        for number in range(2):
            hunt.add(f"right{number}", SOLUTIONS[1], f"# {number}")
        (hunt.submissions / "broken.zip").write_bytes(b"PK\x03\x04")
        hunt.grade(1)
        alone = hunt.read_reports()
        hunt.out.rename(tmp_path / "alone")
        address = start_scheduler(stack, tmp_path)
        command = (sys.executable, "-m", "checker", "worker", address, "--lesson", 1, "--jobs", 1)
        lost, _kept = (start(stack, *command, env=hunt.make_env()) for _ in range(2))
        grader = hunt.start(1, "--cluster", address)
        wait_for(lambda: has_cell(lost))
        lost.kill()
        output, _ = grader.communicate(timeout=300)
        assert grader.returncode == 0, output
        assert hunt.read_reports() == alone
        assert hunt.count_verdicts() == len(hunt.read_results())


@pytest.mark.parametrize("address", ["nonsense://grader:1", "grader:8786", "tls://"])
def test_what_is_no_address_is_told(address):
    with pytest.raises(UsageError, match="no address of a scheduler"):
        check_address(address)


def test_open_network_is_warned_of():
    assert "everybody in that network" in check_address("tcp://grader:8786")
    assert check_address("tls://grader:8786") == check_address("tcp://127.0.0.1:8786") == ""


def test_workers_are_never_told_to_do_without_a_jail(tmp_path):
    from checker.cli.grade import check_jail
    from checker.grading.cell import Jail
    from checker.grading.grade import GradeOrder
    from checker.paths import CoursePaths

    order = GradeOrder(
        paths=CoursePaths.find(),
        submissions=tmp_path,
        lesson=1,
        out=tmp_path,
        cluster="tcp://127.0.0.1:1",
        jail=Jail.NONE,
    )
    with pytest.raises(UsageError, match="in jails of bubblewrap only"):
        check_jail(order)
