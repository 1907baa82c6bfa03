"""What else the real client asks of the local Hub, and what only the real Hub knows."""

import pytest
from hub_steps import NAME, create, upload, wait
from huggingface_hub import SpaceHardware
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.repocard import RepoCard

pytest_plugins = ("hub_fixtures",)

KIND = {"repo_type": "space"}
README = "README.md"


@pytest.fixture
def deployed(api, app):
    """Return the client of a Hub that has a Space with files."""
    create(api)
    upload(api, app)
    wait(api)
    return api


def test_spaces_are_listed_by_owner_and_word(deployed):
    assert [space.id for space in deployed.list_spaces(author="learner", search="board")] == [NAME]
    assert not list(deployed.list_spaces(author="somebody"))
    assert not list(deployed.list_spaces(search="nothing"))


def test_files_are_looked_for(deployed):
    assert deployed.file_exists(NAME, README, **KIND)
    assert not deployed.file_exists(NAME, "none.txt", **KIND)
    assert not deployed.file_exists("learner/none", README, **KIND)
    (found,) = deployed.get_paths_info(NAME, [README, "none.txt"], **KIND)
    assert found.path == README


def test_files_are_downloaded(deployed, app, tmp_path):
    deployed.hf_hub_download(NAME, README, local_dir=tmp_path / "one", **KIND)
    deployed.snapshot_download(NAME, local_dir=tmp_path / "all", **KIND)
    for folder in ("one", "all"):
        assert (tmp_path / folder / README).read_bytes() == (app / README).read_bytes()


def test_card_is_validated_for_everybody(hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub.repocard.constants.ENDPOINT", hub.url)
    RepoCard("---\ntitle: T\nsdk: docker\n---\n").validate(**KIND)


def test_rights_are_looked_up(deployed, hub):
    deployed.auth_check(NAME, write=True, **KIND)
    hub.role = "read"
    deployed.auth_check(NAME, **KIND)
    with pytest.raises(HfHubHTTPError, match="403"):
        deployed.auth_check(NAME, write=True, **KIND)


@pytest.mark.filterwarnings("ignore:If your Space runs on the default")
def test_wishes_of_no_use_here_are_taken(deployed):
    deployed.update_repo_settings(NAME, private=False, **KIND)
    assert deployed.request_space_hardware(NAME, SpaceHardware.CPU_BASIC).stage == "RUNNING"
    assert deployed.set_space_sleep_time(NAME, 3600).stage == "RUNNING"


def test_branch_names_the_newest_commit(deployed):
    (branch,) = deployed.list_repo_refs(NAME, **KIND).branches
    assert (branch.name, branch.target_commit) == ("main", deployed.space_info(NAME).sha)


def test_paused_space_runs_again_when_it_is_restarted(deployed):
    assert deployed.pause_space(NAME).stage == "PAUSED"
    deployed.restart_space(NAME)
    assert wait(deployed).stage == "RUNNING"


def test_deleted_space_leaves_nothing(deployed, app):
    deployed.delete_repo(NAME, **KIND)
    assert not deployed.repo_exists(NAME, **KIND)
    with pytest.raises(RepositoryNotFoundError):
        deployed.delete_repo(NAME, **KIND)
    create(deployed)
    assert not deployed.list_repo_files(NAME, **KIND)
    upload(deployed, app)
    assert wait(deployed).stage == "RUNNING"


def test_looking_is_no_change(deployed, hub, tmp_path):
    before = hub.list_changes()
    deployed.file_exists(NAME, README, **KIND)
    deployed.get_paths_info(NAME, [README], **KIND)
    deployed.snapshot_download(NAME, local_dir=tmp_path / "all", **KIND)
    assert hub.list_changes() == before
    assert not hub.unknown


@pytest.mark.parametrize(
    "act",
    [
        lambda api, app: api.upload_folder(repo_id=NAME, folder_path=app),
        lambda api, _app: api.hf_hub_download(NAME, README),
        lambda api, _app: api.space_info("taskboard"),
        lambda api, _app: api.add_space_secret("taskboard", "KEY", "hidden"),
        lambda api, app: api.upload_folder(repo_id="taskboard", folder_path=app, **KIND),
    ],
)
def test_forgotten_kind_or_owner_is_a_fault_that_can_be_judged(deployed, app, hub, act):
    with pytest.raises(RepositoryNotFoundError):
        act(deployed, app)
    assert not hub.unknown


def test_call_that_only_the_real_hub_knows_is_kept(deployed, hub):
    with pytest.raises(HfHubHTTPError, match="does not know"):
        deployed.create_tag(NAME, tag="v1", **KIND)
    assert [f"{call}" for call in hub.unknown] == [f"POST /api/spaces/{NAME}/tag/main"]
