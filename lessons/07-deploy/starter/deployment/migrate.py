"""Bring the tables up to date, from here: a Space runs one container, and that one serves."""

import os
import subprocess
import sys

from pydantic import SecretStr

from deployment.errors import DeployError
from deployment.settings import BACKEND


def migrate(database_url: SecretStr) -> None:
    """Run `alembic upgrade head` on the deployed app's database.

    Raises:
        DeployError: it failed; Alembic has said why, without the address.
    """
    env = {**os.environ, "DATABASE_URL": database_url.get_secret_value()}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(
        command, cwd=BACKEND, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise DeployError(f"the tables could not be brought up to date: {reason}")
    print("The tables are up to date.")
