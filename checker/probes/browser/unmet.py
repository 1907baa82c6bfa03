"""What a person waited for in vain; known without a browser's driver."""


class UnmetError(Exception):
    """What a person waits for on a page does not come.

    Args:
        expected: What was waited for.
        got: What is there instead.
        next_step: What to do about it, when whoever waits knows.
    """

    def __init__(self, expected: str, got: str, next_step: str = "") -> None:
        super().__init__(f"{expected}; {got}")
        self.expected = expected
        self.got = got
        self.next_step = next_step
