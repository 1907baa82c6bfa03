"""Find a port to listen on."""

import secrets
import socket

from checker.errors import ProbeError

# Systems lend higher ports to whoever connects somewhere (Linux from 32768 on, others from 49152):
# one of those can be gone a moment after it was found free.
LOWEST, HIGHEST = 20_000, 32_000
TRIES = 100


def find_free_port() -> int:
    """Return a port of the loopback address that nothing uses.

    Raises:
        ProbeError: there is none.
    """
    for _ in range(TRIES):
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise ProbeError(
        f"every port from {LOWEST} to {HIGHEST} seems to be taken",
        "End programs that listen on many ports, then run the same command again.",
    )
