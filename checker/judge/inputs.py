"""Make the random inputs of a run from its seed, so that a verdict can be repeated."""

import random
import string
from uuid import UUID

FIRST_NAMES = ("Ada", "Alan", "Barbara", "Edsger", "Grace", "Katherine", "Margaret", "Zoë")
VERBS = ("Buy", "Call", "Mend", "Paint", "Read", "Visit", "Write")


class Inputs:
    """A source of e-mails, passwords, names and secrets that no app can know in advance.

    Args:
        seed: The same seed gives the same inputs in the same order.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, not a secret

    def fork(self) -> "Inputs":
        """Return another source, for a thread of its own."""
        return Inputs(self._random.getrandbits(32))

    def make_word(self, length: int = 10) -> str:
        """Return lower-case letters."""
        return "".join(self._random.choices(string.ascii_lowercase, k=length))

    def make_email(self) -> str:
        """Return an address at example.com."""
        return f"{self.make_word()}@example.com"

    def make_name(self) -> str:
        """Return a person's name."""
        return f"{self._random.choice(FIRST_NAMES)} {self.make_word(6).title()}"

    def make_password(self) -> str:
        """Return a password of 16 characters."""
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=16))

    def make_title(self) -> str:
        """Return what a task could be called."""
        return f"{self._random.choice(VERBS)} {self.make_word()} {self.make_word(4)}"

    def make_secret(self, length: int = 48) -> str:
        """Return a signing key of so many bytes that is visibly for tests."""
        return f"test-only-{self.make_word(length)}"[:length]

    def make_origin(self) -> str:
        """Return the address of a website, without a path."""
        return f"https://{self.make_word()}.example.com"

    def make_path(self) -> str:
        """Return a path that no app has."""
        return f"/{self.make_word()}/{self.make_word()}"

    def make_id(self) -> str:
        """Return a UUID that belongs to nothing."""
        return str(UUID(int=self._random.getrandbits(128), version=4))
