"""What the board answers when it does not do what it was asked for."""


class RefusedError(Exception):
    """The board does not do what it was asked for.

    Args:
        status: Of HTTP.
        detail: Why, and what to do, in plain words.
        wait: Seconds after which it may be asked again; 0 when that would not help.
    """

    def __init__(self, status: int, detail: str, wait: float = 0.0) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.wait = wait
