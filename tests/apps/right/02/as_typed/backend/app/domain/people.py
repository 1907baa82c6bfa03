from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid1

from bcrypt import gensalt

from app.settings import ROUNDS


def new_id():
    return str(uuid1()).upper()


@dataclass
class Person:
    email: str
    name: str | None
    hashed: bytes = field(repr=False)
    id: str = field(default_factory=new_id)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class People:
    """Used from the event loop only, and no method awaits: nothing can come between two lines."""

    def __init__(self):
        self.by_id = {}
        self.by_key = {}
        self.nobody = Person("nobody", None, gensalt(ROUNDS) + b"." * 31)

    @staticmethod
    def key(email):
        return email.strip().casefold()

    def add(self, person):
        if self.key(person.email) in self.by_key:
            return False
        self.by_key[self.key(person.email)] = self.by_id[person.id] = person
        return True

    def named(self, email):
        return self.by_key.get(self.key(email), self.nobody)


people = People()
