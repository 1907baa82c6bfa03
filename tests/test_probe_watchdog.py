"""The watchdog: an app over a limit is ended, once, and the reason is kept."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from checker.probes.app import AppLimits
from checker.probes.guest.family import list_children
from checker.probes.output import OutputReader
from checker.probes.tree import end_everything_in, list_tree
from checker.probes.watchdog import Watchdog, find_excess

FAMILY = """
import subprocess, sys, time
if int(sys.argv[1]):
    subprocess.Popen([sys.executable, "-c", sys.argv[2], str(int(sys.argv[1]) - 1), sys.argv[2]])
print("up", flush=True)
time.sleep(60)
"""

# Two processes that have 64 MiB in common, and next to nothing of their own.
SHARERS = """
import mmap, os, time
memory = mmap.mmap(-1, 64 << 20)
memory.write(b"x" * (64 << 20))
read, write = os.pipe()
if os.fork() == 0:
    sum(memory[::4096])
    os.write(write, b"x")
    time.sleep(60)
os.read(read, 1)
print("up", flush=True)
time.sleep(60)
"""


class Running:
    """An app as the watchdog knows it."""

    def __init__(self, process, output, limits):
        self.pid = process.pid
        self.output = output
        self.limits = limits
        self.port = 0
        self.ended_because = ""
        self.kills = 0
        self._process = process

    def poll(self):
        return self._process.poll()

    def wait(self, timeout):
        return self._process.wait(timeout)

    def terminate(self):
        self._process.terminate()

    def kill(self):
        self.kills += 1
        for process in list_tree(self.pid):
            process.kill()


@pytest.fixture
def start(tmp_path):
    """Start a program with so many descendants in a line, and wait until all are up."""
    processes = []

    def start_family(descendants=0, limits=AppLimits(), code=FAMILY):  # noqa: B008 - frozen
        read, write = os.pipe()
        command = [sys.executable, "-c", code, str(descendants), code]
        processes.append(subprocess.Popen(command, stdout=write, cwd=tmp_path))
        os.close(write)
        output = OutputReader(read, limits.output)
        output.wait_for("up\n" * (descendants + 1), timeout=20)
        return Running(processes[-1], output, limits)

    yield start_family
    end_everything_in(tmp_path)
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("descendants", "limits", "reason"),
    [
        (0, AppLimits(), ""),
        (2, replace(AppLimits(), processes=3), ""),
        (2, replace(AppLimits(), processes=2), "it started more than 2 processes"),
        (0, replace(AppLimits(), memory=1 << 20), "it used more than 1 MiB of memory"),
        (0, replace(AppLimits(), output=1), "it wrote more than 0 MiB to its output"),
    ],
)
def test_excess_is_named(descendants, limits, reason, start):
    assert find_excess(start(descendants, limits)) == reason


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell what is shared")
def test_memory_that_two_processes_share_is_counted(start):
    app = start(limits=replace(AppLimits(), memory=48 << 20), code=SHARERS)
    assert "48 MiB of memory" in find_excess(app)


def test_app_over_its_limit_is_ended_once(start):
    app = start(1, replace(AppLimits(), processes=1))
    watchdog = Watchdog()
    watchdog.add(app)
    app.wait(20)
    watchdog.close()
    assert app.ended_because == "it started more than 1 processes"
    assert app.kills == 1


def test_app_that_has_ended_is_watched_no_more(start):
    app = start(code="print('up')")
    app.wait(20)
    watchdog = Watchdog()
    watchdog.add(app)
    watchdog.close()
    assert app.ended_because == ""


def test_tree_lists_all_generations_and_nobody_else(start):
    app = start(3)
    assert len(list_tree(app.pid)) == 4
    assert list_tree(2**22 + 1) == []


def test_process_that_ends_while_its_threads_are_listed_has_no_children(monkeypatch):
    def vanish(_folder, _pattern):
        raise ProcessLookupError

    monkeypatch.setattr(Path, "glob", vanish)
    assert list_children(os.getpid()) == set()


def test_everything_at_work_in_a_folder_is_ended(start, tmp_path):
    app = start(2)
    family = list_tree(app.pid)
    end_everything_in(tmp_path)
    app.wait(20)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
