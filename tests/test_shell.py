"""Commands are printed as the shell of the system takes them."""

import pytest

from checker import shell
from checker.probes.http import make_request
from checker.report.text import fold_command


@pytest.fixture
def _windows(monkeypatch):
    monkeypatch.setattr(shell, "IS_WINDOWS", True)


@pytest.fixture
def _posix(monkeypatch):
    monkeypatch.setattr(shell, "IS_WINDOWS", False)


@pytest.mark.usefixtures("_windows")
def test_commands_on_windows():
    assert shell.localise("Run ./course check 1.") == "Run python course check 1."
    assert shell.join(["git", "-C", r"C:\my app", "status"]) == r'git -C "C:\my app" status'


@pytest.mark.usefixtures("_posix")
def test_commands_elsewhere():
    assert shell.localise("Run ./course check 1.") == "Run ./course check 1."
    assert shell.join(["git", "-C", "my app", "status"]) == "git -C 'my app' status"


@pytest.mark.usefixtures("_windows")
def test_request_as_a_command_on_windows():
    command = make_request("POST", "/x", json_body={"a": 1}).as_curl()
    assert command.startswith("curl.exe -i -X POST http://localhost:8000/x ")
    assert command.endswith(r'--data-raw "{\"a\": 1}"')
    assert fold_command(command, 40) == [command]
