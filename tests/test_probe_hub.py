"""The local Hub, as the real client speaks to it."""

import threading
import time

import httpx
import pytest
from hub_steps import NAME, create, upload, wait
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from space_card import CARD

from checker.probes.hub.played import WELL, Part
from checker.probes.hub.runner import NoRunner
from checker.probes.hub.server import open_hub

pytest_plugins = ("hub_fixtures",)

PLAIN_NAMES = ["README.md", "Dockerfile"]


@pytest.fixture
def played(api, app):
    """Return the address of a Space that is played."""
    create(api)
    api.add_space_variable(NAME, "CORS_ORIGINS", "https://a.example, https://b.example")
    upload(api, app)
    wait(api)
    return api.space_info(NAME).host


def fetch(address):
    answer = httpx.get(address, timeout=10)
    return answer.status_code, answer.text


def expect_refused(status):
    return pytest.raises(HfHubHTTPError, match=str(status))


def test_token_is_known(api, hub):
    assert api.whoami()["name"] == hub.user


def test_wrong_token_is_401(hub):
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        HfApi(endpoint=hub.url, token="another").whoami()


def test_space_is_created_once(api):
    first = create(api)
    assert first.repo_id == NAME
    assert create(api, exist_ok=True) == first
    with expect_refused(409):
        create(api)


def test_docker_space_of_an_account_that_does_not_pay_is_402(api, hub):
    hub.is_paid = False
    with expect_refused(402):
        create(api)


def test_reused_space_needs_no_payment(api, hub):
    create(api)
    hub.is_paid = False
    create(api, exist_ok=True)


@pytest.mark.parametrize(("name", "role"), [("somebody/taskboard", "write"), (NAME, "read")])
def test_space_of_others_or_token_for_reading_is_403(api, hub, name, role):
    hub.role = role
    with expect_refused(403):
        create(api, name)


def test_secret_is_named_and_never_shown(api, hub):
    create(api)
    api.add_space_secret(NAME, "KEY", "hidden")
    assert list(api.get_space_secrets(NAME)) == ["KEY"]
    assert hub.find(NAME).secrets == {"KEY": "hidden"}
    assert "hidden" not in str(api.get_space_secrets(NAME))


def test_variables_are_set_and_removed(api):
    create(api)
    api.add_space_variable(NAME, "A", "1")
    api.add_space_variable(NAME, "B", "2")
    api.delete_space_variable(NAME, "A")
    assert {k: v.value for k, v in api.get_space_variables(NAME).items()} == {"B": "2"}


def test_settings_come_with_the_creation(api, hub):
    given = {"space_secrets": [{"key": "S", "value": "s"}]}
    create(api, **given, space_variables=[{"key": "V", "value": "v"}])
    assert (hub.find(NAME).secrets, hub.find(NAME).variables) == ({"S": "s"}, {"V": "v"})


def test_upload_is_built_and_runs(api, app, runner, hub):
    create(api)
    api.add_space_variable(NAME, "V", "v")
    api.add_space_secret(NAME, "S", "s")
    done = upload(api, app)
    assert wait(api).stage == "RUNNING"
    info = api.space_info(NAME)
    assert info.sha == done.oid == info.runtime.raw["sha"]
    assert fetch(f"{info.host}/health") == WELL["/health"]
    (order,) = runner.orders
    assert (order.variables, order.secrets, order.port) == ({"V": "v"}, {"S": "s"}, 7860)
    assert sorted(api.list_repo_files(NAME, repo_type="space")) == sorted(PLAIN_NAMES)
    assert hub.find(NAME).builds == 1


def test_upload_of_the_same_builds_nothing(api, app, hub):
    create(api)
    upload(api, app)
    wait(api)
    upload(api, app)
    assert hub.find(NAME).builds == 1
    assert len(hub.find(NAME).repository.list_commits()) == 1


def test_upload_deletes_what_is_gone(api, app):
    create(api)
    (app / "old.txt").write_text("old")
    upload(api, app)
    (app / "old.txt").unlink()
    upload(api, app, delete_patterns="*")
    assert sorted(api.list_repo_files(NAME, repo_type="space")) == sorted(PLAIN_NAMES)


def test_upload_obeys_gitignore_that_comes_along(api, app):
    (app / ".gitignore").write_text(".env\n")
    (app / ".env").write_text("KEY=hidden\n")
    create(api)
    upload(api, app)
    assert ".env" not in api.list_repo_files(NAME, repo_type="space")


def test_upload_without_ignores_takes_env(api, app):
    (app / ".env").write_text("KEY=hidden\n")
    create(api)
    upload(api, app)
    assert ".env" in api.list_repo_files(NAME, repo_type="space")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("colorFrom: blue", "colorFrom: mauve"),
        ("sdk: docker", "sdk: dockers"),
        ("app_port: 7860", "app_port: yes"),
        ("emoji: 🚀", "emoji: rocket"),
        ("title: T", "title: [unclosed"),
    ],
)
def test_bad_front_matter_is_refused(api, app, old, new):
    create(api)
    (app / "README.md").write_text(CARD.replace(old, new))
    with pytest.raises(ValueError, match="Invalid metadata"):
        upload(api, app)


def test_front_matter_may_have_line_ends_of_windows(api, app):
    create(api)
    (app / "README.md").write_text(CARD, newline="\r\n")
    upload(api, app)
    assert wait(api).stage == "RUNNING"


def test_readme_without_front_matter_is_a_configuration_error(api, app):
    create(api)
    (app / "README.md").write_text("# Taskboard\n")
    with pytest.warns(UserWarning, match="empty or missing yaml"):
        upload(api, app)
    assert wait(api).stage == "CONFIG_ERROR"


def test_name_of_a_variable_and_a_secret_is_a_configuration_error(api, app):
    create(api)
    upload(api, app)
    assert wait(api).stage == "RUNNING"
    api.add_space_variable(NAME, "TOPIC", "plums")
    api.add_space_secret(NAME, "TOPIC", "plums")
    runtime = wait(api)
    assert runtime.stage == "CONFIG_ERROR"
    assert runtime.raw["errorMessage"] == "Collision on variables and secrets names"
    api.delete_space_variable(NAME, "TOPIC")
    assert wait(api).stage == "RUNNING"


def test_space_without_dockerfile_has_no_app_file(api, app):
    create(api)
    (app / "Dockerfile").unlink()
    upload(api, app)
    assert wait(api).stage == "NO_APP_FILE"


def test_failed_build_says_why_in_its_log(api, app, runner):
    runner.choose = lambda _name: Part(lines=("Step 1", "no such image"), builds=False)
    create(api)
    upload(api, app)
    assert wait(api).stage == "BUILD_ERROR"
    log = list(api.fetch_space_logs(NAME, build=True, follow=True))
    assert log[-2:] == ["Step 1\n", "no such image\n"]


def test_build_log_ends_with_the_build(api, app):
    create(api)
    upload(api, app)
    wait(api)
    log = list(api.fetch_space_logs(NAME, build=True, follow=True))
    assert log[-1] == "Successfully built\n"


def test_app_that_ends_is_a_runtime_error(api, app, runner):
    runner.choose = lambda _name: Part(lives=False)
    create(api)
    upload(api, app)
    assert wait(api).stage == "RUNTIME_ERROR"


def test_without_an_engine_the_build_says_so(tmp_path, app):
    with open_hub(tmp_path / "hub", NoRunner("needs a container engine")) as hub:
        api = HfApi(endpoint=hub.url, token=hub.token)
        create(api)
        upload(api, app)
        assert wait(api).stage == "BUILD_ERROR"
        log = "".join(api.fetch_space_logs(NAME, build=True, follow=True))
        assert "needs a container engine" in log


def test_build_that_is_held_stays_in_its_stage(api, app, runner):
    create(api)
    runner.may_build.clear()
    upload(api, app)
    with pytest.raises(TimeoutError):
        api.wait_for_space(NAME, timeout=0.2, poll_interval=0.05)
    threading.Timer(0.1, runner.may_build.set).start()
    assert wait(api).stage == "RUNNING"


def test_version_before_answers_while_the_next_one_is_built(api, app, runner):
    create(api)
    first = upload(api, app)
    wait(api)
    runner.may_build.clear()
    (app / "new.txt").write_text("new")
    second = upload(api, app)
    runtime = api.get_space_runtime(NAME)
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING_BUILDING", first.oid)
    assert fetch(f"{api.space_info(NAME).host}/health")[0] == 200
    runner.may_build.set()
    wait(api)
    assert api.get_space_runtime(NAME).raw["sha"] == second.oid


@pytest.mark.parametrize("path", ["/", "/login", "/register", "/tasks", "/chat"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_played_app_has_the_pages_of_the_contract(played, method, path):
    assert httpx.request(method, f"{played}{path}").status_code == 200


def test_played_app_asks_who_somebody_is(played):
    answer = httpx.get(f"{played}/api/auth/me")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("origin", "allowed", "status"),
    [("https://a.example", "https://a.example", 200), ("https://c.example", None, 400)],
)
def test_played_app_lets_in_whom_its_space_names(played, origin, allowed, status):
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answers = [
        httpx.get(f"{played}/health", headers={"Origin": origin}),
        httpx.options(f"{played}/api/auth/token", headers=asks),
    ]
    assert [one.status_code for one in answers] == [200, status]
    assert [one.headers.get("Access-Control-Allow-Origin") for one in answers] == [allowed] * 2


def test_sleeping_space_wakes_when_somebody_comes(api, app, hub):
    create(api)
    upload(api, app)
    wait(api)
    hub.find(NAME).sleep()
    assert api.get_space_runtime(NAME).stage == "SLEEPING"
    assert fetch(f"{api.space_info(NAME).host}/health")[0] == 200
    assert wait(api).stage == "RUNNING"


def test_space_that_does_not_run_answers_503(api, hub):
    create(api)
    status, text = fetch(hub.find(NAME).address.url)
    assert status == 503
    assert "NO_APP_FILE" in text


def test_changed_secret_starts_the_app_again(api, app, hub, runner):
    create(api)
    upload(api, app)
    wait(api)
    api.add_space_secret(NAME, "KEY", "new")
    assert wait(api).stage == "RUNNING"
    assert (hub.find(NAME).builds, len(runner.orders)) == (1, 1)


def test_restart_from_scratch_builds_again(api, app, hub):
    create(api)
    upload(api, app)
    wait(api)
    api.restart_space(NAME, factory_reboot=True)
    wait(api)
    assert hub.find(NAME).builds == 2


@pytest.mark.parametrize("status", [401, 402, 429, 500])
def test_hub_refuses_what_it_is_told_to(api, hub, status):
    hub.faults.refuse("create", status)
    with expect_refused(status):
        create(api)
    hub.faults.clear()
    create(api)


@pytest.mark.parametrize("step", ["preupload", "commit"])
def test_client_tries_again_after_a_lost_connection(api, app, hub, step):
    create(api)
    hub.faults.cut(step, times=1)
    upload(api, app)
    assert wait(api).stage == "RUNNING"
    assert len(hub.find(NAME).repository.list_commits()) == 1


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", ".git/config", "a/../../b"])
def test_paths_that_lead_out_are_refused(api, hub, path):
    create(api)
    line = f'{{"key":"file","value":{{"path":"{path}","content":"eA==","encoding":"base64"}}}}'
    address = f"{hub.url}/api/spaces/{NAME}/commit/main"
    headers = {"Authorization": f"Bearer {hub.token}"}
    assert httpx.post(address, content=line, headers=headers).status_code == 400


def test_hub_ends_at_once(tmp_path, runner):
    started = time.monotonic()
    with open_hub(tmp_path / "hub", runner):
        pass
    assert time.monotonic() - started < 1


def test_pages_show_spaces_logs_and_files(api, app, hub):
    (app / "odd.html").write_text("<script>alert(1)</script>")
    create(api)
    api.add_space_secret(NAME, "KEY", "hidden")
    upload(api, app)
    wait(api)
    assert NAME in fetch(f"{hub.url}/")[1]
    status, page = fetch(f"{hub.url}/spaces/{NAME}")
    assert status == 200
    assert all(text in page for text in ("RUNNING", "Successfully built", "Dockerfile", "KEY"))
    assert "hidden" not in page
    file = fetch(f"{hub.url}/spaces/{NAME}/blob/main/odd.html")[1]
    assert "&lt;script&gt;" in file
    assert "<script>" not in file


def test_page_of_no_space_is_404(hub):
    assert fetch(f"{hub.url}/spaces/learner/nothing")[0] == 404
