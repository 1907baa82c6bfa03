"""Find an address that this machine and its containers reach alike.

A deploy script migrates from here, and the Space works on the same database from its container: one
address must do for both.
"""

import socket
from urllib.parse import urlsplit, urlunsplit

from checker.errors import CourseError, ProbeError
from checker.probes.containers.lab import Lab
from checker.probes.containers.relay import GATEWAY
from checker.probes.node.gateway import Gateway
from checker.probes.port import find_free_port

ELSEWHERE = ("192.0.2.1", 9)  # reserved for documentation: nothing is sent, a route is looked up


def share(lab: Lab, port: int) -> tuple[str, int]:
    """Let containers reach a server of this machine; return host and port, the same for both.

    Raises:
        ProbeError: this machine has no such address.
    """
    for host in filter(None, (find_bridge(lab), find_own_address())):
        try:
            relay = Gateway(find_free_port(), port, host)
        except OSError:
            continue
        lab.at_end.callback(relay.go_away)
        return host, relay.port
    raise ProbeError(
        "this machine has no address that its containers reach too",
        "Connect it to a network, or run the check on Linux.",
    )


def find_bridge(lab: Lab) -> str:
    """Return the engine's own end of its network; empty where it is in a machine of its own."""
    try:
        return lab.engine.ask("network", "inspect", "bridge", "--format", GATEWAY)
    except CourseError:
        return ""


def find_own_address() -> str:
    """Return this machine's address in its network, by which it would leave; empty without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def move(url: str, host: str, port: int) -> str:
    """Return a database's address with another place in it."""
    parts = urlsplit(url)
    account = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{account}@{host}:{port}"))
