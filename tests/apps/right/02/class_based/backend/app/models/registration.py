from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.errors import Invalid

ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def is_unicode(text: str) -> bool:
    """JSON can spell half of a surrogate pair, which no answer could carry back."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a visitor sends, once it has been found in order."""

    email: str
    password: str = field(repr=False)
    name: str

    @classmethod
    def parse(cls, body: object) -> Registration:
        match body:
            case {"email": str(email), "password": str(password), **rest}:
                name = rest.get("name", "")
            case _:
                raise Invalid("An object with email and password, both text, is needed.")
        if not isinstance(name, str) or not is_unicode(email + password + name):
            raise Invalid("Email, password and name are Unicode text.")
        return cls(cls.address(email), cls.secret(password), name)

    @staticmethod
    def address(email: str) -> str:
        email = email.strip().casefold()
        if not ADDRESS.fullmatch(email):
            raise Invalid("That is not an e-mail address.")
        return email

    @staticmethod
    def secret(password: str) -> str:
        if len(password) < 8:
            raise Invalid("A password has 8 characters or more.")
        if len(password.encode()) > 72:
            raise Invalid("A password has 72 bytes or fewer.")
        return password
