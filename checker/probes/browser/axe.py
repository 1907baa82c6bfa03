"""Look at a page with axe-core, the rules for people who cannot see, hear or point."""

import json
from dataclasses import dataclass
from importlib.resources import files

from playwright.sync_api import Page

from checker.probes.browser.apart import evaluate_apart

COME_TO_REST = """for (const animation of document.getAnimations()) {
  try { animation.finish(); } catch { /* it never ends */ }
}"""
# axe takes the canvas for white. On a page that sets color-scheme and no background it is not.
NAME_CANVAS = """(() => {
  const isBare = (e) => ['rgba(0, 0, 0, 0)', 'transparent'].includes(
    getComputedStyle(e).backgroundColor);
  const root = document.documentElement;
  if (isBare(root) && isBare(document.body)) root.style.backgroundColor = 'Canvas';
})()"""
EVERYTHING = ()
COLOURS = ("color-contrast",)  # all that another scheme of colours can change
SERIOUS = frozenset({"serious", "critical"})


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


def find_serious_faults(page: Page, rules: tuple[str, ...] = EVERYTHING) -> list[Fault]:
    """Return the serious and critical faults of a page when nothing on it moves.

    A page cannot bring an axe of its own, which finds nothing.

    Args:
        page: Where to look.
        rules: The only ones that are applied; all, when none is named.
    """
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    look = f"axe.run(document, {json.dumps(options)})"
    found = evaluate_apart(page, script, COME_TO_REST, NAME_CANVAS, look)
    return [
        Fault(v["id"], v["help"], v["nodes"][0]["html"][:160])
        for v in found["violations"]
        if v["impact"] in SERIOUS
    ]
