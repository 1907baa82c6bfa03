"""A visitor, and small pages for them to look at."""

from http.server import BaseHTTPRequestHandler

import pytest
from local_server import serve_pages

pytest_plugins = ("browser_fixtures",)

PAGES = {
    "/": "<title>Home</title><body><h1>Tasks</h1><p>Hello</p>"
    "<div id='__next-route-announcer__' role='alert'>Home</div>"
    "<label>Email <input></label><input placeholder='Nameless'>"
    "<button>Log in</button><button>Cancel</button>",
    "/alert": "<body><p role='alert'>Wrong password</p>",
    "/marked": "<body><label>Email<i aria-hidden='true'> *</i> <input></label>"
    "<label for='p'>Password<i aria-hidden='true'> *</i></label><input id='p' type='password'>"
    "<label>Name (optional) <input></label><input placeholder='Title'>",
    "/drawn": "<style>.no { position: absolute; clip-path: inset(50%); width: 1px; height: 1px }"
    "b { display: inline-block; width: 20px; height: 20px; border: 1px solid }</style><ul><li>"
    "<label><input type='checkbox' class='no'><b></b> <i aria-hidden='true'>✓</i> One</label>"
    "<li><input id='t' type='checkbox' class='no'><label for='t'><b></b>  Two</label>"
    "<li><label style='position: relative'><input type='checkbox' style='opacity: 0'>"
    "<b style='position: absolute; left: 0'></b> Three</label>"
    "<li><input type='checkbox' aria-label='Four'></ul>",
    "/row": "<body><ul><li tabindex='0' onkeydown='this.firstChild.click()'>"
    "<input type='checkbox' tabindex='-1' aria-label='One'></ul>",
    "/trap": "<body><button>Stay</button> <button>Leave</button><script>let keys = 0;"
    "document.onkeydown = (event) => { if (++keys < 100) event.preventDefault(); }</script>",
    "/quiet": "<body><div role='log' aria-label='Said'></div>"
    "<div role='log' aria-label='Hidden' style='display:none'></div>",
    "/error": "<body><script>console.error('broken'); nowhere();</script><img src='/none.png'>",
    "/flash": "<body><main>Secret <button>Reveal</button> <label>Code <input></label>"
    "<button style='display:none'>Hidden</button></main><script>requestAnimationFrame(() => "
    "requestAnimationFrame(() => location.replace('/')))</script>",
    "/counts": "<body><h1>0</h1><button onclick='++this.previousSibling.textContent'>Send</button>",
    "/turns": "<body><button onclick='this.textContent += \"!\"'>Send</button>",
    "/empty": "<body></body>",
    "/feigned": "<body><script>console.error('net::ERR_NETWORK_CHANGED');"
    "fetch('/none?net::ERR_NETWORK_CHANGED')</script>",
    "/select": "<body><label>Status <select><option>All</option><option>In progress</option>"
    "</select></label><label>Status of others <select><option>Done</option></select></label>",
    "/grey": "<html lang='en'><title>Grey</title><body><main><h1 style='color:#ddd'>Pale</h1>",
}
# What component libraries make of a select: a button, and a list elsewhere that hides the rest.
PAGES["/listbox"] = (
    "<body><main><b id='label'>Status</b> <button id='status' role='combobox' "
    "aria-labelledby='label status' aria-expanded='false' aria-controls='list'>"
    "All <i aria-hidden='true'>▼</i></button>"
    "<label>Other <select><option>Done</option></select></label></main>"
    "<div id='list' role='listbox' hidden><div role='option'>All <i aria-hidden='true'>✓</i></div>"
    "<div role='option'>In progress</div></div><div role='option'>Done</div><script>"
    "const main = document.querySelector('main'), list = document.getElementById('list');"
    "const button = main.querySelector('button');"
    "const show = (is) => { list.hidden = !is; main.ariaHidden = is ? 'true' : null; };"
    "button.onclick = () => show(true);"
    "list.onclick = (e) => { button.firstChild.data = e.target.firstChild.data; show(false); };"
    "</script>"
)
# Others make a field of it that only takes keys, with the option that is chosen beside it.
PAGES["/beside"] = (
    "<body><label for='status'>Status</label><div><span aria-live='polite'></span><div><b>All</b>"
    "<i><input id='status' role='combobox' aria-expanded='false'></i></div>"
    "<div id='list' role='listbox' hidden><div role='option'>All</div>"
    "<div role='option'>In progress</div></div></div><script>"
    "const list = document.getElementById('list');"
    "const live = document.querySelector('span'), shown = document.querySelector('b');"
    "document.getElementById('status').onclick = () => "
    "{ list.hidden = false; live.textContent = 'Two options'; };"
    "list.onclick = (e) => { shown.textContent = e.target.textContent; list.hidden = true; };"
    "</script>"
)
PAGES["/shut"] = "<body><button role='combobox' aria-label='Status'>All</button>"
# A page that lies about itself to whoever asks in its own world.
PAGES["/liar"] = PAGES["/grey"].replace(
    "<body>",
    "<body><script>Object.defineProperty(window, 'axe', {value: {run: async () => "
    "({violations: []})}}); Object.defineProperty(Document.prototype, 'activeElement', "
    "{get: () => document.querySelector('h1')}); JSON.stringify = () => '{}';"
    "console.debug = () => {}; requestAnimationFrame = () => 0;"
    "Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => ''});</script>",
)


@pytest.fixture(scope="module")
def origin():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = PAGES.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_):
            pass

    with serve_pages(Handler) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def visitor(browser, origin):
    from checker.probes.browser.visitor import Visitor

    visitor = Visitor(browser, origin, "qwertz: ")
    yield visitor
    visitor.close()


@pytest.fixture
def lose_patience(visitor, monkeypatch):
    def lose():
        """Wait no longer than it takes to be sure, on pages that do not change any more."""
        for name in ("PATIENCE", "BAD_NEWS"):
            monkeypatch.setattr(f"checker.probes.browser.onlooker.{name}", 300)
        visitor.patience = 300
        visitor.context.set_default_timeout(300)

    return lose
