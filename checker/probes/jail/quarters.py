"""Let apps live in a jail, with the packages of the course and no others."""

from pathlib import Path

from checker.paths import CoursePaths
from checker.probes.app import AppEnvironment
from checker.probes.closure import list_foreign
from checker.probes.environment import (
    RequirementsError,
    find_course_environment,
    reuse_course_environment,
)
from checker.probes.jail.launcher import JailedLauncher
from checker.probes.requirements import read_requirements_file


class JailedQuarters:
    """Apps run as another user, in a jail that ends with its run."""

    is_apart = True

    def choose_environment(self, requirements: Path, paths: CoursePaths) -> AppEnvironment:
        """Return the course's environment, narrowed to what is asked for.

        Nothing is installed: in a cell there is no network, and a package is code of its author.

        Raises:
            RequirementsError: the file asks for what is not there.
        """
        course = find_course_environment(paths)
        if not requirements.is_file():
            return course
        python = course.python
        wanted, constraints = read_requirements_file(requirements, requirements.parent.parent)
        reused = reuse_course_environment(wanted + constraints, python, paths)
        if reused is None:
            names = list_foreign(wanted + constraints, python.parent.parent)
            raise RequirementsError(
                f"packages that the grader has not allowed: {', '.join(names) or 'unknown ones'}",
                "Use the packages and versions of the course's own requirements.txt.",
            )
        return reused

    def open_launcher(self, environment: AppEnvironment, scratch: Path) -> JailedLauncher:
        """See `Quarters.open_launcher`."""
        return JailedLauncher(environment, scratch)
