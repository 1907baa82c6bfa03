"""Find a port to listen on."""

import socket


def find_free_port() -> int:
    """Return a port of the loopback address that nothing uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
