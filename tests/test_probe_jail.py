"""The parts of a jail that can be looked at without making one."""

import struct
from pathlib import Path

import pytest

from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.jail import bubblewrap
from checker.probes.jail.bubblewrap import JailOrder, write_command, write_etc
from checker.probes.jail.launcher import find_base
from checker.probes.jail.packages import LOCK, find_packages, list_frontends
from checker.probes.jail.quarters import JailedQuarters
from checker.probes.jail.seccomp import ALLOW, ARCHITECTURES, FORBIDDEN, write_filter
from checker.probes.node.packages import FrontendError
from checker.probes.node.tools import NodeTools
from checker.probes.requirements import RequirementsError

PATHS = CoursePaths.find()
TOOLS = NodeTools(Path("node"), Path("npm"), "0")


def read_filter(machine):
    """Return the instructions of a filter."""
    return list(struct.iter_unpack("=HBBI", write_filter(machine)))


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_filter_names_every_forbidden_call_and_allows_the_rest(machine):
    program = read_filter(machine)
    numbers = {number for code, _, _, number in program if code == 0x15}
    assert numbers >= set(FORBIDDEN[machine].values())
    assert program[-1] == (0x06, 0, 0, ALLOW)
    assert len(program) < 4096


def test_both_machines_are_forbidden_the_same():
    assert FORBIDDEN["x86_64"].keys() == FORBIDDEN["aarch64"].keys()


def test_unknown_machine_has_no_filter():
    assert write_filter("abacus") == b""


def test_jail_shows_no_home_and_no_settings(tmp_path, monkeypatch):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: "bwrap")
    order = JailOrder(scratch=Path("/tmp/run"), etc=write_etc(tmp_path / "etc"))  # noqa: S108
    command = write_command(order, ["true"])
    shown = {command[n + 1] for n, part in enumerate(command) if part.startswith("--ro-bind")}
    assert not shown & {"/", "/etc", "/home", "/root", "/var", "/run", "/proc", "/sys", "/tmp"}  # noqa: S108
    assert "--clearenv" in command
    assert "--share-net" not in command


def test_missing_bubblewrap_is_told_with_what_installs_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(bubblewrap.sys, "platform", "linux")
    with pytest.raises(ProbeError, match="bubblewrap"):
        bubblewrap.find_bubblewrap()


def test_base_of_an_environment_is_where_its_python_is():
    base = find_base(PATHS.app_environment)
    assert (base / "bin").is_dir()
    assert (base / "lib").is_dir()


@pytest.mark.parametrize("line", ["cowsay==6.1", "fastapi==0.1.0", "evil-package"])
def test_package_that_the_course_has_not_is_refused_by_name(line, tmp_path):
    (tmp_path / "backend").mkdir()
    file = tmp_path / "backend" / "requirements.txt"
    file.write_text(f"fastapi\n{line}\n")
    with pytest.raises(RequirementsError, match=line.partition("=")[0]):
        JailedQuarters(PATHS, 1).choose_environment(file, PATHS)


@pytest.mark.parametrize(
    "lock",
    [
        '{"packages": {"node_modules/evil": {"version": "1", "integrity": "sha512-x"}}}',
        '{"packages": {"node_modules/next": {"version": "16.4.5", "integrity": "sha512-evil"}}}',
        '{"packages": {"node_modules/x": {"resolved": "git+ssh://evil"}}}',
        '{"packages": []}',
        "[]",
        "nonsense",
    ],
)
def test_frontend_that_asks_for_other_packages_is_refused(lock, tmp_path):
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / LOCK).write_text(lock)
    with pytest.raises(FrontendError):
        find_packages(tmp_path, PATHS, TOOLS)


def test_frontend_of_the_course_is_not_refused():
    newest = next(list_frontends(PATHS))
    with pytest.raises(ProbeError, match="not installed"):  # for this Node.js, that is
        find_packages(newest, PATHS, TOOLS)
