"""Let the server that a watch keeps warm show the newest pages, with a backend behind them."""

import http.client
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from checker.probes.excerpt import clean_text
from checker.probes.node.build import PLACE
from checker.probes.node.gateway import Gateway
from checker.probes.node.packages import FrontendError
from checker.probes.node.site import CORS, Site, SiteOrder
from checker.probes.submission import list_app_files
from checker.watch.messages import WarmPages
from checker.watch.programs import is_running

MARKER = "src/app/course-watch/route.ts"  # tells which sources the server has seen
ROUTE = 'export const GET = () => new Response("{stamp}");\n'
LONGEST_RELOAD = 5.0  # seconds; a proxy of the learner's may keep the marker from being seen
LONGEST_COMPILE = 120.0  # on a busy machine
LONGEST_NOTICE = 0.3
SERVER_ERROR = 500
MARK = "\u2a2f "  # a cross, before each error
ANSWERED = (" GET ", " POST ")
MOST_LINES = 10
UNSETTLED = b"\0"  # what no source says: so it differs from whatever is saved next


@contextmanager
def open_dev_site(order: SiteOrder, pages: WarmPages) -> Iterator[Site]:
    """Serve a frontend by `next dev`; the server stays up afterwards.

    Raises:
        FrontendError: the pages do not compile.
    """
    with ExitStack() as stack:
        gateway = Gateway(pages.api_port)
        stack.callback(gateway.go_away)
        mark = Path(pages.log).stat().st_size
        show_sources(order.frontend, pages)
        origin = f"http://localhost:{pages.port}"
        with ThreadPoolExecutor(1) as executor:
            doubtful = executor.submit(find_doubtful, pages)
            order.wait_for_tables()
            process = order.probe.launch({CORS: origin})
            gateway.point_to(process.port)
            backend = order.probe.connect(process, {CORS: origin})
        check_compiled(pages, mark, doubtful.result())
        yield Site(origin, gateway, backend, lambda: is_running(pages.pid), order.probe)


def show_sources(frontend: Path, pages: WarmPages) -> None:
    """Bring what was saved to where the server watches, and wait until it has noticed."""
    site = Path(pages.folder)
    if bring_changes(frontend, site):
        stamp = f"{time.time_ns()}"
        marker = site / MARKER
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(ROUTE.format(stamp=stamp), encoding="utf-8")
        wait_for_marker(pages, f"/{marker.parent.name}", stamp)
        find_unseen(site).unlink()


def find_unseen(site: Path) -> Path:
    """Return the file that is there from the first change until the server has noticed the last."""
    return site.with_name("unseen")


def wait_for_marker(pages: WarmPages, path: str, stamp: str) -> None:
    """Wait until the server has seen what was written last, and so all that was written before.

    What fails to compile takes the marker along, and a proxy of the learner's may send it away.
    """
    begun = time.monotonic()
    while time.monotonic() < begun + LONGEST_RELOAD:
        status, body = ask(pages.port, path)
        is_hidden = status in range(300, 400) or status >= SERVER_ERROR
        if stamp in body or (is_hidden and time.monotonic() > begun + LONGEST_NOTICE):
            return
        time.sleep(0.02)


def bring_changes(frontend: Path, site: Path) -> bool:
    """Make the site's sources those of the frontend; tell whether the server has to notice any.

    What is the same is not written, since the server compiles again whatever is. It is compared
    with what was brought last: `next dev` changes files of the site by itself. A newer save may end
    this at any point, so what is about to change is noted before and after. What is gone goes
    first: a file can become a folder, or get a name that its disk takes for the same.
    """
    brought = site.with_name("brought")
    brought.mkdir(exist_ok=True)
    wanted = {path.relative_to(frontend): path for path in list_app_files(frontend)}
    had = {path.relative_to(brought) for path in list_app_files(brought)}
    gone = had - wanted.keys()
    changed = [name for name, path in wanted.items() if differs(path, brought / name)]
    if gone or changed:
        find_unseen(site).touch()
    for name in gone:
        (brought / name).write_bytes(UNSETTLED)
        remove(name, site)
        remove(name, brought)
    for name in changed:
        for folder in (brought, site):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (brought / name).write_bytes(UNSETTLED)
        shutil.copyfile(wanted[name], site / name)
        shutil.copyfile(wanted[name], brought / name)
    return find_unseen(site).exists()


def remove(name: Path, folder: Path) -> None:
    """Remove a file, and the folders that are empty without it."""
    (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # one that holds something else
        for parent in list(name.parents)[:-1]:
            (folder / parent).rmdir()


def differs(path: Path, other: Path) -> bool:
    """Tell whether a file is not there, or says something else."""
    return path.is_file() and not (other.is_file() and path.read_bytes() == other.read_bytes())


def find_doubtful(pages: WarmPages) -> list[str]:
    """Ask for every page once, so that a visitor waits for no compiler; return those that fail.

    A page that asks the backend by itself may fail for as long as that is not there.
    """
    return [path for path in list_pages(pages) if is_failure(ask(pages.port, path)[0])]


def is_failure(status: int) -> bool:
    """Tell whether a status, 0 for no answer, is the server's fault."""
    return not status or status >= SERVER_ERROR


def check_compiled(pages: WarmPages, mark: int, paths: list[str]) -> None:
    """Ask again for pages that failed, now that there is a backend.

    Args:
        pages: What is served.
        mark: How long the server's log was before the sources changed.
        paths: Of the pages that failed.

    Raises:
        FrontendError: one of them does not compile, or the server does not answer.
    """
    for path in paths:
        status, _ = ask(pages.port, path)
        if not status:
            raise FrontendError(
                f"next dev gave no answer to GET {path}",
                "Run npm run dev in frontend/ and read what it says.",
            )
        if is_failure(status) and (error := cut_error(read_log(pages, mark))):
            place = PLACE.match(error)
            where = f", at frontend/{place['file']}:{place['line']}" if place else ""
            raise FrontendError(
                f"next dev cannot compile {path}{where}",
                "Mend the line that is named, and save it.",
                error,
            )


def cut_error(output: str) -> str:
    """Return the last error that the server wrote, without its mark; empty when there is none."""
    _, found, error = clean_text(output).rpartition(MARK)
    lines = [line for line in error.splitlines() if not line.startswith(ANSWERED)]
    return "\n".join(lines[:MOST_LINES]) if found else ""


def list_pages(pages: WarmPages) -> list[str]:
    """Return the paths of the pages, those without a name of their own left out."""
    root = Path(pages.folder, "src", "app")
    folders = sorted(page.parent.relative_to(root).parts for page in root.rglob("page.tsx"))
    named = (parts for parts in folders if not any(part[0] in "[_@" for part in parts))
    return ["/" + "/".join(part for part in parts if part[0] != "(") for parts in named]


def ask(port: int, path: str) -> tuple[int, str]:
    """Return the status and the text of an answer; 0 when none came."""
    connection = http.client.HTTPConnection("localhost", port, timeout=LONGEST_COMPILE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def read_log(pages: WarmPages, mark: int = 0) -> str:
    """Return what the server has written since it had written so many bytes."""
    return Path(pages.log).read_bytes()[mark:].decode("utf-8", "replace")
