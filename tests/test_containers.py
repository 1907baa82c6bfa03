"""Dockerfiles and compose files as the judge reads them, and the images that the course gets."""

import subprocess

import pytest

from checker.checks.dockerfiles import find_variable
from checker.containers.bases import list_tags
from checker.containers.compose import ComposeError, parse_compose
from checker.containers.dockerfile import parse_dockerfile
from checker.containers.engine import find_engine
from checker.containers.ignore import is_left_out
from checker.containers.safety import find_danger
from checker.containers.standin import Recipe, find_recipe
from checker.doctor.containers import choose_engine
from checker.errors import ProbeError
from checker.paths import CoursePaths
from checker.probes.containers.hadolint import lint_dockerfile

NEEDS_ENGINE = pytest.mark.skipif(choose_engine() is None, reason="no container engine answers")

TWO_STAGES = r"""# syntax=docker/dockerfile:1
ARG VERSION=3.13
FROM python:${VERSION}-slim AS Packages
RUN pip install \
    # a comment in between
    --no-cache-dir fastapi
COPY <<EOF /etc/hello
FROM nowhere
EOF
FROM --platform=linux/amd64 python:$VERSION-slim
COPY --from=packages --chown=1000 /opt /opt
COPY --from=nginx:1.29 /etc/nginx /etc/nginx
copy . .
CMD ["python", "-m", "app"]
"""


def test_dockerfile_is_read_into_stages():
    parsed = parse_dockerfile(TWO_STAGES)
    assert [(s.base, s.name) for s in parsed.stages] == [
        ("python:3.13-slim", "packages"),
        ("python:3.13-slim", ""),
    ]
    run, document = parsed.stages[0].instructions
    assert run.rest.split() == ["pip", "install", "--no-cache-dir", "fastapi"]
    assert document.word == "COPY"
    assert parsed.final.find("COPY")[0].origins == ["packages"]
    assert parsed.final.find_last("CMD").listed == ["python", "-m", "app"]
    assert parsed.final.find("COPY")[2].listed is None


def test_bases_are_what_comes_from_elsewhere():
    assert parse_dockerfile(TWO_STAGES).bases == ["python:3.13-slim", "nginx:1.29"]


def test_stage_is_traced_to_what_it_is_built_upon():
    text = "FROM node:24 AS one\nFROM one AS two\nFROM two\nFROM scratch\nCOPY --from=0 / /\n"
    parsed = parse_dockerfile(text)
    assert [s.name for s in parsed.trace(parsed.stages[2])] == ["", "two", "one"]
    assert parsed.bases == ["node:24"]


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("FROM a\nENV PORT=7860\n", "7860"),
        ("FROM a\nENV PORT 7860\n", "7860"),
        ("FROM a\nARG PORT=7860\nENV PORT=${PORT}\n", "7860"),
        ("FROM a\nENV PORT=${PORT:-7860}\n", "7860"),
        ("ARG P=7860\nFROM a\nARG P\nENV PORT=$P\n", "7860"),
        ("ARG P=7860\nFROM a\nENV PORT=$P\n", ""),
        ("FROM a AS b\nENV PORT=8000\nFROM b\nENV PORT=7860\n", "7860"),
        ("FROM a AS b\nARG P=1\nENV PORT=7860\nFROM b\nENV X=$P\n", "7860"),
        ("FROM a\nENV PORT=3000\nARG PORT=7860\nENV PORT=${PORT}\n", "3000"),
        ("FROM a\nARG TOLD=1\nENV PORT=$TOLD\n", "7860"),
        ("FROM a\nEXPOSE 8000\n", ""),
    ],
)
def test_variable_of_an_image_is_what_its_last_stage_makes_of_it(text, port):
    assert find_variable(parse_dockerfile(text), "PORT", {"TOLD": "7860"}) == port


def test_arguments_are_made_of_earlier_ones():
    parsed = parse_dockerfile(
        "ARG V=3.13 OS='trixie'\nARG BASE=python:${V}-slim-$OS\nFROM ${BASE} AS a\nFROM $BASE-x\n"
        "ENV A=1 B='two words'\nENV C three words\nARG D E=5\n"
    )
    assert parsed.bases == ["python:3.13-slim-trixie", "python:3.13-slim-trixie-x"]
    pairs = [one.pairs for one in parsed.final.instructions]
    assert pairs[0] == [("A", "1"), ("B", "two words")]
    assert pairs[1:] == [[("C", "three words")], [("D", ""), ("E", "5")]]


def test_every_mount_of_a_step_is_seen():
    run = "RUN --mount=type=cache,target=/c --mount=type=bind,from=wheels,target=/w \\\n"
    text = f"FROM node:24 AS wheels\nFROM node:24\n{run} --mount=from=nginx:1.29,target=/n pip\n"
    parsed = parse_dockerfile(text)
    assert parsed.final.instructions[0].origins == ["wheels", "nginx:1.29"]
    assert parsed.bases == ["node:24", "nginx:1.29"]


@pytest.mark.parametrize(
    "run",
    [
        "RUN echo $((1 << 3))",
        'RUN sha256sum --check <<< "$SUM"',
        "RUN <<EOF sh\nUSER root\nEOF",
        "RUN <<-'EOF'\n\tUSER root\n\tEOF",
        'COPY <<A <<"B" /etc/\nUSER root\nA\nUSER root\nB',
    ],
)
def test_document_ends_where_it_says(run):
    parsed = parse_dockerfile(f"FROM node:24\n{run}\nUSER 1000\n")
    assert [one.word for one in parsed.final.instructions] == [run.split()[0], "USER"]


def test_linter_reads_what_follows_a_document(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian:13\nRUN <<EOF\ntrue\nEOF\nRUN cd /x || exit\n")
    found = lint_dockerfile(file, CoursePaths.find())
    assert [(one.line, one.code) for one in found] == [(5, "DL3003")]


def test_compose_is_read_whichever_way_it_is_written():
    compose = parse_compose(
        "services:\n"
        "  db: {image: 'postgres:17', environment: [A=1, B], volumes: ['data:/var/lib:ro']}\n"
        "  api: {build: {context: ./backend, args: {C: 2}}, depends_on: [db]}\n"
        "  web: {build: ./frontend, depends_on: {api: {condition: service_healthy}}}\n"
        "volumes: {data: }\n"
    )
    assert compose.find_database() == compose.services["db"]
    assert compose.services["db"].environment == {"A": "1", "B": ""}
    assert compose.services["db"].volumes == [("data", "/var/lib")]
    assert compose.services["api"].waits == {"db": "service_started"}
    assert compose.services["api"].build_arguments == {"C": "2"}
    assert compose.services["web"].waits == {"api": "service_healthy"}
    assert compose.find_built("frontend") == [compose.services["web"]]
    assert compose.volumes == ("data",)


def test_tool_with_a_profile_is_none_of_what_is_started():
    compose = parse_compose(
        "services:\n"
        "  backup: {image: 'postgres:17', profiles: [tools]}\n"
        "  lint: {build: ./backend, profiles: [tools]}\n"
        "  db: {image: 'postgres:17'}\n"
        "  api: {build: ./backend}\n"
    )
    assert compose.find_database() == compose.services["db"]
    assert compose.find_built("backend") == [compose.services["api"]]


def test_line_of_a_backslash_alone_is_no_instruction():
    parsed = parse_dockerfile("FROM node:24\n\\\n\nUSER 1000\n")
    assert [one.word for one in parsed.final.instructions] == ["USER"]


def test_image_that_another_service_builds_is_built():
    compose = parse_compose(
        "services:\n"
        "  tables: {image: 'board:latest', command: migrate}\n"
        "  api: {image: board, build: ./backend}\n"
        "  db: {image: 'postgres:17'}\n"
    )
    assert [one.name for one in compose.find_built("backend")] == ["tables", "api"]
    assert not compose.services["db"].is_built


@pytest.mark.parametrize("text", ["services:\n\tdb: {}", "services: [db]", "", "version: '3'"])
def test_compose_that_is_none_is_told_in_words(text):
    with pytest.raises(ComposeError) as told:
        parse_compose(text)
    assert "compose file" in told.value.problem


# What is left out


@pytest.mark.parametrize(
    ("patterns", "path", "is_out"),
    [
        (".env", ".env", True),
        (".env", "app/.env", False),
        ("**/.env", "app/.env", True),
        ("**/.env", ".env", True),
        (".env*", ".env.local", True),
        ("/node_modules/", "node_modules/next/package.json", True),
        ("node_modules", "node_modules_too", False),
        ("*/cache", "app/cache/x", True),
        ("*", "app/main.py", True),
        ("*\n!app", "app/main.py", False),
        ("app\n!app/main.py", "app/main.py", False),
        ("# .env\n\n", ".env", False),
        ("[", "[", False),
        ("a?c", "abc", True),
        ("**" * 9, "anything", False),
    ],
)
def test_dockerignore_is_read_as_the_engine_reads_it(patterns, path, is_out):
    assert is_left_out(patterns, path) == is_out


@pytest.mark.parametrize(
    ("facts", "danger"),
    [
        ({"image": "postgres:17", "volumes": ["data:/x", "./seed:/y"]}, ""),
        ({"network_mode": "none", "pid": "service:api"}, ""),
        ({"privileged": True}, "privileged"),
        ({"security_opt": ["no-new-privileges:true"], "cap_drop": ["ALL"]}, ""),
        ({"security_opt": ["no-new-privileges", "seccomp:unconfined"]}, "security_opt"),
        ({"cap_drop": ["ALL"], "cap_add": ["CHOWN", "cap_setuid"]}, ""),
        ({"cap_add": ["CHOWN", "SYS_ADMIN"]}, "cap_add"),
        ({"cap_add": "CHOWN"}, "cap_add"),
        ({"pid": "host"}, "pid: host"),
        ({"container_name": "db"}, "container_name"),
        ({"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]}, "docker.sock"),
        ({"volumes": [{"type": "bind", "source": "../..", "target": "/x"}]}, "../.."),
        ({"volumes": ["./a/../../..:/x"]}, "./a"),
        ({"volumes": ["${HOME}:/x"]}, "HOME"),
    ],
)
def test_service_that_reaches_for_the_host_is_found(facts, danger):
    found = find_danger(facts)
    assert danger in found
    assert bool(found) == bool(danger)


# Images


@pytest.mark.parametrize(
    ("tag", "recipe"),
    [
        ("python:3.13-slim-trixie", Recipe("python", "3.13")),
        ("docker.io/library/python:3.13.5", Recipe("python", "3.13")),
        ("python:3.12-slim", None),
        ("python:3.13-alpine", None),
        ("node:24.9-slim", Recipe("node", "24")),
        ("postgres:17", Recipe("postgres", "17")),
        ("postgres:18", None),
        ("python", None),
        ("nginx:1.29", None),
    ],
)
def test_standin_is_made_of_what_debian_has(tag, recipe):
    assert find_recipe(tag) == recipe


def test_images_of_an_app_are_those_of_its_files(tmp_path):
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "Dockerfile").write_text("FROM python:3.13\nFROM python:3.13\n")
    (tmp_path / "compose.yaml").write_text(
        "services: {db: {image: 'postgres:17'}, api: {build: backend, image: mine},"
        " tables: {image: mine}, look: {image: 'adminer:5', profiles: [tools]}}\n"
    )
    assert list_tags(tmp_path) == ["python:3.13", "postgres:17"]


def test_machine_without_engine_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProbeError) as told:
        find_engine()
    assert told.value.problem.startswith("needs a container engine: ")
    assert told.value.next_step


@NEEDS_ENGINE
def test_image_that_is_nowhere_is_told_with_a_way_out(run_course, tmp_path):
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "Dockerfile").write_text("FROM course-test.invalid/nothing:1\n")
    listed = run_course("images", "--list", "--dir", tmp_path)
    assert listed.returncode == 2
    assert listed.stdout.split() == ["missing", "course-test.invalid/nothing:1"]
    done = run_course("images", "--dir", tmp_path)
    assert done.returncode == 2
    assert "cannot be pulled" in done.stderr
    assert "./course images --from FILE" in done.stderr


@NEEDS_ENGINE
def test_image_is_taken_from_a_file(run_course, tmp_path):
    engine = find_engine()
    tag = "course-test-empty:1"
    (tmp_path / "backend").mkdir()
    dockerfile = tmp_path / "backend" / "Dockerfile"
    dockerfile.write_text("FROM scratch\nCOPY Dockerfile /\n")
    engine.ask("build", "--tag", tag, tmp_path / "backend")
    try:
        subprocess.run(
            [engine.program, "save", tag, "--output", tmp_path / "images.tar"], check=True
        )
    finally:
        engine.ask("image", "rm", tag)
    dockerfile.write_text(f"FROM {tag}\n")
    try:
        done = run_course("images", "--from", tmp_path / "images.tar", "--dir", tmp_path)
        assert done.stdout.split()[-2:] == ["engine", tag], done.stdout + done.stderr
    finally:
        engine.ask("image", "rm", tag)
