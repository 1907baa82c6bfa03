"""The doctor, on machines that are put together from stub programs."""

import json
import shutil
import socket
import sys
import time
from types import SimpleNamespace

import pytest

from checker.cli.app import main
from checker.doctor.ask import ask
from checker.doctor.containers import look_at_compose, look_at_engine
from checker.doctor.examine import examine
from checker.doctor.finding import ALL_LESSONS, Finding, Status, list_ready_lessons
from checker.doctor.jail import look_at_jail
from checker.doctor.machine import (
    DISK_NEEDS,
    look_at_clock,
    look_at_disk,
    look_at_loopback,
    look_at_port,
)
from checker.doctor.mend import INSTALL, tell_how_to_install
from checker.doctor.table import WIDTH, write_table
from checker.doctor.tools import (
    NODE,
    look_at_git_identity,
    look_at_node,
    look_at_python,
    look_at_tool,
)
from checker.paths import CoursePaths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stub programs are scripts")

COMPLETE = {
    "bwrap": "echo bubblewrap 0.11.0",
    "git": "echo git version 2.47.0",
    "node": "echo v22.12.0",
    "npm": "echo 11.0.0",
    "chromium": "exit 0",
    "docker": "echo 28.0.1",
    "apt-get": "exit 0",
}


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a function that makes this machine one with just these programs on PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(programs))

    def install(scripts: dict[str, str]) -> None:
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)

    return install


def without(name: str) -> dict[str, str]:
    return {program: script for program, script in COMPLETE.items() if program != name}


def find(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


# The command


def test_doctor_on_a_complete_machine(machine, capsys):
    machine(COMPLETE)
    assert main(["doctor"]) == 0
    assert "missing" not in capsys.readouterr().out


def test_doctor_without_git(machine, capsys):
    machine(without("git"))
    assert main(["doctor"]) == 2
    told = capsys.readouterr().out
    assert "not found on PATH" in told
    assert "apt-get install git" in told


def test_doctor_without_a_browser_lets_the_first_lessons_begin(machine, capsys):
    machine(without("chromium"))
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "can be done on this machine: 1, 2, 3." in told
    assert "Lesson 4 waits for: browser." in told


def test_browser_is_looked_for_where_there_is_no_home(machine, monkeypatch):
    machine(without("chromium"))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda _: {}["no such user"])
    assert find(examine(CoursePaths.find()), "browser").status is Status.MISSING


def test_doctor_as_json(machine, capsys):
    machine(without("docker"))
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    missing = {f["name"] for f in report["findings"] if f["status"] == "missing"}
    assert report["ready_lessons"] == [1, 2, 3, 4, 5, 7]
    assert missing == {"container engine", "compose"}


def test_doctor_in_a_pipe_fits_80_columns_and_has_no_codes(machine, capsys):
    machine({"git": "exit 1", "node": "echo v18.19.0", "docker": "echo permission denied; exit 1"})
    main(["doctor"])
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert [line for line in told.splitlines() if len(line) > WIDTH] == []


def test_doctor_says_what_mends_each_fault(machine):
    machine({"git": "exit 1", "docker": "exit 1"})
    findings = examine(CoursePaths.find())
    assert [f.name for f in findings if (f.status is Status.OK) == bool(f.mend)] == []


# Programs


@pytest.mark.parametrize(
    ("script", "status", "detail"),
    [
        ("echo v20.9.0", Status.OK, "20.9.0"),
        ("echo v20.10.0", Status.OK, "20.10.0"),
        ("echo v20.8.1", Status.MISSING, "20.8.1 is too old; 20.9 or newer is needed"),
        ("echo v9.11", Status.MISSING, "9.11 is too old; 20.9 or newer is needed"),
        ("echo no such version; exit 127", Status.MISSING, "does not tell its version"),
    ],
)
def test_look_at_tool_judges_its_version(machine, script, status, detail):
    machine({"node": script})
    finding = look_at_tool(NODE)
    assert finding.status is status
    assert finding.detail.startswith(detail)


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("20.8.1", Status.MISSING),
        ("20.18.3", Status.WARNING),
        ("20.19.0", Status.OK),
        ("21.7.3", Status.WARNING),
        ("22.11.0", Status.WARNING),
        ("22.12.0", Status.OK),
        ("24.0.0", Status.OK),
    ],
)
def test_look_at_node_warns_of_one_that_only_builds_pages(machine, version, status):
    machine({"node": f"echo v{version}"})
    finding = look_at_node()
    assert finding.status is status
    assert ("npm test needs 22.12" in finding.detail) == (status is Status.WARNING)
    assert bool(finding.mend) == (status is not Status.OK)


def test_vite_takes_what_the_doctor_says():
    lock = CoursePaths.find().root / "solutions/07-deploy/frontend/package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert packages["node_modules/vite"]["engines"]["node"] == "^20.19.0 || >=22.12.0"


def test_look_at_python_newer_than_tried(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert look_at_python().status is Status.WARNING


def test_look_at_git_identity_half_set(machine):
    machine({"git": '[ "$3" = user.name ] && echo Ada'})
    finding = look_at_git_identity()
    assert finding.status is Status.WARNING
    assert finding.mend == "git config --global user.email you@example.com"


def test_ask_a_program_that_hangs(machine, monkeypatch):
    machine({"docker": "exec /bin/sleep 60"})
    monkeypatch.setattr("checker.doctor.ask.LONGEST_WAIT", 0.2)
    answer = ask("docker")
    assert answer
    assert not answer.is_success


def test_ask_a_program_that_cannot_be_run(machine, tmp_path):
    machine({"docker": ""})
    (tmp_path / "programs/docker").write_text("#!/nowhere/interpreter\n")
    answer = ask("docker")
    assert answer
    assert "cannot be run" in answer.text


# Containers


@pytest.mark.parametrize(
    ("programs", "detail", "mend"),
    [
        ({"docker": "echo 28.0.1"}, "docker 28.0.1", None),
        ({"podman": "echo 5.4.0"}, "podman 5.4.0", None),
        ({"docker": "echo cannot connect; exit 1", "podman": "echo 5.4.0"}, "podman 5.4.0", None),
        ({}, "neither docker nor podman", "docker.io"),
        ({"docker": "echo cannot connect; exit 1"}, "only docker's client", "docker.io"),
        ({"docker": "echo Permission denied; exit 1"}, "this user may not", "usermod -aG docker"),
        (
            {"docker": "echo cannot connect; exit 1", "dockerd": ""},
            "engine does not answer",
            "systemctl start docker",
        ),
    ],
)
def test_look_at_engine(machine, monkeypatch, programs, detail, mend):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    machine(programs)
    finding = look_at_engine()
    assert detail in finding.detail
    assert (mend or "") in (finding.mend or "")
    assert (finding.status is Status.OK) == (mend is None)


@pytest.mark.parametrize(
    ("programs", "detail"),
    [
        ({"docker": "echo Docker Compose version v2.32.1"}, "docker compose 2.32.1"),
        (
            {"docker": "echo no such command: compose; exit 1", "docker-compose": "echo 1.29.2"},
            "docker-compose 1.29.2",
        ),
        ({"podman-compose": "echo 1.3.0"}, "podman-compose 1.3.0"),
        ({"docker": "exit 1"}, "not found"),
    ],
)
def test_look_at_compose(machine, programs, detail):
    machine(programs)
    assert look_at_compose().detail == detail


# The machine itself


def test_look_at_port_in_use():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        finding = look_at_port(port, ALL_LESSONS)
    assert finding.status is Status.WARNING
    assert str(port) in (finding.mend or "")


def test_look_at_port_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert look_at_port(port, ALL_LESSONS).status is Status.OK


def test_look_at_loopback_forbidden(monkeypatch):
    monkeypatch.setattr("checker.doctor.machine.LOOPBACK", "192.0.2.1")
    assert look_at_loopback().status is Status.MISSING


@pytest.mark.parametrize("need", DISK_NEEDS)
def test_look_at_disk_blocks_the_lessons_that_need_more(need, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=need.size - 1))
    finding = look_at_disk(tmp_path, need)
    assert finding.status is Status.MISSING
    assert list_ready_lessons([finding]) == [n for n in ALL_LESSONS if n not in need.lessons]


@pytest.mark.parametrize(
    ("moved", "detail"), [(0, ""), (-90 * 86400, "before the course"), (3600, "3600 s away")]
)
def test_look_at_clock(moved, detail, monkeypatch, tmp_path):
    reference = tmp_path / "file"
    reference.touch()
    now = time.time() + moved
    monkeypatch.setattr(time, "time", lambda: now)
    finding = look_at_clock(reference)
    assert detail in finding.detail
    assert finding.status is (Status.WARNING if moved else Status.OK)


# What mends it


@pytest.mark.parametrize("what", sorted(INSTALL.keys() - {"bubblewrap"}))
@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_tell_how_to_install_elsewhere(what, platform, monkeypatch):
    monkeypatch.setattr("checker.doctor.mend.sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr("checker.doctor.mend.is_ubuntu", lambda: False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert tell_how_to_install(what).startswith("brew" if platform == "darwin" else "winget")


def test_tell_how_to_install_on_ubuntu(machine, monkeypatch):
    machine({"apt-get": ""})
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "ubuntu"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert tell_how_to_install("browser") == "sudo snap install chromium"


def test_tell_how_to_install_as_root(machine, monkeypatch):
    machine({"apt-get": ""})
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert tell_how_to_install("git") == "apt-get install git"


def test_tell_how_to_install_without_a_known_manager(machine):
    machine({})
    assert "by hand" in tell_how_to_install("git")


# The table


def test_write_table_never_breaks_a_command():
    command = "x" * 90
    finding = Finding(name="thing", status=Status.MISSING, detail="long " * 30, mend=command)
    lines = write_table([finding]).plain.splitlines()
    assert any(command in line for line in lines)
    assert [line for line in lines if len(line) > WIDTH and command not in line] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the jail is for Linux")
@pytest.mark.parametrize(
    ("scripts", "status", "told"),
    [
        ({"bwrap": "echo bubblewrap 0.11.0"}, Status.OK, "bubblewrap 0.11.0"),
        ({}, Status.OK, "only ./course grade needs it"),
        ({"bwrap": "echo 'bwrap: setting up uid map: denied'; exit 1"}, Status.WARNING, "denied"),
    ],
)
def test_jail_is_tried_and_needed_by_no_lesson(machine, scripts, status, told):
    machine(scripts)
    finding = look_at_jail()
    assert (finding.status, told in finding.detail) == (status, True)
    assert list_ready_lessons([finding]) == list(ALL_LESSONS)
