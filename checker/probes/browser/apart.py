"""Ask a page something in a world of our own: what its scripts have changed is not there.

The page's document is the same, its globals and its prototypes are not: see "isolated world" in
the DevTools protocol (Page.createIsolatedWorld).
"""

from contextlib import suppress
from typing import Any

from playwright.sync_api import CDPSession, Error, Page

WORLD = "onlooker"


def evaluate_apart(page: Page, *expressions: str) -> Any:
    """Evaluate JavaScript, one expression after the other, and return what the last one gives.

    Args:
        page: Where to look.
        expressions: They share a world; a promise is waited for.

    Raises:
        Error: the page has gone elsewhere meanwhile, or an expression throws.
    """
    session = page.context.new_cdp_session(page)
    try:
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        found = [evaluate(session, world["executionContextId"], text) for text in expressions]
        return found[-1]
    finally:
        with suppress(Error):  # the page was closed
            session.detach()


def evaluate(session: CDPSession, world: int, expression: str) -> Any:
    """Evaluate one expression in a world."""
    wish = {"awaitPromise": True, "returnByValue": True}
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "contextId": world, **wish}
    )
    if thrown := answer.get("exceptionDetails"):
        raise Error(thrown.get("exception", {}).get("description") or thrown["text"])
    return answer["result"].get("value")
