"""L7.3: what an image is built from goes up, and nothing else."""

import re

from checker.checks.declare import check
from checker.checks.deployment_views import NEW, OLD, OLD_TEXT, watch_deployments
from checker.checks.deployments import SECRETS, expect_script
from checker.checks.expect import expect
from checker.checks.fixtures import Observations
from checker.probes.hub.rehearsal import MARK, PARTS
from checker.probes.submission import is_secret_file

NEEDED = {
    "backend": ("README.md", "Dockerfile", "requirements.txt", "app/main.py", "alembic.ini"),
    "frontend": ("README.md", "Dockerfile", "package.json", "package-lock.json"),
}
MADE_HERE = re.compile(
    r"(?:^|/)(?:\.venv|venv|node_modules|__pycache__|\.next|\.git)(?:/|$)|\.pyc$"
)


@check("L7.3", points=2, needs=("spaces_are_created",))
def test_files_are_uploaded(observations: Observations) -> None:
    """Both Spaces have what their images are built from, the README.md with the card included."""
    seen = observations.wait_for(watch_deployments).first
    for part in PARTS:
        files = seen.find(part).files
        missing = [name for name in NEEDED[part] if name not in files]
        expect_script(
            not missing,
            seen.run,
            expected=f"{', '.join(NEEDED[part])} in the Space of the {part}",
            next_step=f"Missing: {', '.join(missing)}. Upload the folder {part}/ itself.",
        )


@check("L7.3", points=3, needs=("files_are_uploaded",))
def test_secrets_stay_here(observations: Observations) -> None:
    """No .env, no variant of it, and no secret in any file goes up."""
    journey = observations.wait_for(watch_deployments)
    seen = journey.third
    values = [told[name].encode() for told in (journey.first.told, seen.told) for name in SECRETS]
    for part in PARTS:
        files = seen.find(part).files
        named = [path for path in files if is_secret_file(path.rpartition("/")[2])]
        holding = [p for p, content in files.items() if any(v in content for v in values)]
        expect(
            not named and not holding,
            expected=f"no .env and no secret among the files of the Space of the {part}",
            got=", ".join(named + holding),
            next_step="Add its pattern to ignore_patterns, and make new secrets: these are known.",
        )


@check("L7.3", points=2, needs=("files_are_uploaded",))
def test_local_work_stays_here(observations: Observations) -> None:
    """node_modules, .venv, .next, __pycache__ and .git stay on this machine."""
    seen = observations.wait_for(watch_deployments).third
    for part in PARTS:
        files = seen.find(part).files
        # The check above is for .env: one fault is told once.
        others = {p: c for p, c in files.items() if not is_secret_file(p.rpartition("/")[2])}
        found = [p for p, c in others.items() if MADE_HERE.search(p) or MARK.encode() in c]
        expect(
            not found,
            expected=f"no node_modules, .venv, .next, __pycache__ or .git in the {part}'s Space",
            got=", ".join(found[:6]),
            next_step="The patterns are fnmatch's: node_modules/* is all that is in the folder.",
        )


@check("L7.3", points=2, needs=("files_are_uploaded", "deployment_ends_well"))
def test_changes_are_uploaded(observations: Observations) -> None:
    """With the next deployment a new file goes up, one that is gone here goes, and it all runs."""
    journey = observations.wait_for(watch_deployments)
    before, after = journey.second.find("backend"), journey.third.find("backend")
    expect(
        NEW["backend"] in after.files and after.sha != before.sha,
        expected="a file that is new in backend/ to be in the Space after the next deployment",
        got=f"the commit {after.sha[:8]} without it",
        next_step="Upload the whole folder each time: only what has changed is sent.",
    )
    left = [name for name in (OLD, OLD_TEXT) if name in after.files]
    expect(
        not left,
        expected="a file that was deleted in backend/ to be gone from the Space",
        got=f"{left[0] if left else OLD} is still there",
        next_step='Give upload_folder delete_patterns="*".',
    )
    expect_script(
        after.stage == "RUNNING" and journey.third.run.code == 0,
        journey.third.run,
        expected="the Space of the backend to run after that",
        next_step="Look at the lines below.",
    )
