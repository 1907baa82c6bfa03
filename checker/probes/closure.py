"""Work out which installed packages a requirements.txt brings along."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name


def find_hidden_modules(text: str, environment: Path) -> tuple[str, ...] | None:
    """Find the installed modules that a requirements.txt does not bring along.

    Args:
        text: The content of the file.
        environment: The virtual environment.

    Returns:
        Names of top-level modules, or None when something that the file asks for is missing there.
    """
    installed = {canonicalize_name(d.name): d for d in list_installed(environment)}
    try:
        wanted = close_over(read_requirements(text), installed)
    except (LookupError, ValueError):
        return None
    kept = {module for name in wanted for module in list_modules(installed[name])}
    return tuple(
        sorted({m for d in installed.values() for m in list_modules(d)} - kept - {"pip", "_pytest"})
    )


def list_foreign(text: str, environment: Path) -> list[str]:
    """Return the requirements of a file that the environment does not meet, as they are written."""
    installed = {canonicalize_name(d.name): d for d in list_installed(environment)}
    foreign = []
    for requirement in read_requirements(text):
        try:
            close_over([requirement], installed)
        except LookupError:
            foreign.append(str(requirement))
    return foreign


def list_installed(environment: Path) -> Iterator[Distribution]:
    """Yield the distributions of a virtual environment."""
    folders = [*environment.glob("lib/python*/site-packages"), environment / "Lib/site-packages"]
    found = distributions(path=[str(folder) for folder in folders])
    yield from (d for d in found if d.metadata["Name"])  # what a broken installation left has none


def list_modules(distribution: Distribution) -> set[str]:
    """Return the top-level modules that a distribution installs."""
    tops = {
        path.parts[0] for path in distribution.files or () if path.suffix in {".py", ".so", ".pyd"}
    }
    return {top.partition(".")[0] for top in tops if not top.startswith("..")}


def read_requirements(text: str) -> list[Requirement]:
    """Return the requirements of a file; its comments, hashes and continuation lines left out.

    Raises:
        LookupError: the file uses options, so that only pip can say what it means.
        ValueError: a line is no requirement.
    """
    lines = text.replace("\\\n", " ").splitlines()
    found = []
    for line in lines:
        bare = line.split(" #")[0].split("--hash")[0].strip()
        if bare.startswith("-"):
            raise LookupError(bare)
        if bare and not bare.startswith("#"):
            found.append(Requirement(bare))
    return found


def close_over(
    requirements: Iterable[Requirement], installed: Mapping[NormalizedName, Distribution]
) -> set[NormalizedName]:
    """Return the names of everything that the requirements bring along.

    Raises:
        LookupError: a requirement is not installed in a version that fits.
    """
    markers = {key: str(value) for key, value in default_environment().items()}
    done: set[tuple[NormalizedName, str]] = set()
    queue = [(requirement, "") for requirement in requirements]
    while queue:
        requirement, extra = queue.pop()
        if requirement.marker and not requirement.marker.evaluate({**markers, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        if requirement.url or not requirement.specifier.contains(
            installed[name].version, prereleases=True
        ):
            raise LookupError(str(requirement))
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in done:
                done.add((name, wanted))
                queue += [(Requirement(r), wanted) for r in installed[name].requires or ()]
    return {name for name, _ in done}
