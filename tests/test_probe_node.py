"""The learner's frontend is installed once, built once, served, and told apart when it fails."""

import http.client
import json
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from checker.errors import ProbeError
from checker.probes.node.build import (
    BuildOrder,
    cut_build,
    find_place,
    leave_out_cache,
    lend_build,
)
from checker.probes.node.gateway import SHORTEST_GAP, Gateway
from checker.probes.node.packages import FrontendError, install_packages
from checker.probes.node.site import start_server, wait_for_pages
from checker.probes.node.tools import NodeTools, find_node
from checker.probes.port import find_free_port
from checker.probes.watchdog import Watchdog

BUILD = """
import { mkdirSync, writeFileSync, appendFileSync } from 'node:fs';
mkdirSync('.next', { recursive: true });
writeFileSync('.next/BUILD_ID', process.env.NEXT_PUBLIC_API_URL);
"""
SERVE = """
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const id = readFileSync('.next/BUILD_ID');
createServer((_, answer) => answer.end(id)).listen(process.env.PORT, 'localhost');
"""
TURBOPACK = """
> taskboard-frontend@1.0.0 build
> next build

▲ Next.js 16.4.5 (Turbopack)

  Creating an optimized production build ...
✓ Compiled successfully in 4.2s
  Running TypeScript ...
Failed to type check.

./src/app/page.tsx:3:9
Type error: Type 'string' is not assignable to type 'number'.

  1 | export default function Page() {
> 3 |   const n: number = 'x';
    |         ^
Next.js build worker exited with code: 1 and signal: null
"""
PRERENDERING = """
✓ Compiled successfully in 4.2s
  Finished TypeScript in 3.2s ...
  Generating static pages using 1 worker (0/8) ...
\u2a2f useSearchParams() should be wrapped in a suspense boundary at page "/tasks". Read more: https://
    at nb (./node_modules/next/dist/compiled/next-server/app-page-turbo.runtime.prod.js:2:69690)
    at ./.next/server/chunks/ssr/src_components_0ja8sx6kfjdmc._.js:1:278
Error occurred prerendering page "/tasks". Read more: https://nextjs.org/docs/messages/prerender-error
"""


@pytest.fixture(scope="module")
def tools():
    try:
        return find_node()
    except ProbeError as error:
        pytest.skip(error.problem)


@pytest.fixture
def frontend(tmp_path):
    folder = tmp_path / "frontend"
    folder.mkdir()
    scripts = {"build": "node build.mjs", "start": "node serve.mjs"}
    manifest = {"name": "tiny", "version": "1.0.0", "private": True, "scripts": scripts}
    lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": manifest}}
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "package-lock.json").write_text(json.dumps(lock))
    (folder / "build.mjs").write_text(BUILD)
    (folder / "serve.mjs").write_text(SERVE)
    return folder


@pytest.fixture
def lend(frontend, tools, tmp_path):
    watchdog = Watchdog()

    def run():
        home = install_packages(frontend, tmp_path / "cache", tools)
        stop = threading.Event()
        scratch = tmp_path / "scratch"
        return lend_build(BuildOrder(frontend, home, tools, scratch, watchdog, stop))

    yield run
    watchdog.close()


@pytest.fixture
def build(lend):
    def run():
        with lend() as lent:
            return lent

    return run


@pytest.fixture
def backend():
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_OPTIONS = do_GET  # noqa: N815 - as http.server calls them

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(backend):
    gateway = Gateway(find_free_port(), backend)
    yield gateway
    gateway.go_away()


def wait_until(holds):
    """Wait until something holds, ten seconds at most."""
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)


def call(port, method="GET", path="/api/tasks"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_build_is_kept_while_sources_stay(build, frontend):
    first = build()
    assert build() == first
    (frontend / "new.ts").write_text("export {};")
    assert build().folder != first.folder


def test_build_is_not_taken_from_whoever_uses_it(lend):
    with lend() as first, lend() as second:
        assert (first.folder / ".next").exists()
        assert first.folder != second.folder
        assert first.api_port != second.api_port
    with lend() as third:
        assert third == first


def test_build_that_is_used_is_not_the_oldest_to_go(lend, frontend, monkeypatch):
    monkeypatch.setenv("COURSE_BUILDS", "1")
    with lend() as used:
        (frontend / "new.ts").write_text("export {};")
        with lend():
            assert (used.folder / ".next").exists()


def test_build_is_made_anew_when_its_port_is_taken(build):
    first = build()
    gateway = Gateway(first.api_port)
    try:
        second = build()
    finally:
        gateway.go_away()
    assert second.folder == first.folder
    assert second.api_port != first.api_port


def test_server_answers_with_the_address_that_was_built_in(build, tools, tmp_path):
    made = build()
    server = start_server(made, tools, tmp_path / "scratch")
    try:
        wait_for_pages(server)
        connection = http.client.HTTPConnection("localhost", server.port, timeout=5)
        connection.request("GET", "/")
        assert connection.getresponse().read().decode() == made.api_url
        connection.close()
    finally:
        server.kill()
        server.output.join(2)


def test_server_that_ends_is_the_learners(build, frontend, tools, tmp_path):
    (frontend / "serve.mjs").write_text("throw new Error('no pages today');")
    server = start_server(build(), tools, tmp_path / "scratch")
    with pytest.raises(FrontendError, match="npm start ended") as caught:
        wait_for_pages(server)
    server.output.join(2)
    assert "no pages today" in caught.value.log + server.output.read_since()


def test_failed_build_is_the_learners(build, frontend):
    (frontend / "build.mjs").write_text(
        "console.error('./src/app/page.tsx:3:9\\nType error: no number'); process.exit(1)"
    )
    with pytest.raises(FrontendError, match=r"at frontend/src/app/page\.tsx:3") as caught:
        build()
    assert "Type error: no number" in caught.value.log


def test_build_without_end_is_stopped(frontend, tools, tmp_path):
    (frontend / "build.mjs").write_text("setInterval(() => {}, 1000);")
    stop, watchdog = threading.Event(), Watchdog()
    home = install_packages(frontend, tmp_path / "cache", tools)
    stop.set()
    order = BuildOrder(frontend, home, tools, tmp_path / "scratch", watchdog, stop)
    with pytest.raises(FrontendError, match="had not ended"), lend_build(order):
        pass
    watchdog.close()


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_missing_manifest_is_the_learners(frontend, tools, tmp_path, name):
    (frontend / name).unlink()
    with pytest.raises(FrontendError, match=f"no frontend/{name}"):
        install_packages(frontend, tmp_path / "cache", tools)


def test_lock_that_does_not_fit_is_the_learners(frontend, tools, tmp_path):
    manifest = json.loads((frontend / "package.json").read_text())
    manifest["dependencies"] = {"react": "19.3.1"}
    (frontend / "package.json").write_text(json.dumps(manifest))
    with pytest.raises(FrontendError, match="npm ci refused") as caught:
        install_packages(frontend, tmp_path / "cache", tools)
    assert "react" in caught.value.log


def test_installation_that_breaks_off_is_ours_and_begins_anew(frontend, tools, tmp_path):
    breaking = tmp_path / "npm"
    breaking.write_text(
        "#!/bin/sh\nmkdir -p node_modules/half\necho 'npm error code ECONNRESET' >&2\nexit 1\n"
    )
    breaking.chmod(0o755)
    broken = replace(tools, npm=f"{breaking}")
    with pytest.raises(ProbeError, match="could not be installed: code ECONNRESET"):
        install_packages(frontend, tmp_path / "cache", broken)
    home = install_packages(frontend, tmp_path / "cache", tools)
    assert not (home / "site" / "node_modules" / "half").exists()


def test_old_node_is_named(monkeypatch, tmp_path):
    for name, version in (("node", "v18.19.0"), ("npm", "10.0.0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(ProbeError, match=r"18\.19\.0 is too old"):
        find_node()


def test_missing_node_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}")
    with pytest.raises(ProbeError, match="was not found"):
        find_node()


def test_program_gets_nothing_of_the_judges(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "test-only-never-passed-on")
    env = NodeTools(Path("/usr/bin/node"), Path("/usr/bin/npm"), "20").make_env(tmp_path, {})
    assert "test-only-never-passed-on" not in env.values()


def test_build_output_is_cut_to_the_error(tmp_path):
    shown = cut_build(TURBOPACK, tmp_path)
    assert "Type error: Type 'string'" in shown
    assert "Creating an optimized" not in shown
    assert find_place(TURBOPACK, tmp_path) == "frontend/src/app/page.tsx:3"


def test_build_output_begins_with_what_next_marks(tmp_path):
    shown = cut_build(PRERENDERING, tmp_path)
    assert shown.startswith("\u2a2f useSearchParams() should be wrapped in a suspense boundary")
    assert "at nb" not in shown


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("./src/app/page.tsx:3:9", "frontend/src/app/page.tsx:3"),
        ("src/lib/a.ts(47,14): error TS2322: no", "frontend/src/lib/a.ts:47"),
        ("./src/app/(member)/tasks/page.tsx:12:1", "frontend/src/app/(member)/tasks/page.tsx:12"),
        ("at node_modules/next/dist/build.js:1:1", ""),
        ("    at ./.next/server/chunks/ssr/src_components_0ja8.js:1:278", ""),
        (".next/types/validator.ts:62:31", ""),
        ("Compiled successfully", ""),
    ],
)
def test_place_of_an_error_is_found(tmp_path, line, place):
    assert find_place(line, tmp_path) == place


def test_cache_of_next_alone_is_left_out():
    assert leave_out_cache("site/.next", ["cache", "server"]) == {"cache"}
    assert leave_out_cache("site/.next/server/app", ["cache", "tasks"]) == set()


def test_gateway_counts_requests(gateway):
    call(gateway.port)
    mark = gateway.mark()
    call(gateway.port, "POST", "/api/tasks/?x=1")
    call(gateway.port, "OPTIONS")
    assert gateway.count("POST", "/api/tasks", mark) == 1
    assert gateway.count("GET", "/api/tasks", mark) == 0


def test_gateway_goes_away_and_comes_back(gateway):
    gateway.go_away()
    with pytest.raises(OSError, match="refused"):
        call(gateway.port)
    gateway.come_back()
    assert call(gateway.port) == b"ok"


def test_gateway_holds_up_all_but_preflights(gateway):
    gateway.delay = 0.2
    times = {}
    for method in ("OPTIONS", "GET"):
        started = time.monotonic()
        call(gateway.port, method)
        times[method] = time.monotonic() - started
    assert times["GET"] >= 0.2
    assert gateway.passed[-1].method == "GET"


def test_gateway_holds_answers_until_it_is_open_again(gateway):
    gateway.is_open.clear()
    answers = []
    caller = threading.Thread(target=lambda: answers.append(call(gateway.port, "POST")))
    caller.start()
    wait_until(lambda: gateway.waiting == 1)
    assert gateway.count("POST", "/api/tasks") == 1
    assert answers == []
    gateway.is_open.set()
    caller.join(10)
    assert answers == [b"ok"]
    assert gateway.waiting == 0


def test_gateway_cuts_up_a_stream_and_loses_nothing():
    sent = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = Gateway(find_free_port(), listener.getsockname()[1])
        gateway.piece = 3
        with socket.create_connection(("127.0.0.1", gateway.port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            backend, _ = listener.accept()
            started = time.monotonic()
            with backend:
                backend.recv(100)
                backend.sendall(sent)
            with client.makefile("rb") as answer:
                assert answer.read() == sent
        gateway.go_away()
    assert time.monotonic() - started >= len(sent) / 3 * SHORTEST_GAP


def test_gateway_without_a_backend_breaks_the_connection(gateway):
    gateway.point_to(find_free_port())
    with pytest.raises((OSError, http.client.HTTPException)):
        call(gateway.port)
