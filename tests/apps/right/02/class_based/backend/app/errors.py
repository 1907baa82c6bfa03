"""What can go wrong, as the rest of the app says it."""


class AppError(Exception):
    status = 500
    detail = "Something went wrong."
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.detail
        super().__init__(self.detail)


class Invalid(AppError):
    status = 422


class Taken(AppError):
    status = 409
    detail = "There is an account with this e-mail already."


class Unauthorized(AppError):
    status = 401
    detail = "Not signed in."
    headers = ((b"www-authenticate", b"Bearer"),)


class BadCredentials(Unauthorized):
    detail = "E-mail and password do not go together."
