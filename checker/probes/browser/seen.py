"""Keep what a page said, asked for and did not get."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

ICON = "favicon.ico"  # asked for by the browser itself, now and then


@dataclass
class Seen:
    """What the pages of one visitor did.

    Attributes:
        console: Errors and warnings in the console, and exceptions that nobody caught.
        failed: Requests without an answer, and answers from 400 on.
        urls: Every address that was asked for.
        paths: Every page that was shown, in order.
        notes: What our own script wrote, see `watch_text`.
    """

    mark: str
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything that happens in a context."""
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_response)
        context.on("page", self._watch_page)

    def forget(self) -> None:
        """Begin anew: what came so far was caused on purpose."""
        for kept in (self.console, self.failed, self.urls, self.paths, self.notes):
            kept.clear()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(self.mark):
            self.notes.append(message.text.removeprefix(self.mark))
        elif message.type in {"error", "warning"} and ICON not in message.location["url"]:
            self.console.append(f"{message.type}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.console.append(f"uncaught: {error.error}")

    def _note_request(self, request: Request) -> None:
        self.urls.append(request.url)

    def _note_failure(self, request: Request) -> None:
        reason = request.failure or "no answer"
        if "ERR_ABORTED" not in reason and ICON not in request.url:  # a page that was left
            self.failed.append(f"{request.method} {request.url}: {reason}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and ICON not in response.url:  # noqa: PLR2004 - of HTTP
            self.failed.append(f"{response.request.method} {response.url}: {response.status}")

    def _watch_page(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self.paths.append(urlsplit(frame.url).path))


def watch_text(mark: str) -> str:
    """Return a script that writes whatever a page shows into the console, behind a mark.

    It looks in the frame after each change, when the browser is about to paint it, and leaves no
    trace in the page. It keeps the functions that it needs before a script of the page can put
    others in their place.
    """
    return (
        "(() => { let last = ''; const say = console.debug, call = Reflect.apply;"
        " const next = requestAnimationFrame.bind(window);"
        " const read = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'innerText').get;"
        " const look = () => { const text = document.body ? call(read, document.body, []) : '';"
        f" if (text !== last) {{ last = text; say({mark!r} + text); }} }};"
        " const later = () => next(look);"
        " new MutationObserver(later).observe(document,"
        " {subtree: true, childList: true, characterData: true, attributes: true}); later(); })()"
    )
