"""The way of a learner, from an empty folder on, command by command."""

import re
import shutil
import subprocess
from pathlib import Path

from chosen_checks import choose_first_task

from checker.course.manifest import load_lessons
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


def write_lesson_2_in_own_words(app: Path) -> None:
    """Solve lesson 2 in the same way."""
    settings = (
        "    better_auth_secret: SecretStr\n"
        "    access_token_minutes: int = Field(60, ge=1)\n"
        "    bcrypt_rounds: int = Field(12, ge=4)\n\n"
        "    @field_validator('better_auth_secret')\n"
        "    @classmethod\n"
        "    def is_long(cls, key: SecretStr) -> SecretStr:\n"
        "        assert len(key.get_secret_value().encode()) >= 32, 'too short'\n"
        "        return key\n"
    )
    edit(app / "settings.py", r"    # TODO L2\.1.*?bcrypt_rounds: int = 12\n", settings)
    types = (
        "def fits(password: str) -> str:\n"
        "    assert len(password.encode()) <= LONGEST_PASSWORD, 'too long'\n"
        "    return password\n\n\n"
        "Email = Annotated[EmailStr, BeforeValidator(normalise_email)]\n"
        "Password = Annotated[str, Field(min_length=8), AfterValidator(fits)]\n"
    )
    edit(app / "models/account.py", r"# TODO L2\.3.*?Password = str\n", types)
    passwords = app / "services/passwords.py"
    hashing = "    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds)).decode()\n"
    edit(passwords, r"    # TODO L2\.2: hash.*?\(\"L2\.2\"\)\n", hashing)
    checking = (
        "    try:\n"
        "        return bcrypt.checkpw(password.encode(), hashed_password.encode())\n"
        "    except ValueError:\n"
        "        return False\n"
    )
    edit(passwords, r"    # TODO L2\.2: compare.*?\(\"L2\.2\"\)\n", checking)
    tokens = app / "services/tokens.py"
    signing = (
        "    start = datetime.now(UTC)\n"
        "    end = start + timedelta(minutes=settings.access_token_minutes)\n"
        "    claims = dict(sub=user.email, user_id=str(user.id), iat=start, exp=end)\n"
        "    key = settings.better_auth_secret.get_secret_value()\n"
        "    return jwt.encode(claims, key, ALGORITHM)\n"
    )
    edit(tokens, r"    # TODO L2\.4.*?\(\"L2\.4\"\)\n", signing)
    reading = (
        "    key = settings.better_auth_secret.get_secret_value()\n"
        "    must = {'require': ['sub', 'user_id', 'iat', 'exp']}\n"
        "    try:\n"
        "        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options=must)\n"
        "        return UUID(claims['user_id'])\n"
        "    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:\n"
        "        raise InvalidTokenError from error\n"
    )
    edit(tokens, r"    # TODO L2\.6.*?\(\"L2\.6\"\)\n", reading)
    finding = (
        "    try:\n"
        "        found = users.find(read_user_id(token, settings))\n"
        "    except InvalidTokenError:\n"
        "        found = None\n"
        "    if not found:\n"
        "        headers = {'WWW-Authenticate': 'Bearer'}\n"
        "        raise HTTPException(401, 'Who are you?', headers)\n"
        "    return found\n"
    )
    edit(app / "middleware/auth.py", r"    # TODO L2\.6.*?\(\"L2\.6\"\)\n", finding)
    routes = app / "api/auth.py"
    registering = (
        "    safe = hash_password(new_user.password, settings.bcrypt_rounds)\n"
        "    try:\n"
        "        return users.add(new_user.email, new_user.name, safe)\n"
        "    except EmailTakenError as error:\n"
        "        raise HTTPException(409, 'We know you already.') from error\n"
    )
    edit(routes, r"    # TODO L2\.3.*?\(\"L2\.3\"\)\n", registering)
    signing_in = (
        "    found = users.find_by_email(read_email(form.username))\n"
        "    decoy = make_decoy_hash(settings.bcrypt_rounds)\n"
        "    fits = verify_password(form.password, found.hashed_password if found else decoy)\n"
        "    if not found or not fits:\n"
        "        raise HTTPException(401, 'No.', {'WWW-Authenticate': 'Bearer'})\n"
        "    seconds = 60 * settings.access_token_minutes\n"
        "    return Token(access_token=create_token(found, settings), expires_in=seconds)\n"
    )
    edit(routes, r"    # TODO L2\.5.*?\(\"L2\.5\"\)\n", signing_in)


def list_task_files(lesson: int) -> set[str]:
    """Return the files that the tasks of a lesson are solved in."""
    lessons = load_lessons(CoursePaths.find())
    (found,) = [one for one in lessons if one.number == lesson]
    return {file for task in found.tasks for file in task.files}


def test_course_fits_together():
    assert verify(CoursePaths.find()) == []


def list_files(app: Path) -> dict[str, bytes]:
    """Return the files of an app, without what the course and git leave out."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=app,
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        name: (app / name).read_bytes() for name in found.stdout.split() if name != "lesson.diff"
    }


def test_learner_walks_by_solve(run_course, tmp_path):
    paths = CoursePaths.find()
    for lesson in load_lessons(paths):
        started = run_course("start", lesson.number)
        assert started.returncode == 0, started.stdout + started.stderr
        run_course("solve", lesson.number)
        assert list_files(tmp_path / "workspace") == list_files(paths.solutions / lesson.slug)


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


def copy_task_files(lesson: int, workspace: Path) -> None:
    """Solve a lesson with the answers of the course."""
    solution = next(CoursePaths.find().solutions.glob(f"{lesson:02}-*"))
    for file in list_task_files(lesson):
        shutil.copy(solution / file, workspace / file)


def test_learner_with_code_of_their_own_comes_to_the_end(run_course, tmp_path):
    backend = tmp_path / "workspace" / "backend"
    run_course("start")
    write_lesson_1_in_own_words(backend)
    run_course("start", "2")
    write_lesson_2_in_own_words(backend / "app")
    green = run_course("check", "2")
    assert green.returncode == 0, green.stdout
    for lesson in (3, 4, 5, 6, 7):
        # From the pages on, the first task stands for all: the solution is checked elsewhere.
        chosen = choose_first_task(lesson)
        started = run_course("start", lesson)
        assert started.returncode == 0, started.stdout + started.stderr
        assert "'Who are you?'" in (backend / "app/middleware/auth.py").read_text()
        red = run_course("check", lesson, *chosen)
        assert red.returncode == 1, red.stdout
        assert "Next: mend " in red.stdout
        copy_task_files(lesson, backend.parent)
        green = run_course("check", lesson, *chosen)
        assert green.returncode == 0, green.stdout
    assert run_course("check", "3").returncode == 0
