"""Weigh what a browser loads for the pages of the newest solution, and print a table.

Run it in the authors' environment: `.venv-authors/bin/python bench/page_weight.py`. It builds and
serves the frontend as the judge does. README.md beside this file says what the columns mean.
"""

import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.authors.pictures import find_site, open_pages
from checker.paths import CoursePaths
from checker.probes.browser.chromium import open_browser
from checker.probes.browser.visitor import Visitor

PAGES = ("/login", "/register")
KINDS = {".js": "JavaScript", ".css": "CSS"}
LOADED = """() => [
  ...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource'),
].map((entry) => [entry.name, entry.encodedBodySize])"""


def main() -> int:
    """Open each page in a browser that has seen nothing before, and print what came."""
    print(f"{'kB as sent (gzip)':<24} {'JavaScript':>10} {'CSS':>7} {'HTML':>7}")
    paths = CoursePaths.find()
    newest = max(find_number(frontend.parent) for frontend in paths.solutions.glob("*/frontend"))
    with open_pages(paths, newest) as bench, open_browser() as browser:
        for path in PAGES:
            visitor = Visitor(browser, find_site(bench).origin, mark="")
            visitor.open(path)
            visitor.see_field("Email")
            visitor.page.wait_for_load_state("networkidle")  # links fetch ahead what they lead to
            weights = weigh(visitor.page.evaluate(LOADED))
            visitor.close()
            kilobytes = [weights[kind] / 1000 for kind in ("JavaScript", "CSS", "HTML")]
            print("{:<24} {:10.1f} {:7.1f} {:7.1f}".format(path, *kilobytes), flush=True)
    return 0


def find_number(solution: Path) -> int:
    """Return the number of a solution's lesson."""
    return int(solution.name.partition("-")[0])


def weigh(loaded: list[tuple[str, int]]) -> Counter[str]:
    """Add up the bytes of each kind of file.

    Args:
        loaded: Addresses, and how many bytes came from each.
    """
    weights: Counter[str] = Counter()
    for address, size in loaded:
        weights[KINDS.get(Path(urlsplit(address).path).suffix, "HTML")] += size
    return weights


if __name__ == "__main__":
    sys.exit(main())
