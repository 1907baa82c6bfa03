"""Make images that stand in for those that cannot be pulled, of Debian's and npm's packages."""

import os
import platform
import re
import shutil
import ssl
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from checker.containers.engine import Engine
from checker.doctor.mend import as_this_user
from checker.errors import CourseError

RECIPES = Path(__file__).with_name("recipes")
ORIGIN_LABEL = "course.origin"
SUITE = "trixie"
DEBIAN = f"debian:{SUITE}-slim"
TRUSTED = "course-stand-in:trusted"
LONGEST_BUILD = 900.0  # seconds
TAG = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?P<name>python|node|postgres|debian):(?P<version>[\w.]+)"
    r"(?P<variant>(?:-\w+)*)"
)
VERSIONS = {
    "debian": (SUITE,),
    "python": ("3", "3.13"),
    "node": ("22", "24"),
    "postgres": ("17",),
}
ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}
NPM = "npm@11"
# Bundles that programs are told of; the first that is there holds what this machine trusts.
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*")


class Recipe(NamedTuple):
    """How a stand-in is made: the name says which Dockerfile, the version what goes in."""

    name: str
    version: str


def find_recipe(tag: str) -> Recipe | None:
    """Return how to stand in for an image, None when Debian and npm have no such version."""
    found = TAG.fullmatch(tag)
    if found is None or "alpine" in found["variant"]:
        return None
    name = found["name"]
    counted = 2 if name == "python" else 1  # of the others, the minor version is what there is
    version = ".".join(found["version"].split(".")[:counted])
    return Recipe(name, version) if version in VERSIONS[name] else None


def make_standin(engine: Engine, tag: str, recipe: Recipe, tell: Callable[[str], None]) -> None:
    """Make the image `tag`, and what it is built on unless that is there.

    Raises:
        CourseError: a program or the network is missing.
    """
    ensure_trusted(engine, tell)
    tell(f"Making a stand-in for {tag} …")
    if recipe.name == "debian":
        engine.ask("tag", TRUSTED, tag)
        return
    with tempfile.TemporaryDirectory(prefix="course-image-") as folder:
        context = Path(folder)
        shutil.copy(RECIPES / f"{recipe.name}.Dockerfile", context / "Dockerfile")
        if recipe.name == "node":
            fetch_node(recipe.version, context)
        if recipe.name == "postgres":
            shutil.copy(RECIPES / "postgres-entrypoint.sh", context)
        arguments = {"BASE": TRUSTED, "VERSION": recipe.version}
        build(engine, context, tag, arguments, "stand-in")


def ensure_trusted(engine: Engine, tell: Callable[[str], None]) -> None:
    """Make what all stand-ins are built on: Debian, and this machine's authorities."""
    if engine.has_image(TRUSTED):
        return
    if not engine.has_image(DEBIAN):
        tell("Putting Debian together from its packages …")
        with bootstrap_debian() as archive:
            engine.ask("import", archive, DEBIAN, longest=LONGEST_BUILD)
    add_authorities(engine, DEBIAN, TRUSTED, "stand-in")


def add_authorities(engine: Engine, base: str, tag: str, origin: str) -> None:
    """Build an image that is its base, and trusts whom this machine trusts."""
    with tempfile.TemporaryDirectory(prefix="course-image-") as folder:
        context = Path(folder)
        shutil.copy(RECIPES / "trust.Dockerfile", context / "Dockerfile")
        shutil.copy(find_bundle(), context / "ca.crt")
        build(engine, context, tag, {"BASE": base}, origin)


def build(engine: Engine, context: Path, tag: str, arguments: dict[str, str], origin: str) -> None:
    """Build one recipe; the label tells `--list` and people what the image is."""
    pairs = [f"--build-arg={name}={value}" for name, value in arguments.items()]
    label = f"--label={ORIGIN_LABEL}={origin}"
    engine.ask("build", "--force-rm", "--tag", tag, label, *pairs, context, longest=LONGEST_BUILD)


@contextmanager
def bootstrap_debian() -> Iterator[Path]:
    """Make a file with a small Debian in it.

    Raises:
        CourseError: mmdebstrap is missing or fails.
    """
    program = shutil.which("mmdebstrap")
    if program is None:
        raise CourseError(
            "images can neither be pulled nor made here: mmdebstrap is not on PATH",
            as_this_user("sudo apt-get install mmdebstrap")
            + " (on Debian and Ubuntu; elsewhere run ./course images --from FILE)",
        )
    with tempfile.TemporaryDirectory(prefix="course-debian-") as folder:
        archive = Path(folder) / "debian.tar"
        left_out = [f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT]
        command = [program, "--quiet", "--variant=minbase", *left_out, SUITE, f"{archive}"]
        run_tool(command, "Debian could not be put together")
        yield archive


def fetch_node(version: str, context: Path) -> None:
    """Fetch Node.js and npm with npm: a package for each kind of processor has the program."""
    npm = shutil.which("npm")
    machine = ARCHITECTURES.get(platform.machine())
    if npm is None or machine is None:
        raise CourseError(
            f"Node.js cannot be fetched here: npm {npm or 'missing'}, {platform.machine()}",
            "Install npm (./course doctor says how), or run ./course images --from FILE.",
        )
    for number, package in enumerate((f"node-linux-{machine}@{version}", NPM)):
        folder = context / f"package-{number}"
        folder.mkdir()
        command = [npm, "pack", "--silent", "--pack-destination", f"{folder}", package]
        run_tool(command, f"{package} could not be fetched")
        unpack(next(folder.glob("*.tgz")), folder)
    shutil.move(context / "package-0" / "package" / "bin" / "node", context / "node")
    shutil.move(context / "package-1" / "package", context / "npm")
    for folder in context.glob("package-*"):
        shutil.rmtree(folder)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a package of npm's; nothing in it may leave the folder."""
    with tarfile.open(archive) as package:
        package.extractall(folder, filter="data")


def run_tool(command: list[str], problem: str) -> None:
    """Run a program that fetches something."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LONGEST_BUILD,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise CourseError(
            f"{problem}: {' '.join(reason)}",
            "Check the network, then run ./course images again; what is made stays.",
        )


def find_bundle() -> Path:
    """Return the file with the authorities that this machine trusts.

    Raises:
        CourseError: there is none.
    """
    named = (os.environ.get(name) for name in BUNDLES)
    usual = ssl.get_default_verify_paths()
    for file in (*named, usual.cafile, usual.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if file and Path(file).is_file():
            return Path(file)
    raise CourseError(
        "this machine has no bundle of certificate authorities",
        as_this_user("sudo apt-get install ca-certificates"),
    )
