"""Take the picture of a Space on the local Hub: the finished app's backend, built by a script."""

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from checker.paths import CoursePaths
from checker.probes.hub import stage as stages
from checker.probes.hub.hub import Hub
from checker.probes.hub.life import Space
from checker.probes.hub.played import Part, PlayedRunner
from checker.probes.hub.repository import Change
from checker.probes.hub.server import open_hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BUILD = Part(
    lines=(
        "Step 1/14 : FROM python:3.13-slim-trixie AS packages",
        " ---> Using cache",
        "Step 9/14 : COPY . .",
        " ---> 4f1a0c2b7d31",
        "Successfully built 9d7e5a3c1b02",
    )
)
LONGEST_START = 10.0  # seconds


def take_hub_picture(paths: CoursePaths, folder: Path, browser: "Browser") -> Path:
    """Write the picture into the folder, and return the file."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        open_hub(Path(scratch), PlayedRunner(lambda _name: BUILD)) as hub,
    ):
        page = browser.new_page(viewport={"width": 960, "height": 640})
        page.goto(hub.make_url(deploy_backend(hub, paths)))
        file = folder / "lesson7-hub-space.png"
        page.screenshot(path=file)
        page.close()
        return file


def deploy_backend(hub: Hub, paths: CoursePaths) -> Space:
    """Put the backend of the finished app on a Space, and wait until it runs."""
    app = next(paths.solutions.glob("07-*")) / "backend"
    space = hub.create(hub.user, "taskboard-backend", "docker")
    space.variables["PORT"] = "7860"
    files = [file for file in app.rglob("*") if file.is_file()]
    contents = {file.relative_to(app).as_posix(): file.read_bytes() for file in files}
    space.repository.commit(Change("Deploy 1a2b3c4", contents))
    space.rebuild()
    deadline = time.monotonic() + LONGEST_START
    while space.stage != stages.RUNNING and time.monotonic() < deadline:
        time.sleep(0.1)
    return space
