"""How busy the machine is, and how much patience that asks for."""

import subprocess
import sys

import pytest

from checker.probes.containers.lab import Lab
from checker.probes.containers.running import ContainerApp
from checker.probes.strain import LONGEST, Strain, time_piece, wait_longer


def test_strain_is_that_of_the_worst_seconds_not_of_a_moment():
    strain = Strain()
    for clock in (1, 1, 1, 1, 40):
        strain.add(clock, work=1)
    assert strain.worst == 8.8
    for clock in (1, 1, 1, 1, 1):
        strain.add(clock, work=1)
    assert strain.worst == 8.8
    clock, work = time_piece()
    assert clock > 0 <= work


@pytest.mark.parametrize(
    ("slowdown", "more"), [(1.0, 0.0), (1.9, 0.0), (3.0, 20.0), (50.0, 10 * (LONGEST - 1))]
)
def test_patience_grows_with_the_slowdown_and_has_an_end(monkeypatch, slowdown, more):
    monkeypatch.setattr("checker.probes.strain.time_piece", lambda: (slowdown * 0.01, 0.01))
    assert wait_longer(10.0) == pytest.approx(more)


@pytest.mark.parametrize(
    ("life", "more", "running"), [(0, 0, "true"), (1, 20, "true"), (60, 0, "false\n")]
)
def test_container_has_longer_to_end_on_a_busy_machine(monkeypatch, tmp_path, life, more, running):
    monkeypatch.setattr("checker.probes.containers.running.wait_longer", lambda _: more)
    assert end_container(monkeypatch, tmp_path, life, running)


def test_container_that_does_not_end_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr("checker.probes.containers.running.wait_longer", lambda _: 0)
    assert not end_container(monkeypatch, tmp_path, 60, "true")


def end_container(monkeypatch, folder, life, running):
    """Tell whether a container is thought to have ended whose program lives for some seconds."""
    monkeypatch.setattr("checker.probes.containers.running.GRACE", 0.3)
    monkeypatch.setattr(ContainerApp, "inspect", lambda *_: running)
    command = [sys.executable, "-I", "-c", f"import time; time.sleep({life})"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        app = ContainerApp(Lab(folder, folder / "lab"), "nobody", process, 0)
        if not life:
            process.wait()
        has_ended = app.wait_until_ended()
        process.kill()
    return has_ended


def test_clock_that_is_coarse_makes_no_machine_slow(monkeypatch):
    monkeypatch.setattr("checker.probes.strain.LEAST_WORK", 1 / 64)
    strain = Strain()
    for work in (0.0, 0.0, 0.0, 0.0, 1 / 64):
        strain.add(0.01, work)
    assert strain.worst == pytest.approx(3.2)
