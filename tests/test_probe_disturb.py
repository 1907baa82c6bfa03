"""Threads that look and then act collide every time, and those that hold a lock never do."""

import subprocess
import sys
from pathlib import Path

import pytest

from checker.probes.guest import disturb

LOOK_AND_ACT = """
import threading

taken, winners, lock = set(), [], threading.Lock()


def look_and_act():
    if "name" not in taken:
        winners.append(str(1))
        taken.add("name")


def look_and_act_in_one_step():
    with lock:
        look_and_act()


def run(act):
    threads = [threading.Thread(target=act) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(winners))
"""
RUN = """
import sys
sys.path[:0] = sys.argv[1:3]
import disturb
disturb.pause_threads(sys.argv[2], 0.005)
import app
app.run(getattr(app, sys.argv[3]))
"""


@pytest.mark.parametrize(
    ("act", "is_right"), [("look_and_act", False), ("look_and_act_in_one_step", True)]
)
def test_threads_collide_unless_they_hold_a_lock(act, is_right, tmp_path):
    (tmp_path / "app.py").write_text(LOOK_AND_ACT)
    guest = Path(disturb.__file__).parent
    command = [sys.executable, "-c", RUN, guest, tmp_path, act]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (int(done.stdout) == 1) is is_right
