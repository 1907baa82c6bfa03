"""The workplace for containers: what it reads, what it runs, and that nothing of it stays."""

import re
import subprocess
import sys
import threading
import time

import pytest

from checker.checks.dockerfiles import installs
from checker.containers.engine import find_engine
from checker.doctor.containers import choose_compose, choose_engine
from checker.errors import ProbeError
from checker.probes.containers.cache import cut_after, find_verdict
from checker.probes.containers.guard import LABEL
from checker.probes.containers.images import BuildSpec, build, look_inside
from checker.probes.containers.lab import Lab
from checker.probes.containers.render import (
    list_published,
    make_own,
    move_addresses,
    move_ports,
    parse_rendered,
    read_build,
    tell_defaults,
)
from checker.probes.containers.running import run_container
from checker.probes.containers.stack import prepare_stack
from checker.probes.containers.traps import set_traps
from checker.probes.containers.trouble import ContainerError, excuse_machine

NEEDS_ENGINE = pytest.mark.skipif(choose_engine() is None, reason="no container engine answers")
NEEDS_COMPOSE = pytest.mark.skipif(
    choose_engine() is None or choose_compose() is None, reason="no engine, or no compose"
)
IMAGE = "python:3.13-slim-trixie"  # of the solution: ./course images has got it
SLEEPER = f"""\
FROM {IMAGE}
COPY hello.txt /hello.txt
CMD ["python3", "-c", "import time; time.sleep(600)"]
"""


@pytest.fixture
def app(tmp_path):
    """An app whose only image sleeps."""
    backend = tmp_path / "app" / "backend"
    backend.mkdir(parents=True)
    (backend / "Dockerfile").write_text(SLEEPER)
    (backend / "hello.txt").write_text("hello\n")
    return backend.parent


@pytest.fixture
def lab(app, tmp_path):
    lab = Lab(app, tmp_path / "lab")
    yield lab
    lab.close()


def list_left(run):
    engine = find_engine()
    mark = f"label={LABEL}={run}"
    kinds = (["ps", "--all"], ["network", "ls"], ["volume", "ls"])
    return "".join(engine.ask(*kind, "--quiet", "--filter", mark) for kind in kinds)


# Reading


RENDERED = """\
WARNING: The X variable is not set.
services:
  api:
    build: {context: ./backend, args: {A: 'http://127.0.0.1:8000'}}
    environment: {CORS: 'http://localhost:3000,http://localhost:30001', N: null}
    container_name: api
    ports: ['0.0.0.0:8000:7860/tcp', '9']
  web:
    image: web
    ports: [{published: '3000', target: 3000, mode: ingress}]
    extra_hosts: {a: 1.2.3.4}
volumes: {data: {name: taskboard, external: true}}
"""


def test_rendered_file_moves_to_other_ports(tmp_path):
    rendered = parse_rendered(RENDERED.replace("    container_name: api\n", ""), tmp_path)
    assert list_published(rendered) == {"api": [(8000, 7860)], "web": [(3000, 3000)]}
    move_ports(rendered, {8000: 21000, 3000: 22000})
    api, web = rendered["services"].values()
    assert api["ports"] == ["127.0.0.1:21000:7860"]
    assert web["ports"] == ["127.0.0.1:22000:3000"]
    assert api["build"]["args"] == {"A": "http://127.0.0.1:21000"}
    assert api["environment"]["CORS"] == "http://localhost:22000,http://localhost:30001"


def test_address_without_a_port_means_port_80():
    told = {"A": "http://localhost,http://localhost.example", "B": "localhost", "C": "localhost:80"}
    moved = {"A": "http://localhost:21000,http://localhost.example", "C": "localhost:21000"}
    assert move_addresses(told, {80: 21000}) == told | moved
    assert move_addresses(told, {8000: 21000}) == told


def test_rendered_file_gets_names_of_its_own(tmp_path):
    rendered = parse_rendered(RENDERED.replace("    container_name: api\n", ""), tmp_path)
    make_own(rendered, "courseab", "ab")
    assert rendered["volumes"] == {"data": {"name": "courseab_data", "labels": {LABEL: "ab"}}}
    assert rendered["networks"]["default"]["name"] == "courseab_default"
    assert all(facts["labels"] == {LABEL: "ab"} for facts in rendered["services"].values())


def test_rendered_file_has_what_is_started(tmp_path):
    text = "services: {a: {image: x, build: b}, c: {image: x}, d: {image: y, profiles: [tools]}}"
    assert parse_rendered(text, tmp_path)["services"] == {
        "a": {"image": "x", "build": "b"},
        "c": {"image": "x", "build": "b"},
    }


def test_rendered_file_that_reaches_for_the_host_is_refused(tmp_path):
    with pytest.raises(ContainerError) as told:
        parse_rendered(RENDERED, tmp_path)
    assert "container_name" in told.value.got
    outside = "services: {a: {image: b, volumes: ['/etc:/x']}}"
    with pytest.raises(ContainerError):
        parse_rendered(outside, tmp_path)
    inside = f"services: {{a: {{image: b, volumes: ['{tmp_path}/seed:/x']}}}}"
    assert parse_rendered(inside, tmp_path)["services"]


def test_what_the_app_takes_for_granted_is_told(app):
    (app / "frontend").mkdir()
    (app / "frontend" / "Dockerfile").write_text(
        "FROM x\nARG MODE NEXT_PUBLIC_API_URL=http://localhost:8000\n"
    )
    rendered = {"services": {"api": {}, "web": {"build": {"context": str(app / "frontend")}}}}
    tell_defaults(rendered, {8000: 21000, 3000: 22000}, ("api", "web"), app)
    told = rendered["services"]
    assert told["api"]["environment"] == {"CORS_ORIGINS": "http://localhost:22000"}
    assert told["web"]["build"]["args"] == {"NEXT_PUBLIC_API_URL": "http://localhost:21000"}


def test_build_outside_of_the_app_is_refused(app):
    assert read_build("./backend", app) == BuildSpec(app / "backend")
    with pytest.raises(ContainerError):
        read_build({"context": "../.."}, app)


@pytest.mark.parametrize(
    ("lines", "is_again"),
    [
        (["Step 3/9 : RUN npm ci", " ---> Using cache"], False),
        (["Step 3/9 : RUN npm ci", " ---> Running in 0123"], True),
        (["Step 2/9 : RUN echo", " ---> Running in 0", "Step 3/9 : COPY a b"], False),
        (["#8 [packages 4/4] RUN npm ci", "#8 CACHED"], False),
        (["#8 [packages 4/4] RUN npm ci", "#7 DONE 0.1s", "#8 0.5 added 12 packages"], True),
        (["#8 [4/4] RUN npm ci", "#9 CACHED", "#8 DONE 2.0s"], True),
    ],
)
def test_cache_is_read_from_what_builders_say(lines, is_again):
    assert find_verdict(iter(lines), installs) == is_again


def test_dockerfile_is_cut_after_what_installs(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text("FROM a\nRUN npm ci \\\n  --x\nCOPY . .\nFROM b\n")
    cut_after(file, installs)
    assert file.read_text() == "FROM a\nRUN npm ci \\\n  --x\n"


@pytest.mark.parametrize(
    "log",
    [
        "npm error code EAI_AGAIN",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
        "write /x: No space left on device",
    ],
)
def test_fault_of_network_or_disk_is_not_the_learners(log):
    with pytest.raises(ProbeError):
        excuse_machine(log)
    assert excuse_machine("npm error code EUSAGE") is None


def test_what_fails_once_fails_for_everybody_who_asks(tmp_path):
    lab, calls = Lab(tmp_path, tmp_path / "lab"), []

    def fail():
        calls.append(1)
        raise ContainerError("a", "b", "c")

    for _ in range(2):
        with pytest.raises(ContainerError):
            lab.once("key", fail)
    assert calls == [1]


# Running


@NEEDS_ENGINE
def test_image_is_built_looked_into_and_kept(lab):
    set_traps(lab.app)
    image = build(lab, BuildSpec(lab.app / "backend"), "sleeper")
    assert image.base == IMAGE
    assert image.growth < 1 << 20
    assert "hello.txt" in look_inside(lab, image)
    kept = lab.engine.ask("images", "--format", "{{.Tag}}", "course-kept")
    assert re.search(r"^sleeper-[0-9a-f]{12}$", kept, re.MULTILINE)


@NEEDS_ENGINE
def test_build_that_fails_shows_what_the_builder_says(lab):
    (lab.app / "backend" / "Dockerfile").write_text(f"FROM {IMAGE}\nRUN false-command\n")
    with pytest.raises(ContainerError) as told:
        build(lab, BuildSpec(lab.app / "backend"), "broken")
    assert "false-command" in told.value.log


@NEEDS_ENGINE
def test_container_is_gone_after_the_run(lab):
    image = build(lab, BuildSpec(lab.app / "backend"), "sleeper")
    app = run_container(lab, image, 7860, {})
    wait_until(lambda: list_left(lab.run))
    assert app.poll() is None
    lab.close()
    assert list_left(lab.run) == ""


@NEEDS_ENGINE
def test_container_is_gone_after_a_crash_of_the_judge(app, tmp_path):
    script = (
        "import sys, time; from pathlib import Path\n"
        "from checker.probes.containers.lab import Lab\n"
        "from checker.probes.containers.images import BuildSpec, build\n"
        "from checker.probes.containers.running import run_container\n"
        f"lab = Lab(Path({str(app)!r}), Path({str(tmp_path / 'lab')!r}))\n"
        "image = build(lab, BuildSpec(lab.app / 'backend'), 'sleeper')\n"
        "run_container(lab, image, 7860, {})\n"
        "print(lab.run, flush=True); time.sleep(600)\n"
    )
    judge = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert judge.stdout is not None
    run = judge.stdout.readline().strip()
    wait_until(lambda: list_left(run))
    judge.kill()
    judge.wait()
    judge.stdout.close()
    wait_until(lambda: not list_left(run))


@NEEDS_ENGINE
def test_build_ends_with_the_run(lab):
    (lab.app / "backend" / "Dockerfile").write_text(f"FROM {IMAGE}\nRUN sleep {time.time()}\n")
    raised = []

    def wait_for_build():
        try:
            build(lab, BuildSpec(lab.app / "backend"), "slow")
        except ProbeError as error:
            raised.append(error)

    thread = threading.Thread(target=wait_for_build)
    thread.start()
    time.sleep(3)
    lab.close()
    thread.join(20)
    assert [error.problem for error in raised] == ["the run has ended"]


@NEEDS_COMPOSE
def test_project_of_compose_comes_and_goes(lab):
    (lab.app / "docker-compose.yml").write_text(
        "services:\n"
        "  api: {build: ./backend, ports: ['8000:7860'], volumes: ['data:/data']}\n"
        "volumes: {data: }\n"
    )
    stack = prepare_stack(lab, "a", {})
    stack.up()
    assert stack.backend.port == lab.ports[0]
    assert [(name, state["Status"]) for name, state in stack.list_states()] == [("api", "running")]
    stack.down()
    volume = f"{stack.project}_data"
    assert volume in lab.engine.ask("volume", "ls", "--quiet")
    lab.close()
    assert list_left(lab.run) == ""


def wait_until(is_so):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not is_so():
        time.sleep(0.2)
    assert is_so()
