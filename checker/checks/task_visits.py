"""What visitors do to a task that is in the list, and how it is seen in the database."""

from typing import TYPE_CHECKING

from checker.probes.postgres.stock import DatabaseStock

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Locator

    from checker.probes.browser.visitor import Visitor

ROW = "SELECT status FROM task WHERE title = %s"


def wait_for_row(visitor: "Visitor", databases: DatabaseStock, title: str, status: str) -> None:
    """Wait until the database has the task with this status."""
    visitor.wait_until(
        lambda: databases.query(ROW, title) == [(status,)],
        f"a row of the table task with “{title}”, {status}",
        lambda: f"{databases.query(ROW, title)}",
    )


def delete_task(visitor: "Visitor", title: str, key: str = "") -> None:
    """Delete a task, with the mouse or with a key, and wait until it is gone."""
    if key:
        visitor.find("button", f"Delete {title}").press(key)
    else:
        visitor.click("button", f"Delete {title}")
    confirm_delete(visitor, title, key)
    visitor.see_no("checkbox", title)


def confirm_delete(visitor: "Visitor", title: str, key: str = "") -> None:
    """Say yes when the page asks in a dialog; it need not ask."""
    if not is_asked(visitor, title):
        return
    button = find_question(visitor)
    if key:
        visitor.press_until(button, "the button “Delete” of the dialog")
        visitor.press(key)
    else:
        button.first.click()


def is_asked(visitor: "Visitor", title: str) -> bool:
    """Tell whether the page asks before it deletes, as soon as either can be seen."""
    button = find_question(visitor)
    visitor.wait_until(
        lambda: button.count() > 0 or visitor.find("checkbox", title).count() == 0,
        f"a dialog with a button “Delete”, or “{title}” gone from the list",
        visitor.describe,
    )
    return button.count() > 0


def find_question(visitor: "Visitor") -> "Locator":
    """Return the button “Delete” of an open dialog, which need not come."""
    dialog = visitor.page.get_by_role("dialog").or_(visitor.page.get_by_role("alertdialog"))
    return visitor.find("button", "Delete", dialog)
