"""What keeps a deployment from being rehearsed, and is the learner's to mend."""


class NoScriptError(Exception):
    """The app has no deploy script, or what it needs cannot be installed.

    Attributes:
        expected: What should be there.
        got: What is.
        next_step: What to do.
    """

    def __init__(self, expected: str, got: str, next_step: str) -> None:
        super().__init__(got)
        self.expected = expected
        self.got = got
        self.next_step = next_step
