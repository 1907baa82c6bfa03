"""A local Hub that plays what it builds."""

import pytest
from huggingface_hub import HfApi
from space_card import CARD

from checker.probes.hub.played import PlayedRunner
from checker.probes.hub.server import open_hub


@pytest.fixture
def runner():
    return PlayedRunner()


@pytest.fixture
def hub(tmp_path, runner):
    with open_hub(tmp_path / "hub", runner, longest_start=2) as opened:
        yield opened


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "README.md").write_text(CARD)
    (folder / "Dockerfile").write_text("FROM scratch\n")
    return folder


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.url, token=hub.token)
