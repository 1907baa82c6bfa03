"""`./course check 7 --live`, over Spaces of a local Hub."""

import pytest
from huggingface_hub import HfApi

from checker.probes.hub.played import WELL, Part

pytest_plugins = ("hub_fixtures",)


@pytest.fixture
def deploy(app, runner, hub):
    """Put two Spaces on the Hub, with what the backend answers and whom it lets in."""
    api = HfApi(endpoint=hub.url, token=hub.token)

    def run(replies=WELL, origins=""):
        runner.choose = lambda _name: Part(replies=replies)
        for name in ("learner/mine-frontend", "learner/mine-backend"):
            api.create_repo(name, repo_type="space", space_sdk="docker")
            own = hub.find("learner/mine-frontend").address.url
            api.add_space_variable(name, "CORS_ORIGINS", origins or f"https://a.example, {own}")
            api.upload_folder(repo_id=name, repo_type="space", folder_path=app)
            api.wait_for_space(name, timeout=30, poll_interval=0.05)

    return run


@pytest.fixture
def check_live(run_course, hub, tmp_path):
    """Run the command as somebody whose deployment/.env says where the app is."""
    file = tmp_path / "workspace" / "deployment" / ".env"
    file.parent.mkdir(parents=True)
    file.write_text(f"HF_TOKEN={hub.token}\nHF_ENDPOINT={hub.url}\nSPACE_NAME=mine\n")
    return lambda *options, **variables: run_course("check", 7, "--live", *options, **variables)


def test_deployed_app_is_well(deploy, check_live):
    deploy(replies=WELL | {"/health": (200, '{"status": "ok", "version": "1.0"}')})
    done = check_live()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_backend_without_a_database_is_told(deploy, check_live):
    deploy(replies=WELL | {"/ready": (503, "no database")})
    done = check_live()
    assert done.returncode == 1
    assert "live_database_is_reached failed" in done.stdout
    assert "503 Service Unavailable: no database" in done.stdout
    assert "./course check 7 --live" in done.stdout


def test_pages_that_are_shut_out_are_told(deploy, check_live):
    deploy(origins="*")
    done = check_live()
    assert done.returncode == 1
    assert "live_own_pages_are_let_in failed" in done.stdout


def test_spaces_that_are_not_there_are_told(check_live):
    done = check_live()
    assert done.returncode == 1
    assert "the Hub knows no such Space" in done.stdout


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({"HF_TOKEN": "another"}, 2, "does not take the token"),
        ({"HF_ENDPOINT": "http://127.0.0.1:1"}, 2, "cannot be asked"),
        ({"HF_ENDPOINT": "http://hub.example"}, 2, "https:// only"),
    ],
)
def test_hub_that_cannot_be_asked_is_no_failure_of_the_app(check_live, variables, code, words):
    done = check_live(**variables)
    assert done.returncode == code
    assert words in " ".join(done.stderr.split())


def test_nobody_is_asked_without_a_token(run_course):
    done = run_course("check", 7, "--live")
    assert done.returncode == 3
    assert "HF_TOKEN" in done.stderr


def test_only_lesson_7_has_something_to_look_at(run_course):
    done = run_course("check", 3, "--live")
    assert done.returncode == 3
    assert "./course check 7 --live" in done.stderr
