"""What visitors of the page of the chatbot do in many checks."""

from typing import TYPE_CHECKING

from checker.checks.chats import hear
from checker.checks.expect import expect
from checker.checks.failure import CheckFailed
from checker.probes.browser.unmet import UnmetError
from checker.probes.model.script import Script

if TYPE_CHECKING:  # lessons without pages load no browser's driver
    from playwright.sync_api import Locator

    from checker.probes.browser.visitor import Visitor


def open_chat(visitor: "Visitor") -> "Locator":
    """Go to the page of the chatbot, and return its log."""
    visitor.open("/chat")
    return see_chat(visitor)


def see_chat(visitor: "Visitor") -> "Locator":
    """Wait for the page of the chatbot, and return its log."""
    visitor.wait_for_path("/chat")
    visitor.see("heading", "Chat")
    visitor.see_field("Message")
    return visitor.see("log", "Conversation")


def send(visitor: "Visitor", message: str) -> None:
    """Write a message, and send it."""
    visitor.fill("Message", message)
    visitor.click("button", "Send")


def send_and_hear(visitor: "Visitor", script: Script, message: str) -> None:
    """Send a message, and wait until the model was asked.

    Raises:
        UnmetError: it was not; says what the page shows.
    """
    send(visitor, message)
    try:
        hear(script)
    except CheckFailed as error:
        raise UnmetError("Send to bring the message to the model", visitor.describe()) from error


def see_said(visitor: "Visitor", text: str, next_step: str = "") -> None:
    """Wait until the log holds this text.

    Raises:
        UnmetError: it does not come; says what the log holds.
    """
    log = visitor.see("log", "Conversation")
    try:
        visitor.wait_until(
            lambda: text in read_log(log),
            f"“{text[:80]}” in the region “Conversation”",
            lambda: f"“{read_log(log)[-200:]}”",
        )
    except UnmetError as error:
        raise UnmetError(error.expected, error.got, next_step or error.next_step) from error


def read_log(log: "Locator") -> str:
    """Return what the log says, in one line."""
    return " ".join(log.inner_text(timeout=2000).split())


def talk(visitor: "Visitor", message: str, answer: str) -> None:
    """Send a message, and wait until all of its answer is there."""
    send(visitor, message)
    see_said(visitor, answer)
    wait_until_done(visitor)


def expect_kept(visitor: "Visitor", message: str) -> None:
    """Expect a message that could not be answered to stand in the field still, or in the log."""
    field, log = visitor.see_field("Message"), visitor.see("log", "Conversation")
    kept = field.input_value() + read_log(log)
    expect(
        message in kept,
        expected="what was typed to be there still",
        got=f"“{kept[-160:]}”",
        next_step="Put the text back into the field when it could not be sent.",
    )


def wait_until_done(visitor: "Visitor") -> None:
    """Wait until no answer is coming any more."""
    visitor.see_no("button", "Stop")
