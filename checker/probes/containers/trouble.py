"""What went wrong with an image or a container, and whether that is the learner's to mend."""

import re

from checker.errors import ProbeError
from checker.probes.excerpt import clean_text

MOST_LINES = 14
STEP = re.compile(r"^(?:\x1b\[\d+m)*(?:#\d+ (?:\[|[\d.]+ )| ---> |Step \d+/\d+ :|Sending build)")
NETWORK = re.compile(
    r"name resolution|Could not resolve|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|EAI_AGAIN"
    r"|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ConnectTimeout|Read timed out|no such host"
    r"|i/o timeout|TLS handshake|network is unreachable|proxyconnect",
    re.IGNORECASE,
)
MACHINE = re.compile(r"No space left on device|daemon is not running|Cannot connect to the Docker")


class ContainerError(Exception):
    """An image cannot be built, or a container does not do what it is for: the learner's to mend.

    Args:
        expected: What should have happened.
        got: What happened instead.
        next_step: What to do about it.
        log: What the engine or the program said, cut to what tells something.
    """

    def __init__(self, expected: str, got: str, next_step: str, log: str = "") -> None:
        super().__init__(got)
        self.expected = expected
        self.got = got
        self.next_step = next_step
        self.log = log


def excuse_machine(log: str) -> None:
    """Raise what went wrong when it is the network's or the machine's fault.

    Raises:
        ProbeError: a build could not reach a registry, or the disk is full.
    """
    if found := MACHINE.search(log):
        raise ProbeError(
            f"the container engine cannot work: {found[0]}",
            "./course doctor looks at engine and disk; docker builder prune frees some space.",
        )
    if found := NETWORK.search(log):
        raise ProbeError(
            f"a build could not fetch what it needs: {found[0]}",
            "Check the network; behind a proxy see ./course images --help.",
        )


def cut_log(text: str) -> str:
    """Return the last lines that tell something."""
    lines = [line.rstrip()[:200] for line in clean_text(text).splitlines() if line.strip()]
    return "\n".join(lines[-MOST_LINES:])
