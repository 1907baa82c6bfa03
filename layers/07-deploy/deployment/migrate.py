"""Bring the tables up to date, from here: a Space runs one container, and that one serves."""

import os
import re
import subprocess
import sys

from pydantic import SecretStr

from deployment.errors import DeployError
from deployment.settings import BACKEND

# An error of SQLAlchemy ends with lines that say more, and with an address to read on at. What the
# driver says of the database's own address is passed over.
REASON = re.compile(r"^(?:[\w.]*Error|FAILED): (?:.*(?:failed|address|'): )?(.+)$", re.MULTILINE)


def migrate(database_url: SecretStr) -> None:
    """Run `alembic upgrade head` on the deployed app's database.

    Raises:
        DeployError: it failed; in words, and without the database's address.
    """
    env = {**os.environ, "DATABASE_URL": database_url.get_secret_value()}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(
        command, cwd=BACKEND, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reasons = REASON.findall(done.stderr) or ["Alembic did not say why"]
        raise DeployError(
            f"the tables could not be brought up to date: {reasons[-1]}. Is DATABASE_URL right? "
            "`alembic upgrade head` in backend/ says more."
        )
    print("The tables are up to date.")
