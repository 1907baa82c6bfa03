"""The way of a learner, from an empty folder on, command by command."""

import re
import subprocess
from pathlib import Path

from checker.course.verify import verify
from checker.paths import CoursePaths


def edit(file: Path, pattern: str, replacement: str) -> None:
    text, number = re.subn(pattern, replacement, file.read_text(), flags=re.DOTALL)
    assert number == 1, f"{pattern} in {file}"
    file.write_text(text)


def write_lesson_1_in_own_words(backend: Path) -> None:
    """Solve lesson 1 as somebody would who has not seen the solution."""
    health = "@router.get('/health')\nasync def health():\n    return {'status': 'ok'}\n"
    edit(backend / "app/api/health.py", r"# TODO L1\.1.*", health)
    main = backend / "app/main.py"
    edit(
        main,
        r"    # TODO L1\.2[^\n]*\n    app = FastAPI\(",
        "    app = FastAPI(title='Mine', version='0.1', ",
    )
    cors = (
        "    origins = settings.cors_origins\n"
        "    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True,\n"
        "                       allow_methods=['*'], allow_headers=['*'])\n"
    )
    edit(main, r"    # TODO L1\.3[^\n]*\n", cors)
    lifespan = "    print('Taskboard is up')\n    yield\n    print('Taskboard is down')\n"
    edit(main, r"    # TODO L1\.5[^\n]*\n    yield\n", lifespan)
    split = (
        "        wanted = value if isinstance(value, list) else value.split(',')\n"
        "        if '*' in wanted:\n"
        "            raise ValueError('no stars')\n"
        "        return [origin.strip() for origin in wanted]\n"
    )
    edit(backend / "app/settings.py", r'        return \["http://localhost:3000"\]\n', split)
    pins = "fastapi==0.165.0\nuvicorn==0.54.0\npydantic-settings==2.16.3\n"
    requirements = backend / "requirements.txt"
    edit(requirements, r"# TODO L1\.6[^\n]*\nfastapi\npydantic-settings\nuvicorn\n", pins)
    edit(backend.parent / ".gitignore", r"# TODO L1\.6[^\n]*\n", ".venv/\n.env\n")


def test_course_fits_together():
    assert verify(CoursePaths.find()) == []


def test_learner_walks_by_solve(run_course):
    assert run_course("start").returncode == 0
    red = run_course("check", "1")
    assert (red.returncode, "./course hint L1.1" in red.stdout) == (1, True), red.stdout
    run_course("solve", "1")
    assert run_course("check", "1").returncode == 0
    started = run_course("start", "2")
    assert started.returncode == 0, started.stdout + started.stderr
    red = run_course("check", "2")
    assert (red.returncode, "L2.1" in red.stdout) == (1, True), red.stdout
    run_course("solve", "2")
    green = run_course("check")
    assert green.returncode == 0, green.stdout


def test_learner_with_code_of_their_own_gets_the_next_lesson(run_course, tmp_path):
    backend = tmp_path / "workspace" / "backend"
    run_course("start")
    write_lesson_1_in_own_words(backend)
    green = run_course("check", "1")
    assert green.returncode == 0, green.stdout

    started = run_course("start", "2")

    assert started.returncode == 0, started.stdout + started.stderr
    assert "title='Mine'" in (backend / "app/main.py").read_text()
    assert "L2.1" in (backend / "app/settings.py").read_text()
    kept = run_course("check", "2", "--only", "cors_origins_from_environment")
    assert kept.returncode == 0, kept.stdout
    state = subprocess.run(
        ["git", "-C", backend.parent, "status", "--porcelain"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert state.stdout == ""
