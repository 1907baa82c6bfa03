"""What the checks of lesson 6 read in Dockerfiles, compose files and .env.example."""

from contextlib import nullcontext
from itertools import pairwise

import pytest

from checker.checks import test_06_6_compose as compose_checks
from checker.checks.compose_files import list_variables, read_env
from checker.checks.compose_views import is_needed
from checker.checks.dockerfiles import SECRET_NAME, expect_exec, installs
from checker.checks.failure import CheckFailed
from checker.checks.test_06_2_backend_image import expect_packages_first, expect_stages
from checker.checks.test_06_4_frontend_image import BUILD
from checker.checks.test_06_6_compose import find_secret, is_called, is_random_text
from checker.containers.dockerfile import parse_dockerfile
from checker.probes.project import Project


@pytest.mark.parametrize(
    ("last", "is_staged"),
    [
        ("FROM a\nCOPY --from=b / /", True),
        ("FROM a\nRUN --mount=type=cache,target=/c --mount=type=bind,from=b,target=/b pip", True),
        ("FROM a AS c\nCOPY --from=b / /\nFROM c AS d\nCOPY . .", True),
        ("FROM b\nCOPY . .", False),
        ("FROM a\nCOPY --from=elsewhere:1 / /", False),
    ],
)
def test_image_takes_from_another_stage(last, is_staged):
    with nullcontext() if is_staged else pytest.raises(CheckFailed, match="without COPY"):
        expect_stages(parse_dockerfile(f"FROM a AS b\n{last}\n"), "backend", "L6.2")


@pytest.mark.parametrize(
    ("command", "base", "works"),
    [
        (["bash", "-c", "uvicorn app.main:app"], "python:3.13-slim", True),
        (["/bin/sh", "-c", "uvicorn app.main:app"], "python:3.13", False),
        (["sh", "-c", "uvicorn app.main:app"], "python:3.13-alpine", True),
        (["sh", "-c", "exec uvicorn app.main:app"], "python:3.13-slim", True),
        (["sh", "-e", "-c", "uvicorn app.main:app", "serve"], "python:3.13-slim", False),
        (["sh", "-ec", "uvicorn app.main:app"], "python:3.13-slim", False),
        (["sh", "-e", "start.sh"], "python:3.13-slim", True),
        (["sh", "./start.sh", "serve"], "python:3.13-slim", True),
        (["sh", "start.sh", "gunicorn", "-c", "conf.py", "app.main:app"], "python:3.13", True),
        (["sh", "-c", "-e", "uvicorn app.main:app"], "python:3.13", False),
    ],
)
def test_shell_that_keeps_signals_to_itself_is_refused(command, base, works):
    with nullcontext() if works else pytest.raises(CheckFailed, match="give its place"):
        expect_exec(command, base, "backend")


@pytest.mark.parametrize(
    ("command", "is_install", "builds"),
    [
        ("npm i --no-audit", True, False),
        ("corepack enable pnpm && pnpm i", True, False),
        ('["bun", "i"]', True, False),
        ("pip config set global.index-url -i", False, False),
        ("npm --prefix /build ci", True, False),
        ("npm ci --build-from-source --cache /tmp/build/.npm", True, False),
        ("pnpm install --allow-build=sharp", True, False),
        ("npm run test && rm -rf build", False, False),
        ("npm i -g npm@11.6.0", False, False),
        ("pip install --no-cache-dir wheel==0.45.1", False, False),
        ("pip install uv && uv sync --frozen", True, False),
        ("pip install -r requirements.txt", True, False),
        ("pip install --no-cache-dir --requirement=requirements.txt", True, False),
        ("pip install -rrequirements.txt", True, False),
        ("pip install -U pip -rrequirements.txt", True, False),
        ('["npm", "run", "build"]', False, True),
        ("npm run build:pages", False, True),
        ("npm run docker:build", False, True),
        ("npm run 'build'", False, True),
        ("node --run build", False, True),
        ("npx next build", False, True),
    ],
)
def test_step_that_installs_or_builds_is_known_by_its_words(command, is_install, builds):
    assert installs(command) == is_install
    assert bool(BUILD.search(command)) == builds


@pytest.mark.parametrize(
    ("copied", "is_early"),
    [
        ("COPY . .", True),
        ("COPY ./ ./", True),
        ("ADD src/ ./src/", True),
        ("COPY package.json src/app ./", True),
        ("COPY patches ./patches", False),
        ("COPY package.json src/app/page.tsx ./", False),
        ("COPY <<EOF .npmrc\nsrc=x\nEOF", False),
    ],
)
def test_packages_come_before_the_folders_of_sources(tmp_path, copied, is_early):
    for name in ("src/app/page.tsx", "patches/next.patch"):
        file = tmp_path / "frontend" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x\n")
    parsed = parse_dockerfile(f"FROM node:24\n{copied}\nRUN npm ci\n")
    with pytest.raises(CheckFailed, match="copies sources") if is_early else nullcontext():
        expect_packages_first(Project(tmp_path, tmp_path), parsed, "frontend", "L6.4")


@pytest.mark.parametrize(
    ("name", "value", "is_one"),
    [
        ("DATABASE_URL", "postgresql://db/tasks", True),
        ("CACHE", "redis://localhost:6379", True),
        ("PGHOST", "localhost", True),
        ("FRONTEND_URL", "http://localhost:3000", False),
        ("ALLOWED_HOSTS", "localhost", False),
        ("CORS_ORIGINS", "capacitor://localhost", False),
    ],
)
def test_variable_by_which_a_service_calls_is_told_from_others(name, value, is_one):
    assert is_called(name, value) == is_one


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=   # openssl rand -base64 48", ""),
        ("A=b   # c", "b"),
        ("A=b#c", "b#c"),
        ("export A='b # c' # d", "b # c"),
        ('A="b"', "b"),
        ("A=postgresql://a:${B}@db/c", "postgresql://a:${B}@db/c"),
    ],
)
def test_line_of_env_is_read_without_its_comment(line, value):
    assert read_env(f"# Z=1\n{line}\n") == {"A": value}


@pytest.mark.parametrize(
    ("name", "value", "is_one"),
    [
        ("BETTER_AUTH_SECRET", "Zk3vQ9xT7mLp2WnR8sYb5cFd1gHj4kAq", True),
        ("BETTER_AUTH_SECRET", "Zk3vQ9xT7$mLp2WnR8sYb5cFd1gHj4kAq", True),
        ("BETTER_AUTH_SECRET", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", True),
        ("BETTER_AUTH_SECRET", "<at least 32 characters>", False),
        ("BETTER_AUTH_SECRET", "change-me-at-least-32-characters-long", False),
        ("BETTER_AUTH_SECRET", "replacethiswith32randomcharacters", False),
        ("BETTER_AUTH_SECRET", "openssl-rand-base64-48", False),
        ("OPENAI_API_KEY", "sk-...", False),
        ("BETTER_AUTH_SECRET_FILE", "/run/secrets/Zk3vQ9xT7mLp2WnR8sYb5cFd1gHj4kAq", False),
        ("DATABASE_URL", "postgresql://app:Zk3vQ9xT7mLp2WnR8sYb5c@db/app", True),
        ("DATABASE_URL", "postgresql://taskboard:${POSTGRES_PASSWORD}@db:5432/taskboard", False),
        ("DATABASE_URL", "postgresql://taskboard@db:5432/taskboard", False),
        ("DATABASE_URL", "postgresql://app:dev9Xq2Lw7Zr${SUFFIX}@db/app", False),
        ("DATABASE_URL", "postgresql://neondb_owner:npg_Xy12AbCdEfGh@db.example/neondb", True),
        ("DATABASE_URL", "postgresql://db.example/app?user=a&password=npg_Xy12AbCdEfGh", True),
        ("POSTGRES_PASSWORD", "xK9!mP2#vL7qR4@nT6&wZ8*cB3^fG5", True),
    ],
)
def test_secret_is_told_from_what_stands_in_for_one(name, value, is_one):
    assert is_random_text(find_secret(name, value)) == is_one


@pytest.mark.parametrize(
    ("name", "rule", "is_filled"),
    [
        ("STORE_PASSWORD", "", True),
        ("POSTGRES_USER", "", True),
        ("DB_PASS", "", True),
        ("APP_DB_USER", "", True),
        ("SITE", ":?say where", True),
        ("CHAT_DAILY_TOKENS", "", False),
        ("SMTP_PASSWORD", ":-", False),
        ("POSTGRES_PORT", "", False),
    ],
)
def test_what_is_empty_is_filled_in_when_the_app_needs_it(name, rule, is_filled):
    assert is_needed(name, rule) == is_filled


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("POSTGRES_PASSWORD", True),
        ("HF_TOKEN", True),
        ("BETTER_AUTH_SECRET_FILE", False),
        ("SECRETS_DIR", False),
        ("TOKENIZERS_PARALLELISM", False),
        ("ACCESS_TOKEN_MINUTES", False),
    ],
)
def test_name_of_a_secret_is_told_from_others(name, is_one):
    assert bool(SECRET_NAME.search(name)) == is_one


@pytest.mark.parametrize(
    ("example", "is_listed"),
    [
        ("A=\nB=\nBETTER_AUTH_SECRET=\n", True),
        ("A=\n# B=80\nBETTER_AUTH_SECRET=\n", True),
        ("# A=\nB=\nBETTER_AUTH_SECRET=\n", False),
        ("A=\nBETTER_AUTH_SECRET=\n", False),
    ],
)
def test_variable_that_has_a_default_may_be_listed_in_a_comment(tmp_path, example, is_listed):
    (tmp_path / ".env.example").write_text(example)
    (tmp_path / ".gitignore").write_text(".env\n")
    (tmp_path / "compose.yaml").write_text(
        "services: {a: {image: '${A:?}', ports: ['${B:-80}:80']}}  # no ${C}\n"
    )
    with nullcontext() if is_listed else pytest.raises(CheckFailed, match="nothing for"):
        compose_checks.test_variables_are_listed(Project(tmp_path, tmp_path))


@pytest.mark.parametrize("line", ["SECRET={}\n# SECRET=\n", "# SECRET={}\nSECRET=\n"])
def test_secret_is_seen_beside_a_line_that_gives_none(tmp_path, line):
    text = f"BETTER_AUTH_SECRET=\nA=\n{line}".format("Zk3vQ9xT7mLp2WnR8sYb5cFd1gHj4kAq")
    (tmp_path / ".env.example").write_text(text)
    (tmp_path / "compose.yaml").write_text("services: {a: {image: '$A'}}\n")
    with pytest.raises(CheckFailed, match="values for SECRET"):
        compose_checks.test_variables_are_listed(Project(tmp_path, tmp_path))


def test_number_sign_in_a_rule_begins_no_comment():
    text = 'A: "${A:?see README #settings}"\nB: "b #${B:-c # d}" # ${C}\n# $D\n'
    assert list_variables(text) == {"A": ":?see README #settings", "B": ":-c # d"}


def test_file_that_refers_to_itself_is_read_once():
    bomb = "a: &a [$A, $B]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghij")
    )
    assert list_variables(bomb) == {"A": "", "B": ""}
