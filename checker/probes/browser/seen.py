"""Keep what a page said, asked for and did not get."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

TEXT, CONTROLS = "text ", "controls "
ICON = "favicon.ico"  # asked for by the browser itself, now and then
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"


@dataclass
class Seen:
    """What the pages of one visitor did.

    Attributes:
        console: Errors and warnings in the console, and exceptions that nobody caught.
        failed: Requests without an answer, and answers from 400 on.
        urls: Every address that was asked for.
        paths: Every page that was shown, in order.
        notes: Every text that was shown, see `watch_screen`.
        controls: The names of all buttons and fields that were shown, be it for a moment.
        has_lost_network: Whether the browser gave up a request of this visit since this machine's
            network had changed. That is no failure of a page: it stands neither in `console` nor in
            `failed`.
    """

    mark: str
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    controls: set[str] = field(default_factory=set)
    has_lost_network: bool = False

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything that happens in a context."""
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_response)
        context.on("page", self._watch_page)

    def begin_visit(self) -> None:
        """Forget everything: from here on pages are loaded anew."""
        self.forget()
        self.has_lost_network = False

    def forget(self) -> None:
        """Forget what came so far: it was caused on purpose.

        That the network changed stays known, since what it left on the page does too.
        """
        for kept in (self.console, self.failed, self.urls, self.paths, self.notes):
            kept.clear()
        self.controls.clear()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(self.mark):
            self._note_screen(message.text.removeprefix(self.mark))
        elif message.text == f"Failed to load resource: {NETWORK_CHANGED}":
            pass  # its request is noted
        elif message.type in {"error", "warning"} and ICON not in message.location["url"]:
            self.console.append(f"{message.type}: {message.text}")

    def _note_screen(self, said: str) -> None:
        if said.startswith(CONTROLS):
            names = said.removeprefix(CONTROLS).split("\n")
            self.controls |= {" ".join(name.split()) for name in names}
        else:
            self.notes.append(said.removeprefix(TEXT))

    def _note_error(self, error: WebError) -> None:
        self.console.append(f"uncaught: {error.error}")

    def _note_request(self, request: Request) -> None:
        self.urls.append(request.url)

    def _note_failure(self, request: Request) -> None:
        reason = request.failure or "no answer"
        if reason == NETWORK_CHANGED:
            self.has_lost_network = True
        elif "ERR_ABORTED" not in reason and ICON not in request.url:  # a page that was left
            self.failed.append(f"{request.method} {request.url}: {reason}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and ICON not in response.url:  # noqa: PLR2004 - of HTTP
            self.failed.append(f"{response.request.method} {response.url}: {response.status}")

    def _watch_page(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self.paths.append(urlsplit(frame.url).path))


def watch_screen(mark: str) -> str:
    """Return a script that writes whatever a page shows into the console, behind a mark.

    That is its text, and the names of its buttons and fields. It looks in the frame after each
    change, when the browser is about to paint it, and leaves no trace in the page. It keeps the
    functions that it needs before a script of the page can put others in their place.
    """
    return (
        "(() => { let last = '', named = ''; const say = console.debug, call = Reflect.apply;"
        " const next = requestAnimationFrame.bind(window);"
        " const read = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'innerText').get;"
        " const find = Document.prototype.querySelectorAll, ask = Element.prototype.getAttribute;"
        " const isSeen = Element.prototype.checkVisibility;"
        " const name = (e) => call(ask, e, ['aria-label']) || e.labels?.[0]?.textContent"
        "   || e.textContent || call(ask, e, ['title']) || call(ask, e, ['value']) || '';"
        " const list = () => [...call(find, document, ['button, [role=button], input, textarea'])]"
        "   .filter((e) => call(isSeen, e, [{checkVisibilityCSS: true}]))"
        "   .map((e) => name(e).replaceAll('\\n', ' ')).join('\\n');"
        " const look = () => { const text = document.body ? call(read, document.body, []) : '';"
        f"   if (text !== last) {{ last = text; say({mark + TEXT!r} + text); }}"
        "   const names = list();"
        f"   if (names !== named) {{ named = names; say({mark + CONTROLS!r} + names); }} }};"
        " const later = () => next(look);"
        " new MutationObserver(later).observe(document,"
        " {subtree: true, childList: true, characterData: true, attributes: true}); later(); })()"
    )
