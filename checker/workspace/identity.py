"""Say whose name stands in a commit of the workspace."""

import os
from dataclasses import dataclass

from checker.workspace.git import Git


@dataclass(frozen=True)
class Person:
    """A name and an address, as git keeps them."""

    name: str
    email: str

    def __str__(self) -> str:
        """Write them as a commit has them, without what git cannot hold."""
        name, email = (
            "".join(character for character in part if character not in "<>\n").strip()
            for part in (self.name, self.email)
        )
        return f"{name} <{email}>"


COURSE = Person("Course", "course@example.invalid")
FALLBACK = Person("Learner", "learner@example.invalid")


def find_learner(git: Git) -> Person:
    """Return the learner as they told git, or a stand-in: a missing name stops nobody."""
    return Person(
        name=find_setting(git, "GIT_AUTHOR_NAME", "user.name") or FALLBACK.name,
        email=find_setting(git, "GIT_AUTHOR_EMAIL", "user.email") or FALLBACK.email,
    )


def find_setting(git: Git, variable: str, key: str) -> str:
    """Return one half of the identity; empty when it is not set."""
    return (os.environ.get(variable) or git.run("config", "--get", key, accept=(0, 1)).text).strip()


def name_committer(person: Person) -> dict[str, str]:
    """Return the variables that make git commit as that person."""
    return {
        "GIT_AUTHOR_NAME": person.name,
        "GIT_AUTHOR_EMAIL": person.email,
        "GIT_COMMITTER_NAME": person.name,
        "GIT_COMMITTER_EMAIL": person.email,
    }
