"""Become the server: `python start.py`; become Alembic: `python start.py migrate`."""

import os
import sys

SERVER = "uvicorn app.main:app --host 0.0.0.0 --no-server-header --timeout-graceful-shutdown 6"
MIGRATION = "alembic upgrade head"


def main() -> None:
    if sys.argv[1:] == ["migrate"]:
        command = MIGRATION.split()
    else:
        command = [*SERVER.split(), "--port", os.environ.get("PORT") or "7860"]
    os.execv(sys.executable, [sys.executable, "-m", *command])


main()
