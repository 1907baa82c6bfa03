"""What a run prepared before its first check."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checker.judge.inputs import Inputs
from checker.probes.backend import BackendProbe
from checker.probes.project import Project

if TYPE_CHECKING:  # lessons without a database do not load its driver
    from checker.probes.postgres.stock import DatabaseStock


@dataclass(frozen=True)
class Stage:
    """What checks, variants and observations are made of.

    Attributes:
        project: The app's files, as they were copied.
        probe: Starts and reaches backends, and runs programs of the app's environment.
        inputs: The run's random inputs.
        stock: The run's databases; None in lessons that have none.
    """

    project: Project
    probe: BackendProbe
    inputs: Inputs
    stock: "DatabaseStock | None" = None

    @property
    def databases(self) -> "DatabaseStock":
        """The run's databases, in lessons that have some.

        Raises:
            LookupError: this lesson has none: a fault of the check that asks.
        """
        if self.stock is None:
            raise LookupError("no database in this lesson")
        return self.stock

    def fork(self) -> "Stage":
        """Return the same stage with a source of inputs of its own, for another thread."""
        return replace(self, inputs=self.inputs.fork())
