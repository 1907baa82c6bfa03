"""Create the Spaces, or find those that are there, and tell them their settings."""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi

STOPPED = {"PAUSED", "STOPPED", "SLEEPING", "RUNTIME_ERROR"}


@dataclass(frozen=True)
class Space:
    """One Space.

    Attributes:
        id: Its owner and its name.
        folder: What goes into it.
        address: Where its app answers.
    """

    id: str
    folder: Path
    address: str


def open_space(api: HfApi, name: str, folder: Path) -> Space:
    """Create a Space unless it is there, and find out its address."""
    api.create_repo(name, repo_type="space", space_sdk="docker", exist_ok=True)
    address = api.space_info(name).host or ""
    print(f"Space {name}: {address}")
    return Space(name, folder, address)


def configure(api: HfApi, space: Space, secrets: dict[str, str], variables: dict[str, str]) -> None:
    """Tell a Space its secrets and variables."""
    known = {name: one.value for name, one in api.get_space_variables(space.id).items()}
    for name, value in variables.items():
        if known.get(name) != value:  # a new value is a new build
            api.add_space_variable(space.id, name, value)
    for name, value in secrets.items():  # nobody can read what is there, so all are set
        api.add_space_secret(space.id, name, value)


def revive(api: HfApi, space: Space, commit: str) -> None:
    """Start a Space that stands still with these very files: their upload has changed nothing."""
    runtime = api.get_space_runtime(space.id)
    if runtime.stage == "BUILD_ERROR":  # the same files may well build today
        api.restart_space(space.id, factory_reboot=True)
    elif runtime.stage in STOPPED and runtime.raw.get("sha") in {None, commit}:
        api.restart_space(space.id)
