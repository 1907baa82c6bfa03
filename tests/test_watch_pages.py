"""Pages that a watch keeps warm: what the server is given, and what its answers stand for."""

import os
import shutil
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from checker.judge.plan import plan_checks
from checker.judge.run import RunRequest, run_checks
from checker.paths import CoursePaths
from checker.probes.node.packages import FrontendError
from checker.probes.port import find_free_port
from checker.watch.dev_site import (
    bring_changes,
    check_compiled,
    find_doubtful,
    find_unseen,
    list_pages,
    wait_for_marker,
)
from checker.watch.messages import WarmPages
from checker.watch.pages import PagesKeeper, is_up
from checker.watch.programs import is_running, start_apart
from checker.watch.quarters import WarmQuarters

PATHS = CoursePaths.find()
PAGES = PATHS.solutions / "04-nextjs" / "frontend"
BROKEN = "\u2a2f ./src/app/login/page.tsx:3:9\nParsing the source failed\n GET /login 500 in 9ms\n"


@pytest.fixture
def served():
    """A server of pages that answers with a status."""

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_GET(self):
            self.send_response(self.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Handler, server.server_address[1]
    server.shutdown()
    server.server_close()


def serve_from(site, port, log=""):
    return WarmPages(folder=f"{site}", port=port, api_port=0, log=f"{log}", pid=0, browser="")


def make_pages(folder, port):
    page = folder / "frontend" / "src" / "app" / "login" / "page.tsx"
    page.parent.mkdir(parents=True)
    page.touch()
    log = folder / "next-dev.log"
    log.write_text(BROKEN, encoding="utf-8")
    return serve_from(folder / "frontend", port, log)


def test_pages_are_listed_by_their_paths():
    assert set(list_pages(serve_from(PAGES, 0))) == {"/", "/tasks", "/login", "/register"}


def test_only_what_was_saved_is_brought(tmp_path):
    frontend, site = shutil.copytree(PAGES, tmp_path / "frontend"), tmp_path / "site"
    assert bring_changes(frontend, site)
    assert bring_changes(frontend, site)  # nobody has seen it yet
    find_unseen(site).unlink()
    own = site / "tsconfig.json"
    own.write_text("written by next dev", encoding="utf-8")
    assert not bring_changes(frontend, site)
    (frontend / "src" / "app" / "page.tsx").write_text("// saved\n", encoding="utf-8")
    (frontend / "src" / "app" / "error.tsx").unlink()
    assert bring_changes(frontend, site)
    assert (site / "src" / "app" / "page.tsx").read_text(encoding="utf-8") == "// saved\n"
    assert not (site / "src" / "app" / "error.tsx").exists()
    assert own.read_text(encoding="utf-8") == "written by next dev"


def test_a_file_becomes_a_folder_and_a_folder_a_file(tmp_path):
    frontend, site = tmp_path / "frontend", tmp_path / "site"
    place = frontend / "src" / "lib"
    place.parent.mkdir(parents=True)
    for _ in range(2):
        place.write_text("a file", encoding="utf-8")
        assert bring_changes(frontend, site)
        place.unlink()
        place.mkdir()
        (place / "api.ts").write_text("in a folder", encoding="utf-8")
        assert bring_changes(frontend, site)
        shutil.rmtree(place)
    assert (site / "src" / "lib" / "api.ts").read_text(encoding="utf-8") == "in a folder"


def test_what_a_newer_save_kept_from_being_brought_is_brought_next(tmp_path, monkeypatch):
    frontend, site = shutil.copytree(PAGES, tmp_path / "frontend"), tmp_path / "site"
    bring_changes(frontend, site)
    page = Path("src", "app", "page.tsx")
    (frontend / page).write_text("// saved\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", interrupt)
        with pytest.raises(KeyboardInterrupt):
            bring_changes(frontend, site)
    bring_changes(frontend, site)
    assert (site / page).read_text(encoding="utf-8") == "// saved\n"


@pytest.mark.parametrize("step", ["shutil.copyfile", "checker.watch.dev_site.remove"])
def test_what_a_newer_save_takes_back_does_not_stay(tmp_path, monkeypatch, step):
    frontend, site = shutil.copytree(PAGES, tmp_path / "frontend"), tmp_path / "site"
    bring_changes(frontend, site)
    saved = {path: path.read_bytes() for path in (frontend / "src" / "app").glob("*.tsx")}
    page, *rest = saved
    page.write_text("// saved\n", encoding="utf-8")
    new = page.with_name("new.tsx")
    new.touch()
    if "remove" in step:
        rest[0].unlink()
    with monkeypatch.context() as patch:
        patch.setattr(step, stop_after)
        with pytest.raises(KeyboardInterrupt):
            bring_changes(frontend, site)
    new.unlink()
    for path, content in saved.items():
        path.write_bytes(content)
    bring_changes(frontend, site)
    app = site / "src" / "app"
    assert {path.name: path.read_bytes() for path in app.glob("*.tsx")} == {
        path.name: content for path, content in saved.items()
    }


def stop_after(source, target, copyfile=shutil.copyfile):
    """Do what a copy or a removal does, and be interrupted."""
    if isinstance(source, Path) and source.is_absolute():
        copyfile(source, target)
    else:
        (target / source).unlink()
    raise KeyboardInterrupt


def interrupt(source, target, copyfile=shutil.copyfile):
    copyfile(source, target)
    raise KeyboardInterrupt


def test_a_program_that_was_started_apart_and_has_ended_does_not_run(tmp_path):
    with (tmp_path / "log").open("wb") as log:
        pid = start_apart([sys.executable, "-c", "input()"], tmp_path, log)
    while is_running(pid):
        time.sleep(0.01)


@pytest.mark.parametrize("lost", ["server", "browser"])
def test_pages_are_not_up_when_one_of_the_two_is_gone(served, tmp_path, monkeypatch, lost):
    monkeypatch.setattr("checker.watch.programs.LONGEST_RESTART", 0.2)
    pages = make_pages(tmp_path, served[1])
    here, gone = f"ws://127.0.0.1:{served[1]}/x", f"ws://127.0.0.1:{find_free_port()}/x"
    assert is_up(msgspec.structs.replace(pages, pid=os.getpid(), browser=here))
    other = {"browser": gone} if lost == "browser" else {"port": find_free_port(), "browser": here}
    assert not is_up(msgspec.structs.replace(pages, pid=os.getpid(), **other))


def test_a_page_that_does_not_compile_is_named(served, tmp_path):
    handler, port = served
    pages = make_pages(tmp_path, port)
    assert find_doubtful(pages) == []
    handler.status = 500
    with pytest.raises(FrontendError, match=r"/login, at frontend/src/app/login/page.tsx:3") as e:
        check_compiled(pages, 0, find_doubtful(pages))
    assert e.value.log.splitlines()[1:] == ["Parsing the source failed"]
    check_compiled(pages, len(BROKEN.encode()), ["/login"])  # what an earlier save was told is over


def test_a_server_that_is_gone_is_told(tmp_path):
    with pytest.raises(FrontendError, match="gave no answer"):
        check_compiled(make_pages(tmp_path, find_free_port()), 0, ["/login"])


def test_a_proxy_in_the_way_of_the_marker_is_not_waited_for(served, tmp_path):
    handler, port = served
    handler.status = 307
    wait_for_marker(make_pages(tmp_path, port), "/course-watch", "1")


def test_pages_are_judged_by_next_dev(is_whole):
    if not is_whole:
        pytest.skip("a server, a browser and packages: only with --whole")
    only = ("register_by_page",)
    with PagesKeeper(PATHS) as keeper, WarmQuarters() as quarters:
        quarters.pages = keeper.find(PAGES.parent, plan_checks(4, only))
        assert quarters.pages is not None
        request = RunRequest(
            paths=PATHS, app=PAGES.parent, lesson=4, seed=1, only=only, quarters=quarters
        )
        for _ in range(2):
            report = run_checks(request)
            assert report.exit_code == 0, report
