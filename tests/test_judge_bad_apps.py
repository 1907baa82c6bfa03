"""Apps that are broken or hostile: each gets one clear finding, and nothing of it stays behind."""

import psutil
import pytest
from hostile import MIB, answer_with, write_app

from checker.probes.app import AppLimits

pytest_plugins = ("judge_fixtures",)

QUICK = AppLimits(start=1.5)
IMPATIENT = AppLimits(silence=2.0, answer=4.0)
SMALL = AppLimits(memory=250 * MIB)
# A bomb of a test must go out by itself, should the judge fail to put it out.
BOMB = """
import mmap, os, time
spent = mmap.mmap(-1, 8)
end = time.monotonic() + 8


def explode():
    while time.monotonic() < end and int.from_bytes(spent[:], "little") < 1500:
        spent[:] = (int.from_bytes(spent[:], "little") + 1).to_bytes(8, "little")
        if os.fork() == 0:
            {child}
    os._exit(0)


if os.fork() == 0:
    explode()
time.sleep(10)
"""
LEAVE_HOME = "os.setsid(); os.fork() and os._exit(0)"
EAT_IN_STEPS = """
eaten = []
while True:
    eaten.append(bytearray(b"x" * (8 << 20)))
"""
RUN_ITSELF = """
import uvicorn
uvicorn.run(app, port=8000)
"""
BREAK_IN_A_GROUP = """
raise ExceptionGroup("several", [KeyError("first"), ValueError("second")])
"""

ODD_STREAM = """
import sys


class Odd:
    def write(self, text):
        return len(text)

    def flush(self):
        raise SystemExit(0)


sys.stdout = Odd()
raise SystemExit(4)
"""

# name: (code at the end of main.py, limits, what was seen, what the log shows)
DEAD_ON_ARRIVAL = {
    "syntax error": ("def broken(:", AppLimits(), "exit code 1", "SyntaxError"),
    "import error": ("import app.nothing", AppLimits(), "exit code 1", "named 'app.nothing'"),
    "exception": ('raise RuntimeError("boom")', AppLimits(), "exit code 1", "RuntimeError: boom"),
    "exception group": (BREAK_IN_A_GROUP, AppLimits(), "exit code 1", "Error"),
    "endless recursion": ("def f(): f()\nf()", AppLimits(), "exit code 1", "RecursionError"),
    "exit": ("raise SystemExit(7)", AppLimits(), "exit code 7", ""),
    "exit with words": ('raise SystemExit("no key")', AppLimits(), "exit code 1", "no key"),
    "exit with a huge number": ("raise SystemExit(2**40 + 5)", AppLimits(), "exit code 5", ""),
    "exit with an odd stream": (ODD_STREAM, AppLimits(), "exit code 4", ""),
    "exit at once": ("import os\nos._exit(9)", AppLimits(), "exit code 9", ""),
    "crash": ("import os\nos.abort()", AppLimits(), "(SIGABRT)", ""),
    "no app": ("del app", AppLimits(), "exit code 3", 'Attribute "app" not found'),
    "server in the module": (RUN_ITSELF, AppLimits(), "exit code 1", "RuntimeError"),
    "hangs": ("import time\ntime.sleep(3600)", QUICK, "no answer to GET /health within 1.5 s", ""),
    "stops itself": (
        "import os, signal\nos.kill(0, signal.SIGSTOP)",
        QUICK,
        "no answer to GET /health within 1.5 s",
        "",
    ),
    "prints 100 MB": ('print("x" * (100 << 20))', AppLimits(), "more than 10 MiB", ""),
    "eats memory in steps": (EAT_IN_STEPS, SMALL, "more than 250 MiB of memory", ""),
    "eats memory at once": ("bytearray(100 << 30)", AppLimits(), "exit code 1", "MemoryError"),
    "forks": (BOMB.format(child="pass"), AppLimits(), "more than 64 processes", ""),
    "forks and hides": (BOMB.format(child=LEAVE_HOME), AppLimits(), "more than 64 processes", ""),
    "kills its parent": (
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
        AppLimits(),
        "(SIGKILL)",
        "",
    ),
    "kills its group": (
        "import os, signal\nos.kill(0, signal.SIGKILL)",
        AppLimits(),
        "(SIGKILL)",
        "",
    ),
}


@pytest.mark.parametrize("name", DEAD_ON_ARRIVAL)
def test_app_that_does_not_start_fails_its_start(name, check, tmp_path):
    code, limits, got, log = DEAD_ON_ARRIVAL[name]
    verdict = check(write_app(tmp_path / "app", code), limits)
    result = verdict.find("app_starts")
    assert result.outcome == "failed"
    assert got in result.finding.got
    assert log in result.finding.log
    assert verdict.list_checks("failed") == ["app_starts"]


def test_traceback_of_learner_has_their_frames_only(check, tmp_path):
    app = write_app(
        tmp_path / "app", files={"backend/app/api/health.py": "def read(:\n    return 1\n"}
    )
    log = check(app).find("app_starts").finding.log
    assert 'File "backend/app/api/health.py", line 1' in log
    assert log.count("File ") == log.count('File "backend/')
    assert str(tmp_path) not in log


def test_package_that_is_missing_is_named(check, tmp_path):
    finding = check(write_app(tmp_path / "app", "import numpy")).find("app_starts").finding
    assert "Add the package of numpy to backend/requirements.txt" in finding.next_step


def test_health_that_never_answers_fails_the_start(check, tmp_path):
    hang = "import time\n\n\n@app.middleware('http')\nasync def hang(*_):\n    time.sleep(3600)\n"
    finding = check(write_app(tmp_path / "app", hang), QUICK).find("app_starts").finding
    assert "no answer to GET /health" in finding.got


# name: (body of the route, limits, what was seen)
LOST_AT_A_ROUTE = {
    "never answers": ("import asyncio\nawait asyncio.sleep(3600)", IMPATIENT, "within 2 s"),
    "blocks the loop": ("import time\ntime.sleep(3600)", IMPATIENT, "no answer within 2 s"),
    "drips": (
        answer_with("""
        import asyncio
        while True:
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await asyncio.sleep(0.1)
        """),
        IMPATIENT,
        "not complete after 4 s",
    ),
    "never ends": (
        answer_with("""
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        """),
        AppLimits(),
        "more than 4 MiB",
    ),
    "exits": ("import os\nos._exit(3)", AppLimits(), "the app had ended with exit code 3"),
    "crashes": ("import os\nos.abort()", AppLimits(), "(SIGABRT)"),
    "prints 100 MB": (
        'print("x" * (100 << 20))\nimport asyncio\nawait asyncio.sleep(3600)',
        AppLimits(),
        "the app was ended because it wrote more than 10 MiB",
    ),
    "eats memory": (EAT_IN_STEPS, SMALL, "the app was ended because it used more than 250 MiB"),
    "forks": (
        BOMB.format(child="pass"),
        AppLimits(),
        "the app was ended because it started more than 64 processes",
    ),
    "kills its parent": (
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(3600)",
        AppLimits(),
        "the app had ended",
    ),
    "no HTTP": (
        (
            "import os, socket\n"
            "for fd in range(3, 30):\n"
            "    try:\n"
            '        socket.socket(fileno=os.dup(fd)).send(b"SSH-2.0-hello\\r\\n\\r\\n")\n'
            "    except OSError:\n"
            "        pass"
        ),
        AppLimits(),
        "breaks HTTP",
    ),
}


@pytest.mark.parametrize("name", LOST_AT_A_ROUTE)
def test_app_lost_at_a_route_is_told_once(name, check, tmp_path):
    body, limits, got = LOST_AT_A_ROUTE[name]
    verdict = check(write_app(tmp_path / "app", route=body), limits, only=("L1.2", "L1.3"))
    assert verdict.list_checks("failed") == ["openapi_names_the_app"]
    finding = verdict.find("openapi_names_the_app").finding
    assert got in finding.got
    assert finding.curl == "curl -i http://localhost:8000/openapi.json"
    assert "lost during openapi_names_the_app" in verdict.find("cors_listed_origin").finding.got


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(4)", "SystemExit: 4"),
    ],
)
def test_exception_in_a_route_shows_its_traceback(body, message, check, tmp_path):
    verdict = check(write_app(tmp_path / "app", route=body), only=("L1.2",))
    finding = verdict.find("openapi_names_the_app").finding
    assert "500" in finding.got
    assert message in finding.log
    assert "site-packages" not in finding.log


def test_output_that_acts_on_a_terminal_is_cleaned(check, tmp_path):
    verdict = check(write_app(tmp_path / "app", 'raise SystemExit("\\x1b]0;x\\x07\\x1b[31mred")'))
    assert verdict.find("app_starts").finding.log == "]0;xred"


def test_answer_with_half_a_character_can_be_reported(check_app, leftovers, tmp_path):
    route = answer_with("""
    body = b'{"info": {"title": "\\\\ud800", "version": 1}}'
    await send({"type": "http.response.body", "body": body})
    """)
    verdict = check_app(write_app(tmp_path / "app", route=route), 1, "--only", "L1.2")
    assert verdict.list_checks("failed") == {"openapi_names_the_app"}
    assert leftovers.is_dir()


def test_sigterm_that_is_ignored_fails_its_own_check(check, tmp_path):
    code = """
    import signal
    signal.signal(signal.SIGTERM, lambda *_: print("Taskboard is down", flush=True))
    """
    verdict = check(write_app(tmp_path / "app", code), only=("L1.5",))
    assert verdict.list_checks("failed") == ["sigterm_ends_app"]


def test_busy_thread_does_not_outlive_the_run(check, tmp_path):
    pid_file = tmp_path / "pid"
    code = f"""
    import os, threading
    open({str(pid_file)!r}, "w").write(str(os.getpid()))


    def spin():
        while True:
            pass


    threading.Thread(target=spin).start()
    """
    check(write_app(tmp_path / "app", code), only=("health_answers_ok",))
    assert not psutil.pid_exists(int(pid_file.read_text()))


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        os.environ.clear()
        {last}
        open({pid_file!r}, "a").write(f"{{os.getpid()}}\\n")
        time.sleep(3600)
    os._exit(0)
"""


@pytest.mark.parametrize(
    "last", ["pass", "os.close(1); os.close(2)", "os.dup2(os.open('/dev/null', 2), 1)"]
)
def test_daemon_does_not_outlive_the_run(last, check, tmp_path):
    pid_file = tmp_path / "pids"
    app = write_app(tmp_path / "app", DAEMON.format(pid_file=str(pid_file), last=last))
    assert check(app, only=("L1.1",)).report.exit_code == 0
    assert not any(psutil.pid_exists(int(pid)) for pid in pid_file.read_text().split())


def test_daemon_of_an_app_that_kills_its_host_does_not_outlive_the_run(check, tmp_path):
    pid_file = tmp_path / "pids"
    code = DAEMON.format(pid_file=str(pid_file), last="pass")
    code += "time.sleep(0.3)\nimport signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
    check(write_app(tmp_path / "app", code), only=("L1.1",))
    assert not any(psutil.pid_exists(int(pid)) for pid in pid_file.read_text().split())


def test_daemon_that_holds_the_port_is_ended(check, tmp_path):
    code = """
    import os, time
    if os.fork() == 0:
        os.setsid()
        time.sleep(3600)
    """
    verdict = check(write_app(tmp_path / "app", code + "os._exit(5)\n"), only=("L1.1",))
    assert "exit code 5" in verdict.find("app_starts").finding.got


def test_run_that_takes_too_long_stops_with_a_failure(check, tmp_path):
    verdict = check(write_app(tmp_path / "app"), longest=0.0)
    first, *rest = verdict.report.results
    assert first.outcome == "failed"
    assert first.finding.expected == "all checks to be done within 0 s"
    assert {r.outcome for r in rest} == {"skipped"}


def test_limits_are_those_that_the_course_promises():
    limits = AppLimits()
    assert (limits.start, limits.silence, limits.answer) == (30.0, 10.0, 20.0)
    assert (limits.memory, limits.processes, limits.output) == (1 << 30, 64, 10 << 20)
