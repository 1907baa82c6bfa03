"""Put facts of the code into pages: `<!-- site: name arguments -->` stands for what it names."""

import re
from typing import TYPE_CHECKING

from checker.errors import CourseError
from checker.paths import CoursePaths
from checker.site import facts_app, facts_checks, facts_commands
from checker.site.code import Code
from checker.site.tables import format_table, read_tables
from checker.site.texts import quote_part

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = re.compile(r"^<!-- site: (?P<name>[\w-]+)(?P<arguments>[^\n]*?) -->$", re.MULTILINE)
MISTAKES = "Common mistakes"
GUIDES = {
    "learn": "what you will build, where to start, the lessons, and what comes after them",
    "reference": "look something up, also for another app on the same stack",
    "teach": "plans for a course, preparing a room, where people get stuck",
    "grade": "grade submissions, and know what a mark means",
    "trust": "how often verdicts are wrong, and how that was measured",
    "contribute": "how the course is built, and how to change it",
}


class Facts:
    """What pages can ask for, each under a name.

    Args:
        paths: The clone that the facts are about.
    """

    def __init__(self, paths: CoursePaths) -> None:
        self.paths = paths
        self.code = Code(paths)
        self.lessons = self.code.lessons
        self.known: dict[str, Callable[..., str]] = {
            "checks": lambda: facts_checks.list_all_checks(self.lessons),
            "code": self.code.show,
            "commands": facts_commands.list_commands,
            "contract": lambda n: quote_part(self.lessons[int(n) - 1], facts_app.CONTRACT),
            "exit-codes": facts_commands.list_exit_codes,
            "further": lambda: facts_checks.list_ways_further(self.lessons),
            "guides": self.list_guides,
            "imports": lambda folder: facts_app.draw_imports(self.code.app / folder),
            "lessons": lambda way="": facts_checks.list_lessons(self.lessons, way),
            "modules": lambda folder: facts_app.list_modules(self.code.app / folder),
            "report-fields": lambda: facts_app.list_report_fields(paths),
            "speed": lambda: (paths.root / "bench" / "README.md").read_text(encoding="utf-8"),
            "symptoms": self.list_symptoms,
            "variables": lambda: facts_app.list_variables(self.lessons),
        }

    def fill_in(self, text: str, page: str) -> str:
        """Return a page's text with the facts that it asks for.

        Args:
            text: The page's Markdown.
            page: What an error calls the page.
        """
        return PLACE.sub(lambda place: self.answer(place, page), text)

    def answer(self, place: re.Match[str], page: str) -> str:
        """Return what one place stands for.

        Raises:
            CourseError: it asks for nothing that there is.
        """
        try:
            return self.known[place["name"]](*place["arguments"].split())
        except (KeyError, TypeError, IndexError) as error:
            raise CourseError(
                f"docs/{page} asks for something unknown: {place[0]}",
                f"Name one of {', '.join(self.known)}, with its arguments.",
            ) from error

    def list_guides(self) -> str:
        """Return the parts of the site that are there, with what each is for."""
        docs = self.paths.root / "docs"
        return "\n".join(
            f"- **[{folder.title()}]({folder}/{name})**: {words}."
            for folder, words in GUIDES.items()
            for name in ("index.md", "README.md")
            if (docs / folder / name).is_file()
        )

    def list_symptoms(self, number: str) -> str:
        """Return the mistakes of a lesson: message, cause, cure."""
        _, *rows = next(read_tables(quote_part(self.lessons[int(number) - 1], MISTAKES)))
        return format_table(("message", "cause", "cure"), rows)
