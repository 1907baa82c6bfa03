"""L6.4: the frontend's image is Next's standalone server, with its address built in."""

import re

from checker.checks.container_views import (
    build_frontend_image,
    list_frontend_files,
    rebuild_frontend,
    try_frontend_port,
    watch_frontend,
)
from checker.checks.declare import check
from checker.checks.dockerfiles import (
    expect_health_check,
    expect_listed_command,
    expect_user,
    read_dockerfile,
)
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.checks.image_expectations import (
    expect_cached,
    expect_gentle_end,
    expect_growth,
    expect_healthy,
    expect_no_tools,
    expect_user_1000,
)
from checker.checks.test_06_2_backend_image import expect_packages_first, expect_stages
from checker.probes.project import Project

CONFIG = re.compile(r"frontend/[^/]+\.[cm]?[jt]s")
# A condition or a constant may stand around the word.
STANDALONE = re.compile(r"""['"`]standalone['"`]""")
COMMENT = re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL)
BUILD = re.compile(r"\b(?:npm|pnpm|yarn|bun|next|node\s+--run)\b[^&|;\n]*[\s\"':]build\b(?![/=])")
ADDRESS = "NEXT_PUBLIC_API_URL"


@check("L6.4", points=1)
def test_frontend_is_built_in_stages(project: Project) -> None:
    """The frontend's image is made in two stages or more, and takes something from another one."""
    expect_stages(read_dockerfile(project, "frontend", "L6.4"), "frontend", "L6.4")


@check("L6.4", points=1, needs=("frontend_is_built_in_stages",))
def test_frontend_packages_come_first(project: Project) -> None:
    """package.json and its lock are copied and installed before the frontend's sources."""
    expect_packages_first(project, read_dockerfile(project, "frontend", "L6.4"), "frontend", "L6.4")


@check("L6.4", points=1)
def test_build_is_standalone(project: Project) -> None:
    """The frontend's build puts a server of its own together."""
    names = [n for n in project.texts if CONFIG.fullmatch(n)]
    text = "\n".join(COMMENT.sub("", project.read(n) or "") for n in names)
    expect(
        bool(STANDALONE.search(text)),
        expected="output: 'standalone' in frontend/next.config.ts",
        got="a configuration without it" if "next.config" in f"{names}" else "no such file",
        next_step="Add it: the build then makes .next/standalone. ./course hint L6.4",
    )


@check("L6.4", points=1, needs=("build_is_standalone", "frontend_image_builds"))
def test_frontend_image_gets_all_files(observations: Observations, project: Project) -> None:
    """The frontend's image gets what the standalone server lacks: static files and public/."""
    files = observations.wait_for(list_frontend_files)
    expect_any_of(files, [".next/static/"], ".next/static")
    names = [name.removeprefix("frontend/") for name in project.texts]
    shown = [name for name in names if name.startswith("public/") and "/." not in name]
    expect_any_of(files, shown, "public")


def expect_any_of(files: tuple[str, ...], wanted: list[str], folder: str) -> None:
    """Expect an image to hold one of these at least, wherever it has them; nothing when none is."""
    expect(
        not wanted or any(f"/{name}" in f"/{file}" for file in files for name in wanted),
        expected=f"the frontend's image to hold the files of {folder}",
        got="none of them",
        next_step="The standalone folder has neither static files nor public: copy all three.",
    )


@check("L6.4", points=1, needs=("frontend_is_built_in_stages",))
def test_address_is_told_to_build(project: Project) -> None:
    """NEXT_PUBLIC_API_URL is an ARG of the stage that builds, in front of the build."""
    parsed = read_dockerfile(project, "frontend", "L6.4")
    building = [(s, run) for s in parsed.stages for run in s.find("RUN") if BUILD.search(run.rest)]
    expect(
        bool(building),
        expected="a RUN in frontend/Dockerfile that builds the pages",
        got="none that the course knows: npm run build, and the like",
        next_step="Build in a stage of its own: ./course hint L6.4",
    )
    for stage, run in building:
        told = [
            one
            for below in parsed.trace(stage)
            for one in below.find("ARG")
            if ADDRESS in dict(one.pairs) and one.line < run.line
        ]
        expect(
            bool(told),
            expected=f"ARG {ADDRESS} in front of the line that builds the pages",
            got="no such ARG there: the pages are built without it",
            next_step="It is baked into the pages: a variable of the container comes too late.",
        )


@check("L6.4", points=1, needs=("frontend_is_built_in_stages",))
def test_frontend_runs_as_backend_does(project: Project) -> None:
    """The frontend's image names user 1000, a command as a list, and a health check."""
    parsed = read_dockerfile(project, "frontend", "L6.4")
    expect_user(parsed, "frontend", "L6.4")
    expect_listed_command(parsed, "frontend", "L6.4")
    expect_health_check(parsed, "frontend", "L6.4")


@check("L6.4", points=2, needs=("frontend_is_built_in_stages", "address_is_told_to_build"))
def test_frontend_image_builds(observations: Observations) -> None:
    """The frontend's image can be built from frontend/, and is told NEXT_PUBLIC_API_URL."""
    observations.wait_for(build_frontend_image)


@check("L6.4", points=2, needs=("frontend_image_builds", "frontend_packages_come_first"))
def test_frontend_rebuild_is_quick(observations: Observations) -> None:
    """After a change of sources, the frontend's packages come from the build cache."""
    again = observations.wait_for(rebuild_frontend)
    expect_cached(is_installed_again=again, folder="frontend")


@check("L6.4", points=2, needs=("frontend_image_builds", "build_is_standalone"))
def test_frontend_image_is_small(observations: Observations) -> None:
    """The frontend's image is little more than its base, without compilers and test tools."""
    expect_growth(observations.wait_for(build_frontend_image), "frontend", 200)
    expect_no_tools(observations.wait_for(list_frontend_files), "frontend")


@check("L6.4", points=2, needs=("frontend_runs_as_backend_does", "frontend_image_builds"))
def test_frontend_runs_confined(observations: Observations) -> None:
    """The frontend runs as user 1000, on the port in PORT, with only /tmp to write to."""
    expect_user_1000(observations.wait_for(watch_frontend), "frontend")


@check("L6.4", points=1, needs=("frontend_runs_confined",))
def test_frontend_has_usual_port(observations: Observations) -> None:
    """Without PORT, the frontend listens on 3000."""
    observations.wait_for(try_frontend_port)


@check("L6.4", points=2, needs=("frontend_runs_confined",))
def test_frontend_turns_healthy(observations: Observations) -> None:
    """The frontend's health check says within a minute that all is well."""
    expect_healthy(observations.wait_for(watch_frontend), "frontend")


@check("L6.4", points=1, needs=("frontend_runs_confined",))
def test_frontend_ends_gently(observations: Observations) -> None:
    """On SIGTERM the frontend ends within 10 seconds."""
    expect_gentle_end(observations.wait_for(watch_frontend), "frontend")
