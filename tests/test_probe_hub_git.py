"""The local Hub, as git speaks to it."""

import os
import shutil
import subprocess

from hub_steps import NAME, create, upload, wait
from space_card import CARD

pytest_plugins = ("hub_fixtures",)

WHO = ("AUTHOR", "COMMITTER")


def git(*arguments, folder=None, **variables):
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    names = {f"GIT_{role}_{part}": "a@b.c" for role in WHO for part in ("NAME", "EMAIL")}
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **alone, **names, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def clone(hub, target, token=None):
    address = hub.url.replace("://", f"://learner:{token or hub.token}@")
    return git("clone", "--quiet", f"{address}/spaces/{NAME}", target)


def test_push_is_built_and_runs(api, app, hub, runner, tmp_path):
    create(api)
    clone(hub, tmp_path / "clone")
    shutil.copytree(app, tmp_path / "clone", dirs_exist_ok=True)
    for command in (
        ["add", "."],
        ["commit", "-qm", "Pushed"],
        ["push", "-q", "origin", "HEAD:main"],
    ):
        done = git(*command, folder=tmp_path / "clone")
        assert done.returncode == 0, done.stderr
    assert wait(api).stage == "RUNNING"
    assert [commit.title for commit in api.list_repo_commits(NAME, repo_type="space")] == ["Pushed"]
    assert len(runner.orders) == 1
    assert git("push", "origin", "HEAD:main", folder=tmp_path / "clone").returncode == 0
    assert len(runner.orders) == 1


def test_clone_has_what_was_uploaded(api, app, hub, tmp_path):
    create(api)
    upload(api, app)
    assert clone(hub, tmp_path / "clone").returncode == 0
    assert (tmp_path / "clone" / "README.md").read_text() == CARD


def test_push_with_a_wrong_token_is_refused(api, hub, tmp_path):
    create(api)
    done = clone(hub, tmp_path / "clone", token="another")
    assert done.returncode != 0
    assert "Authentication failed" in done.stderr


def test_push_of_bad_front_matter_is_refused(api, hub, tmp_path):
    create(api)
    clone(hub, tmp_path / "clone")
    (tmp_path / "clone" / "README.md").write_text(CARD.replace("blue", "mauve"))
    git("add", ".", folder=tmp_path / "clone")
    git("commit", "-qm", "Pushed", folder=tmp_path / "clone")
    done = git("push", "-q", "origin", "HEAD:main", folder=tmp_path / "clone")
    assert done.returncode != 0
    assert 'Error: "colorFrom" must be one of' in done.stderr
    assert api.space_info(NAME).sha is None
