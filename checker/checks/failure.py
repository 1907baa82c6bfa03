"""The one way in which a check says no."""

from checker.probes.http import Exchange


class CheckFailed(Exception):  # noqa: N818 - it names a verdict, not a fault of ours
    """The learner's app does not do what the contract says.

    Args:
        expected: What the contract asks for.
        got: What came instead.
        next_step: What to do about it.
        exchange: The request that shows it.
        log: What a program wrote, when that tells more.
    """

    def __init__(
        self,
        *,
        expected: str,
        got: str,
        next_step: str,
        exchange: Exchange | None = None,
        log: str = "",
    ) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got
        self.next_step = next_step
        self.exchange = exchange
        self.log = log or (exchange.log if exchange else "")
