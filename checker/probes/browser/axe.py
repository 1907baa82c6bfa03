"""Look at a page with axe-core, the rules for people who cannot see, hear or point."""

from dataclasses import dataclass
from importlib.resources import files

from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})
# axe takes the canvas for white. On a page that sets color-scheme and no background it is not.
NAME_CANVAS = """() => {
  const isBare = (e) => ['rgba(0, 0, 0, 0)', 'transparent'].includes(
    getComputedStyle(e).backgroundColor);
  const root = document.documentElement;
  if (isBare(root) && isBare(document.body)) root.style.backgroundColor = 'Canvas';
}"""


@dataclass(frozen=True)
class Fault:
    """A rule of axe that a page breaks.

    Attributes:
        rule: Its name, such as `color-contrast`.
        help: What it asks for.
        where: The first element that breaks it, as markup.
    """

    rule: str
    help: str
    where: str


def find_serious_faults(page: Page) -> list[Fault]:
    """Return the serious and critical faults of a page as it is now."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
    page.evaluate(NAME_CANVAS)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        Fault(v["id"], v["help"], v["nodes"][0]["html"][:160])
        for v in found["violations"]
        if v["impact"] in SERIOUS
    ]
