"""Where the parts of the course stand on disk."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CoursePaths:
    """The folders of one clone of the course.

    Attributes:
        root: The clone itself.
        workspace: The learner's git repository, `workspace/` unless COURSE_WORKSPACE names another.
        cache: Everything that can be thrown away, `.cache/` unless COURSE_CACHE names another.
        server: The name of the embedded PostgreSQL: several can be up.
    """

    root: Path
    workspace: Path
    cache: Path
    server: str = "postgres"

    @classmethod
    def find(cls) -> "CoursePaths":
        """Read the folders from this package's place and from the environment."""
        root = Path(__file__).resolve().parent.parent
        return cls(
            root=root,
            workspace=Path(os.environ.get("COURSE_WORKSPACE") or root / "workspace").absolute(),
            cache=Path(os.environ.get("COURSE_CACHE") or root / ".cache").absolute(),
        )

    @property
    def layers(self) -> Path:
        """The authored files, one folder a lesson."""
        return self.root / "layers"

    @property
    def lessons(self) -> Path:
        """What a learner reads and gets, one folder a lesson."""
        return self.root / "lessons"

    @property
    def ids(self) -> Path:
        """The record of every id that was ever given."""
        return self.lessons / "ids.txt"

    @property
    def solutions(self) -> Path:
        """The whole app after each lesson, generated."""
        return self.root / "solutions"

    @property
    def app_environment(self) -> Path:
        """The virtual environment that the taught app runs in."""
        return self.root / ".venv-app"
