"""Try the deployed app: a Space that RUNS need not work."""

import time

import httpx2

from deployment.errors import DeployError

LONGEST_TRY = 5.0  # seconds: a proxy may need a moment to notice a new app
PAUSE = 0.5
NO_DATABASE = (
    "the backend runs, but does not reach its database. Spaces let out the ports 80, 443 and 8080 "
    "only: is the database at another one?"
)


def try_out(backend: str, frontend: str) -> None:
    """Ask what a visitor would ask.

    Raises:
        DeployError: something does not answer as it should.
    """
    expect_well(f"{backend}/health", '"ok"', "the backend does not answer as it should")
    expect_well(f"{backend}/ready", "", NO_DATABASE)
    expect_well(f"{frontend}/login", "<html", "the page for signing in does not come")


def expect_well(address: str, part: str, problem: str) -> None:
    """Expect 200 and a text in the answer, within some seconds.

    Raises:
        DeployError: neither comes.
    """
    deadline = time.monotonic() + LONGEST_TRY
    while True:
        got = ask(address)
        if got.startswith("200") and part in got:
            print(f"{address} is well.")
            return
        if time.monotonic() > deadline:
            raise DeployError(f"{problem}. GET {address} answers {got[:200]}")
        time.sleep(PAUSE)


def ask(address: str) -> str:
    """Return status and body of an answer, or why there is none."""
    try:
        answer = httpx2.get(address, timeout=10, follow_redirects=True)
    except httpx2.HTTPError as error:
        return f"nothing ({type(error).__name__})"
    return f"{answer.status_code} {answer.text}"
