"""`./course hub`, as a learner runs it."""

import os
import signal
import subprocess
import sys

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from checker.probes.port import find_free_port


@pytest.fixture
def start_hub(tmp_path):
    """Start the command, and return what it prints for deployment/.env, and the process."""
    started = []

    def start(*options):
        port = find_free_port()
        command = [sys.executable, "-m", "checker", "hub", "--port", f"{port}", *options]
        env = {**os.environ, "COURSE_WORKSPACE": f"{tmp_path}", "NO_COLOR": "1", "COLUMNS": "200"}
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        started.append(process)
        lines = iter(process.stdout.readline, "")
        told = {}
        for line in lines:
            name, _, value = line.strip().partition("=")
            if value:
                told[name] = value
            if name == "OPENAI_MODEL":
                break
        return told, process

    yield start
    for process in started:
        process.terminate()  # by force it would leave its folder behind
        process.wait(30)
        process.stdout.close()


def test_hub_serves_client_and_pages_until_it_is_interrupted(start_hub):
    told, process = start_hub()
    api = HfApi(endpoint=told["HF_ENDPOINT"], token=told["HF_TOKEN"])
    name = f"{api.whoami()['name']}/taskboard-backend"
    api.create_repo(name, repo_type="space", space_sdk="docker")
    assert name in httpx.get(f"{told['HF_ENDPOINT']}/").text
    assert told["DATABASE_URL"].startswith("postgresql://")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_hub_refuses_docker_spaces_when_it_is_told_so(start_hub):
    told, _ = start_hub("--unpaid")
    api = HfApi(endpoint=told["HF_ENDPOINT"], token=told["HF_TOKEN"])
    with pytest.raises(HfHubHTTPError, match="402"):
        api.create_repo("learner/taskboard", repo_type="space", space_sdk="docker")
