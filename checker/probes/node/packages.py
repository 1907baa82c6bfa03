"""Install the packages of a frontend, once for each package-lock.json."""

import hashlib
import re
import shutil
from pathlib import Path

from checker.errors import ProbeError
from checker.probes.installer import MEND, run_installer
from checker.probes.lock import hold_lock
from checker.probes.node.tools import NodeTools

MANIFESTS = ("package.json", "package-lock.json", ".npmrc")
THEIRS = re.compile(
    r"EUSAGE|in sync|ETARGET|E404|EJSONPARSE|EBADENGINE|EINTEGRITY|ERESOLVE|EINVALIDPACKAGENAME"
    r"|EBADPLATFORM|notarget|lifecycle script"
)


class FrontendError(Exception):
    """The frontend cannot be installed, built or started, and that is the learner's to mend.

    Args:
        got: What happened, as the second half of a sentence.
        next_step: What to do about it.
        log: What the program said, cut to what tells something.
    """

    def __init__(self, got: str, next_step: str, log: str = "") -> None:
        super().__init__(got)
        self.got = got
        self.next_step = next_step
        self.log = log


def install_packages(frontend: Path, cache: Path, tools: NodeTools) -> Path:
    """Return the folder whose `node_modules` are the frontend's, made unless it is there.

    Raises:
        FrontendError: npm blames package.json or package-lock.json.
        ProbeError: the packages could not be fetched or written.
    """
    manifests = read_manifests(frontend)
    home = find_home(frontend, cache, tools)
    site = home / "site"
    done = home / "complete"
    site.mkdir(parents=True, exist_ok=True)
    with hold_lock(home / "lock"):
        if not done.exists():
            shutil.rmtree(site / "node_modules", ignore_errors=True)
            for name, content in manifests:
                (site / name.decode()).write_bytes(content)
            run_npm_ci(site, tools)
            done.touch()
    return home


def find_home(frontend: Path, cache: Path, tools: NodeTools) -> Path:
    """Return the folder that belongs to a frontend's packages, made or not."""
    manifests = read_manifests(frontend)
    facts = [tools.version.encode(), *(part for pair in manifests for part in pair)]
    return cache / "frontend" / hashlib.sha256(b"\0".join(facts)).hexdigest()[:20]


def read_manifests(frontend: Path) -> list[tuple[bytes, bytes]]:
    """Return the names and contents of the files that say what is installed."""
    for name in MANIFESTS[:2]:
        if not (frontend / name).is_file():
            raise FrontendError(
                f"no frontend/{name}", "Run npm install in frontend/, and keep both files in git."
            )
    return [(n.encode(), (frontend / n).read_bytes()) for n in MANIFESTS if (frontend / n).exists()]


def run_npm_ci(site: Path, tools: NodeTools) -> None:
    """Install into a folder, and tell apart whose fault a failure is."""
    command = [f"{tools.npm}", "ci", "--no-audit", "--no-fund", "--no-progress"]
    text = run_installer(command, "the frontend's packages", site)
    if not text:
        return
    reason = cut_npm(text)
    if THEIRS.search(text):
        raise FrontendError(
            "npm ci refused frontend/package.json and package-lock.json",
            "Run npm install in frontend/, then npm ci: both must end well there.",
            reason,
        )
    raise ProbeError(f"the frontend's packages could not be installed: {reason}", MEND)


def cut_npm(text: str) -> str:
    """Return the lines of npm that say why, without the place of its own log."""
    lines = [line.removeprefix("npm error ").strip() for line in text.splitlines()]
    telling = [x for x in lines if x and "complete log" not in x and "_logs" not in x]
    return "\n".join(line for line in telling if not line.startswith("npm warn"))[:1200]
