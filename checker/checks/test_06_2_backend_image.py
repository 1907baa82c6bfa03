"""L6.2: the backend's image is made in stages, and packages are installed once."""

import re
from posixpath import normpath

from checker.checks.container_views import (
    build_backend_image,
    list_backend_files,
    rebuild_backend,
)
from checker.checks.declare import check
from checker.checks.dockerfiles import FOLDERS, SOURCES, find_install, list_sources, read_dockerfile
from checker.checks.expect import expect
from checker.checks.failure import CheckFailed
from checker.checks.fixtures import Observations
from checker.checks.image_expectations import expect_cached, expect_growth, expect_no_tools
from checker.containers.dockerfile import Dockerfile, Stage
from checker.paths import CoursePaths
from checker.probes.containers.hadolint import lint_dockerfile
from checker.probes.project import Project

VERSION = re.compile(r"\d")


@check("L6.2", points=1)
def test_backend_is_built_in_stages(project: Project) -> None:
    """The backend's image is made in two stages or more, and takes something from another one."""
    expect_stages(read_dockerfile(project, "backend", "L6.2"), "backend", "L6.2")


@check("L6.2", points=1, needs=("backend_is_built_in_stages",))
def test_backend_packages_come_first(project: Project) -> None:
    """requirements.txt is copied and installed before the backend's sources are copied."""
    expect_packages_first(project, read_dockerfile(project, "backend", "L6.2"), "backend", "L6.2")


@check("L6.2", points=1, needs=("backend_is_built_in_stages",))
def test_bases_are_pinned(project: Project) -> None:
    """Every base image has a tag with a version in it, or a digest."""
    for folder in FOLDERS:
        for base in read_dockerfile(project, folder, "L6.2").bases:
            name, _, digest = base.partition("@")
            tag = name.rpartition("/")[2].partition(":")[2]
            expect(
                bool(digest or VERSION.search(tag)),
                expected=f"every image that {folder}/Dockerfile names to have a version",
                got=f"FROM {base}",
                next_step="Name one, as in python:3.13-slim-trixie: latest changes under you.",
            )


@check("L6.2", points=1, needs=("backend_is_built_in_stages",))
def test_dockerfiles_are_sound(project: Project, paths: CoursePaths) -> None:
    """Hadolint finds no error and no warning in the Dockerfiles."""
    for folder in FOLDERS:
        read_dockerfile(project, folder, "L6.2")
        found = lint_dockerfile(project.root / folder / "Dockerfile", paths)
        if found:
            first = found[0]
            raise CheckFailed(
                expected=f"hadolint to find nothing in {folder}/Dockerfile",
                got=f"line {first.line}, {first.code}: {first.message}",
                next_step=f"https://github.com/hadolint/hadolint/wiki/{first.code} tells more.",
                log="\n".join(f"line {one.line}: {one.code} {one.message}" for one in found),
            )


@check("L6.2", points=2, needs=("backend_is_built_in_stages",))
def test_backend_image_builds(observations: Observations) -> None:
    """The backend's image can be built from backend/."""
    observations.wait_for(build_backend_image)


@check("L6.2", points=2, needs=("backend_image_builds", "backend_packages_come_first"))
def test_backend_rebuild_is_quick(observations: Observations) -> None:
    """After a change of sources, the backend's packages come from the build cache."""
    again = observations.wait_for(rebuild_backend)
    expect_cached(is_installed_again=again, folder="backend")


@check("L6.2", points=2, needs=("backend_image_builds",))
def test_backend_image_is_small(observations: Observations) -> None:
    """The backend's image is little more than its base, without compilers and test tools."""
    expect_growth(observations.wait_for(build_backend_image), "backend", 250)
    expect_no_tools(observations.wait_for(list_backend_files), "backend")


def expect_stages(parsed: Dockerfile, folder: str, task: str) -> None:
    """Expect the last stage to take something from an earlier one."""
    chain = parsed.trace(parsed.final)
    origins = [name for stage in chain for one in stage.instructions for name in one.origins]
    is_staged = any(parsed.find_stage(name) for name in origins)
    got = "one FROM" if len(parsed.stages) == 1 else "a last stage without COPY --from=…"
    expect(
        is_staged,
        expected=f"{folder}/Dockerfile to install in one stage and ship another one",
        got=got,
        next_step=f"Begin a second stage with FROM, and take over what runs: ./course hint {task}",
    )


def expect_packages_first(project: Project, parsed: Dockerfile, folder: str, task: str) -> None:
    """Expect no source to be copied in front of what installs packages."""
    installing = [(stage, found) for stage in parsed.stages if (found := find_install(stage))]
    expect(
        bool(installing),
        expected=f"a RUN in {folder}/Dockerfile that installs the packages",
        got="none that the course knows: pip, uv, poetry, npm, pnpm, yarn",
        next_step=f"Install in a stage of its own: ./course hint {task}",
    )
    for stage, install in installing:
        early = find_early_sources(project, parsed, stage, install.line, folder)
        expect(
            not early,
            expected=f"{folder}/Dockerfile to install the packages before it copies sources",
            got=f"COPY {early} in front of RUN {install.rest[:60]}",
            next_step="Copy the files that name the packages alone, install, then copy the rest.",
        )


def find_early_sources(
    project: Project, parsed: Dockerfile, stage: Stage, line: int, folder: str
) -> str:
    """Return what is copied before a line and is, or holds, a folder of the app's sources."""
    copies = [copy for below in parsed.trace(stage) for copy in below.find("COPY", "ADD")]
    for copy in copies:
        if copy.line < line and not copy.origins:
            for source in list_sources(copy):
                path = normpath(source.lstrip("/"))
                is_source = path.partition("/")[0] in SOURCES[folder]
                if path == "." or (is_source and is_folder(project, f"{folder}/{path}")):
                    return source
    return ""


def is_folder(project: Project, path: str) -> bool:
    """Tell whether a path of the app is a folder with files in it."""
    return project.has(path) and project.read(path) is None
