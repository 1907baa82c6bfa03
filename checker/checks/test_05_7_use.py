"""L5.7: everybody can use the page of the chatbot."""

from typing import TYPE_CHECKING

from checker.checks.chat_visits import (
    open_chat,
    see_said,
    talk,
    wait_until_done,
)
from checker.checks.declare import check
from checker.checks.fitness import (
    PHONE,
    expect_clean_console,
    expect_focus,
    expect_no_serious_fault,
    expect_no_sideways_scroll,
)
from checker.checks.visitors import Visitors
from checker.judge.inputs import Inputs
from checker.probes.model.script import Text, Wait, say
from checker.probes.model.server import Stage

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor


@check(
    "L5.7",
    points=3,
    needs=("stop_ends_the_answer",),
    advice="Use real buttons, and give the focus to the field when Stop goes away.",
)
def test_chat_by_keyboard(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """Send and Stop work with the keyboard alone, and the focus is never lost."""
    word, half = inputs.make_word(), inputs.make_word()
    script = model.play(word, (Text(half), Wait()))
    open_chat(member)
    member.press_until(member.field("Message"), "the field “Message”")
    member.page.keyboard.type(word)
    member.press_until(member.find("button", "Send"), "the button “Send”")
    member.press("Enter")
    see_said(member, half)
    expect_focus(member, "Send")
    member.press_until(member.find("button", "Stop"), "the button “Stop”")
    member.press("Enter")
    wait_until_done(member)
    expect_focus(member, "Stop")
    script.wait_for_hang_up()


@check("L5.7", points=2, needs=("hostile_words_stay_harmless",))
def test_chat_is_fit_for_all(visitors: Visitors, inputs: Inputs, model: Stage) -> None:
    """Axe finds no serious fault in a conversation, light or dark; a phone shows it whole."""
    word, end = inputs.make_word(), inputs.make_word()
    long = inputs.make_word(300)
    model.play(word, say(f"A list:\n\n- **one** `{long}`\n- {long}\n\n```\n{long}\n```\n\n{end}"))
    member = visitors.come_as_member()  # with no conversation of another check's
    open_chat(member)
    talk(member, f"{word} {long}", end)
    expect_no_serious_fault(member, "/chat")
    member.look_through(PHONE["width"], PHONE["height"])
    step = (
        "Let long words break (overflow-wrap: anywhere), and let code scroll in itself: with "
        "tabIndex={0}, so that keys reach it."
    )
    expect_no_sideways_scroll(member, "/chat", step)


@check("L5.7", points=1, needs=("answer_grows_on_page",))
def test_chat_console_stays_clean(visitors: Visitors, inputs: Inputs, model: Stage) -> None:
    """The page of the chatbot writes no error into the console, and asks for nothing that fails."""
    word, answer = inputs.make_word(), inputs.make_word()
    model.play(word, say(answer))
    visitor = visitors.come_as_member()
    open_chat(visitor)
    talk(visitor, word, answer)
    visitor.reload()
    see_said(visitor, answer)
    expect_clean_console(visitor)
