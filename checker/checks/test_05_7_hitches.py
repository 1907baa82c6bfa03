"""L5.7: the page copes with what comes at an odd moment, and with what comes in pieces."""

from typing import TYPE_CHECKING

from checker.checks.chat_visits import (
    open_chat,
    see_said,
    send,
    send_and_hear,
    talk,
    wait_until_done,
)
from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.visitors import Visitors
from checker.checks.visits import see_list, see_tasks
from checker.judge.inputs import Inputs
from checker.judge.variables import SECRET
from checker.probes.model.script import Text, Wait, say
from checker.probes.model.server import Stage

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

PIECE = 5  # bytes: less than an event has, and no multiple of what a character has


@check(
    "L5.7",
    points=2,
    needs=("answer_grows_on_page",),
    advice="Keep what follows the last empty line until the rest of its event has come, and decode "
    "with one TextDecoderStream: an event, and a letter too, may be cut anywhere.",
)
def test_cut_events_are_put_together(
    visitors: Visitors, member: "Visitor", inputs: Inputs, model: Stage
) -> None:
    """However the network cuts a stream, every word of it is shown."""
    word, end = inputs.make_word(), inputs.make_word()
    words = ["Grüße", "🎉" * 20, *(inputs.make_word() for _ in range(4)), end]
    model.play(word, say(*(f"{one} " for one in words)))
    open_chat(member)
    with visitors.site.cut_up(PIECE):
        send(member, word)
        see_said(member, " ".join(words))
    wait_until_done(member)


@check("L5.7", points=2, needs=("stop_ends_the_answer",))
def test_stop_before_the_first_word(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """Stop is there before the first word too, and ends the call to the model."""
    word, again = inputs.make_word(), inputs.make_word()
    script = model.play(word, (Wait(), Text("Late.")))
    model.play(again, say("Gladly."))
    open_chat(member)
    send_and_hear(member, script, word)
    member.click("button", "Stop")
    expect(
        script.wait_for_hang_up(),
        expected="Stop to end the call to the model before the first word has come",
        got="a call that goes on",
        next_step="Give fetch the signal: it waits for the head of the answer, too.",
    )
    wait_until_done(member)
    send(member, f"Go on {again}")
    see_said(member, "Gladly.")


@check(
    "L5.7",
    points=2,
    needs=(
        "answer_grows_on_page",
        "chat_leads_to_login",
        "action_with_refused_token_leads_to_login",
    ),
    advice="Where the stream is opened a 401 may come, too: drop the token as callApi does.",
)
def test_question_with_refused_token_leads_to_login(visitors: Visitors, inputs: Inputs) -> None:
    """A question that the backend answers with 401 leads to /login."""
    visitor = visitors.come_as_member()
    open_chat(visitor)
    with visitors.site.restarted({SECRET: inputs.make_secret()}):
        send(visitor, inputs.make_word())
        visitor.wait_for_path("/login")
        visitor.see_field("Email")


@check(
    "L5.7",
    points=1,
    needs=("chat_without_backend_is_told", "reload_keeps_the_conversation"),
    advice="Keep what loading failed with, and show it: an empty conversation is another thing.",
)
def test_chat_opened_without_backend(
    visitors: Visitors, member: "Visitor", inputs: Inputs, model: Stage
) -> None:
    """With the backend away, the link Chat brings an alert, or what was said before."""
    word, answer = inputs.make_word(), inputs.make_word()
    model.play(word, say(answer))
    open_chat(member)
    talk(member, word, answer)
    member.click("link", "Tasks")
    see_tasks(member)
    see_list(member)  # or the alert could be its own
    with visitors.site.away():
        member.click("link", "Chat")
        member.wait_for_path("/chat")
        member.wait_until(
            lambda: member.alerts().first.is_visible() or shows(member, answer),
            "an alert (role alert) on /chat when the backend is away",
            member.describe,
            is_bad_news=True,
        )
        is_told = not shows(member, answer)
    if is_told:
        member.click("button", "Try again")
        see_said(member, answer)


def shows(visitor: "Visitor", text: str) -> bool:
    """Tell whether the page says this."""
    return text in visitor.page.locator("body").inner_text()
