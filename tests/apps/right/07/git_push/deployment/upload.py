"""Upload by git: clone the Space, make the clone equal to the folder, commit, push."""

import base64
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from huggingface_hub import HfApi

from deployment.errors import ADVICE, OTHERS, DeployError
from deployment.spaces import Space

NEVER = shutil.ignore_patterns(
    *(".git", ".env", ".env.*", ".venv", "venv", "node_modules", ".next", "__pycache__"),
    *("*.pyc", ".pytest_cache", "*.tsbuildinfo", "next-env.d.ts"),
)
REASON = re.compile(r"^remote: - Error: (.*?)\s*$", re.MULTILINE)
STATUS = re.compile(r"returned error: (\d{3})")


class Clone:
    """A clone of a Space's repository.

    Args:
        folder: Where it is.
        token: Told to git by its environment: no list of processes shows it.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        secret = base64.b64encode(f"deploy:{token}".encode()).decode()
        self.env = {
            **os.environ,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
            "GIT_CONFIG_KEY_1": "user.name",
            "GIT_CONFIG_VALUE_1": "deploy.py",
            "GIT_CONFIG_KEY_2": "user.email",
            "GIT_CONFIG_VALUE_2": "deploy@example.com",
        }

    def git(self, *arguments: str) -> str:
        """Run git in the clone.

        Raises:
            DeployError: it did not end well.
        """
        command = ["git", "-C", f"{self.folder}", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DeployError(explain_git(done.stderr))
        return done.stdout.strip()


def explain_git(said: str) -> str:
    """Say in words what git complains about."""
    if found := STATUS.search(said):
        status = int(found[1])
        return ADVICE.get(status, OTHERS.format(status=status))
    if reasons := REASON.findall(said):
        return f"the front matter of a README.md is wrong: {'; '.join(reasons)}"
    if "Authentication failed" in said or "could not read Username" in said:
        return ADVICE[401]
    return "the Hub cannot be reached by git, or has hung up. Try again: what is there is used."


def list_files(folder: Path) -> list[str]:
    """Return the paths of what would be uploaded."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / "copy", ignore=NEVER))
        return sorted(f"{p.relative_to(copy)}" for p in copy.rglob("*") if p.is_file())


def upload(api: HfApi, space: Space) -> str:
    """Make the Space's repository equal to the folder; return the newest commit."""
    with tempfile.TemporaryDirectory() as place:
        clone = Clone(Path(place), api.token)
        clone.git("clone", "--quiet", f"{api.endpoint}/spaces/{space.id}", ".")
        clone.git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".")
        shutil.copytree(space.folder, place, ignore=NEVER, dirs_exist_ok=True)
        clone.git("add", "--all", "--force", ".")
        if clone.git("status", "--porcelain"):
            clone.git("commit", "--quiet", "--message", "Deploy")
            clone.git("push", "--quiet", "origin", "HEAD:main")
        return clone.git("rev-parse", "HEAD")
