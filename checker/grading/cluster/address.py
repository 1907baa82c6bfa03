"""Look at the address of a scheduler before anything is sent there."""

from urllib.parse import urlsplit

from checker.errors import UsageError

HERE = {"127.0.0.1", "::1", "localhost"}


def check_address(address: str) -> str:
    """Return what to say about an address; empty when there is nothing to say.

    Whoever can speak with a scheduler can run any program on its workers.

    Raises:
        UsageError: it is none of a scheduler.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"tcp", "tls"} or not parts.netloc:
        raise UsageError(
            f"{address} is no address of a scheduler", "Write it like tls://grader:8786."
        )
    if parts.scheme == "tls" or parts.hostname in HERE:
        return ""
    return (
        "tcp:// lets everybody in that network run programs on the workers and read what was "
        "handed in: use it only where you trust all of them. docs/grade/cluster.md shows TLS."
    )
