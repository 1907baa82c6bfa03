"""Bring the tables up to date as soon as the database lets us in."""

import subprocess
import sys
import time

for _ in range(60):
    if subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"]).returncode == 0:
        sys.exit(0)
    time.sleep(1)
sys.exit("the tables could not be brought up to date")
