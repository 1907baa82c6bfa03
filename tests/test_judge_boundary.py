"""What an app can see and change: nothing of the judge, and nothing of the learner's own files.

An app runs as the user who runs the judge. What that user's own programs may do to each other, on
purpose and by name, only the jail of the graders keeps apart.
"""

import json
import os
import stat
from pathlib import Path

import pytest
from hostile import MIB, ROOT, answer_with, write_app

from checker.probes import submission
from checker.probes.app import AppLimits
from checker.probes.project import Project

pytest_plugins = ("judge_fixtures",)

LOOK_AROUND = """
import json, os, resource, signal, sys
import __main__


def name_descriptor(fd):
    try:
        return os.readlink("/proc/self/fd/" + fd)
    except OSError:
        return ""


seen = {{
    "env": dict(os.environ),
    "cwd": os.getcwd(),
    "path": sys.path,
    "argv": sys.argv,
    "modules": [name for name in sys.modules if name in {ours}],
    "main": getattr(__main__, "__file__", None),
    "descriptors": [name_descriptor(fd) for fd in os.listdir("/proc/self/fd")],
    "session": [os.getpid(), os.getpgid(0), os.getsid(0)],
    "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
    "sigchld": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL,
}}
with open(f"{file}-{{os.getpid()}}", "w") as file:
    json.dump(seen, file)
"""
OURS = (
    *("app_host", "child", "disturb", "family", "nursery", "removal", "serve", "system"),
    *("checker", "pytest"),
)


@pytest.fixture
def seen(check, tmp_path, monkeypatch):
    """What an app sees when it looks around."""
    monkeypatch.setenv("COURSE_TEST_SECRET", "of the judge")
    monkeypatch.setenv("BETTER_AUTH_SECRET", "of the learner's own shell, not for this app")
    file = tmp_path / "seen"
    app = write_app(tmp_path / "original", LOOK_AROUND.format(file=file, ours=OURS))
    assert check(app, only=("app_starts",)).report.exit_code == 0
    first = min(tmp_path.glob("seen-*"), key=lambda path: path.stat().st_mtime_ns)
    return json.loads(first.read_text(encoding="utf-8"))


def test_app_gets_no_variable_of_ours(seen):
    assert set(seen["env"]) <= {
        *("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "LANG", "PATH"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "PYTHONUNBUFFERED"),
        *("LC_CTYPE", "SYSTEMROOT", "PATHEXT", "COMSPEC"),
    }


def test_app_is_told_no_path_of_the_original(seen, tmp_path):
    assert str(tmp_path / "original") not in json.dumps(seen)
    assert str(ROOT / "checker") not in json.dumps([seen["env"], seen["path"], seen["cwd"]])


def test_app_has_no_module_of_ours(seen):
    assert seen["modules"] == []
    assert seen["main"] is None


def test_package_that_the_app_did_not_ask_for_is_merely_absent(check, tmp_path):
    code = "import importlib.util\nassert importlib.util.find_spec('sqlmodel') is None"
    assert check(write_app(tmp_path / "app", code), only=("app_starts",)).report.exit_code == 0


def test_app_holds_its_own_descriptors_only(seen):
    kinds = sorted(name.partition(":")[0] for name in seen["descriptors"] if name)
    own = [kind for kind in kinds if not kind.startswith(("/proc", "anon_inode"))]
    # /dev/null, both streams, the port, and the pair that asyncio wakes itself with
    assert own == ["/dev/null", "pipe", "pipe", "socket", "socket", "socket"]


def test_app_is_a_session_of_its_own(seen):
    assert len(set(seen["session"])) == 1
    assert seen["sigchld"]
    assert seen["core"] == 0


def test_files_of_the_learner_are_not_touched(check, tmp_path):
    code = """
    import pathlib, shutil
    for path in pathlib.Path.cwd().parent.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    """
    app = write_app(tmp_path / "app", code)
    before = read_tree(app)
    check(app)
    assert read_tree(app) == before


def test_folder_of_the_run_may_vanish_under_it(check, tmp_path):
    code = "import os, shutil\nshutil.rmtree(os.path.dirname(os.path.dirname(os.getcwd())))"
    assert check(write_app(tmp_path / "app", code)).report.exit_code == 1


def test_app_cannot_change_what_is_looked_at(check, tmp_path):
    code = "import pathlib\npathlib.Path('requirements.txt').write_text('fastapi==0.165.0\\n')"
    app = write_app(tmp_path / "app", code)
    with (app / "backend/requirements.txt").open("a") as requirements:
        requirements.write("\nfastapi\n")
    assert "requirements_are_pinned" in check(app).list_checks("failed")


def test_app_cannot_write_the_status_of_another(check, tmp_path):
    code = """
    import os, time
    for fd in range(3, 200):
        try:
            os.write(fd, b"exit 0\\n")
        except OSError:
            pass
    """
    assert check(write_app(tmp_path / "app", code)).report.exit_code == 0


def test_settings_of_pytest_in_the_app_count_for_nothing(check, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "not_there")
    app = write_app(
        tmp_path / "app",
        'raise RuntimeError("broken")',
        files={
            "conftest.py": "raise SystemExit(0)",
            "backend/conftest.py": "raise SystemExit(0)",
            "pytest.ini": "[pytest]\naddopts = --collect-only\n",
            "backend/sitecustomize.py": "import os\nos._exit(0)",
        },
    )
    monkeypatch.chdir(app)
    assert check(app).list_checks("failed") == ["app_starts"]


def test_tree_that_no_path_can_name_is_removed(check, tmp_path):
    code = """
    import os
    for _ in range(1200):
        os.mkdir("d" * 20)
        os.chdir("d" * 20)
    os.mkdir("closed", 0)
    """
    check(write_app(tmp_path / "app", code), only=("L1.1",))


def test_what_git_would_not_carry_is_not_copied(check, tmp_path):
    listing = tmp_path / "listing"
    code = f"""
    import pathlib
    root = pathlib.Path.cwd().parent
    names = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    pathlib.Path({str(listing)!r}).write_text(" ".join(names))
    """
    app = write_app(tmp_path / "app", code, files={"backend/.env": "KEY=1", ".venv/x.py": ""})
    (tmp_path / "outside").write_text("secret")
    (app / "backend/link").symlink_to(tmp_path / "outside")
    (app / "backend/folder").symlink_to(tmp_path)
    (app / "backend/inside").symlink_to(app / "backend/app", target_is_directory=True)
    (app / "loop").symlink_to(app / "loop")
    os.mkfifo(app / "pipe")
    check(app, only=("app_starts",))
    names = set(listing.read_text().split())
    assert not names & {"backend/.env", ".venv/x.py", "backend/link", "backend/folder", "pipe"}
    assert "backend/inside" in names


def test_too_many_files_are_refused(check, tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MOST_FILES", 5)
    finding = check(write_app(tmp_path / "app")).find("layout_is_there").finding
    assert finding.got == "more than 5 files or 100 MiB, environments left out"


def test_files_of_200_mb_are_refused(check, tmp_path):
    app = write_app(tmp_path / "app")
    with (app / "film.mp4").open("wb") as film:
        film.truncate(200 * MIB)
    assert "100 MiB" in check(app).find("layout_is_there").finding.got


def test_file_without_rights_is_named(check, tmp_path, monkeypatch):
    app = write_app(tmp_path / "app")
    locked = app / "backend/app/settings.py"
    locked.chmod(0)
    if os.access(locked, os.R_OK):  # root reads everything
        refuse_to_open(locked, monkeypatch)
    finding = check(app).find("layout_is_there").finding
    assert finding.got == "backend/app/settings.py: Permission denied"
    assert "right to read" in finding.next_step


def test_file_names_that_are_no_text_are_survived(check, tmp_path):
    app = write_app(tmp_path / "app")
    for name in (b"new\nline.py", b"\x1b[31mred.py", b"\xff\xfe.py", "\u202emirrored.py".encode()):
        Path(os.fsdecode(os.fsencode(app / "backend/app") + b"/" + name)).write_text("import os")
    verdict = check(app)
    assert verdict.report.exit_code == 0
    assert len(Project(app, app).list_files("backend/app", ".py")) > 4


def test_report_of_a_file_name_that_is_no_text_can_be_written(run_course, leftovers, tmp_path):
    app = write_app(tmp_path / "app")
    code = b"import os\nos.getenv('X')\n"
    Path(os.fsdecode(os.fsencode(app / "backend/app") + b"/\xff\x1b[31m.py")).write_bytes(code)
    file = tmp_path / "report.json"
    done = run_course("check", 1, "--dir", app, "--json", file, "--only", "settings_in_one_place")
    assert done.returncode == 1, done.stderr
    assert "\x1b" not in done.stdout
    assert r"\udcff" in file.read_text(encoding="utf-8")
    assert leftovers.is_dir()


@pytest.mark.parametrize("body", ["<script>alert(1)</script>", "\x1b[2J\x1b[31mred"])
def test_what_an_app_sends_reaches_terminal_and_page_harmless(
    body, run_course, leftovers, tmp_path
):
    route = answer_with(f'await send({{"type": "http.response.body", "body": {body.encode()!r}}})')
    page = tmp_path / "report.html"
    app = write_app(tmp_path / "app", route=route)
    done = run_course("check", 1, "--dir", app, "--html", page, "--only", "L1.2")
    assert done.returncode == 1, done.stderr
    assert "\x1b[2J" not in done.stdout
    assert "<script>" not in page.read_text(encoding="utf-8")
    assert leftovers.is_dir()


def test_scratch_of_a_run_is_private(check, tmp_path, leftovers):
    file = tmp_path / "mode"
    code = f"""
    import pathlib
    mode = pathlib.Path.cwd().parent.parent.stat().st_mode
    pathlib.Path({str(file)!r}).write_text(str(mode))
    """
    check(write_app(tmp_path / "app", code), only=("app_starts",))
    assert stat.S_IMODE(int(file.read_text())) == 0o700
    assert stat.S_IMODE((leftovers / f"course-warm-{os.getuid()}").stat().st_mode) == 0o700


def test_app_that_fills_its_disk_is_stopped_at_a_file(check, tmp_path):
    code = """
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
    """
    finding = check(write_app(tmp_path / "app", code), AppLimits(file=8 * MIB)).find("app_starts")
    assert "File too large" in finding.finding.log


def read_tree(folder):
    """Return the content of every file."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refuse_to_open(locked, monkeypatch):
    """Let a file look as it looks to a user who may not read it."""
    open_file = Path.open

    def refuse(path, *arguments, **options):
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
