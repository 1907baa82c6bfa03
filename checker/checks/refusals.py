"""What is said beside a field of a form, and a form that the backend refuses."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Locator

    from checker.probes.browser.visitor import Visitor

NEARBY = """e => {
  const ids = (e.getAttribute('aria-describedby') || '') + ' '
    + (e.getAttribute('aria-errormessage') || '');
  const told = ids.split(/\\s+/).map((id) => id && document.getElementById(id)?.innerText || '');
  const alerts = [...(e.closest('form') || document).querySelectorAll('[role=alert]')];
  return [...told, ...alerts.map((a) => a.innerText), e.validationMessage || ''].join(' ').trim();
}"""


def refuse_password(visitor: "Visitor", email: str) -> "Locator":
    """Send the form of /register with a password that is too short; return its field once told."""
    field = visitor.see_field("Password")
    hint = field.evaluate(NEARBY)  # what stands there anyway gives no reason
    visitor.fill("Name", "Ada")
    visitor.fill("Email", email)
    visitor.fill("Password", "short")
    visitor.click("button", "Create account")
    visitor.wait_until(
        lambda: (told := field.evaluate(NEARBY)) != hint and bool(re.search(r"\w", told)),
        "the reason beside “Password”: named in aria-describedby, or an alert in its form",
        visitor.describe,
    )
    return field
