"""L7.1: the front matter of both README.md files is what the Hub wants."""

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.probes.hub.card import Card, read_card
from checker.probes.hub.rehearsal import PARTS
from checker.probes.project import Project

WANTED = ("title", "emoji", "colorFrom", "colorTo", "sdk", "app_port")


@check("L7.1", points=2)
def test_cards_are_valid(project: Project) -> None:
    """The Hub finds no error in the front matter of backend/README.md and frontend/README.md."""
    for part in PARTS:
        card = read_project_card(project, part)
        expect(
            not card.errors,
            expected=f"the Hub to take the front matter of {part}/README.md",
            got="; ".join(card.errors),
            next_step="Correct that line: ./course hint L7.1 shows a whole card.",
        )


@check("L7.1", points=1, needs=("cards_are_valid",))
def test_cards_are_complete(project: Project) -> None:
    """Both cards have a title, an emoji, two colours, sdk: docker, and app_port."""
    for part in PARTS:
        facts = read_project_card(project, part).facts
        missing = [name for name in WANTED if not facts.get(name)]
        expect(
            not missing,
            expected=f"{', '.join(WANTED)} in the front matter of {part}/README.md",
            got=f"no {', '.join(missing)}",
            next_step="Write each on a line of its own, as name: value.",
        )
        expect(
            facts["sdk"] == "docker",
            expected=f"sdk: docker in the front matter of {part}/README.md",
            got=f"sdk: {facts['sdk']}",
            next_step="Your Dockerfile says how it is built, and only docker looks at it.",
        )


def read_project_card(project: Project, part: str) -> Card:
    """Return the card of backend/ or frontend/.

    Raises:
        CheckFailed: there is none.
    """
    text = project.read(f"{part}/README.md")
    card = read_card(text or "")
    expect(
        bool(card.facts or card.errors),
        expected=f"{part}/README.md to begin with front matter between two lines of ---",
        got="no such file" if text is None else f"a first line “{text.partition(chr(10))[0][:80]}”",
        next_step="Nothing may stand above the first ---: ./course hint L7.1",
    )
    return card
