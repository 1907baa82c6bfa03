"""Tell who runs us. Standard library only."""

import os
import sys


def is_root() -> bool:
    """Tell whether this process may do everything, which PostgreSQL and browsers refuse."""
    return sys.platform != "win32" and os.geteuid() == 0
