"""L5.7: the page shows an answer as it comes, and can stop it."""

from typing import TYPE_CHECKING

from checker.checks.chat_visits import (
    open_chat,
    see_chat,
    see_said,
    send,
    send_and_hear,
    talk,
    wait_until_done,
)
from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fitness import LATE
from checker.checks.visitors import Visitors
from checker.checks.visits import see_list, see_tasks
from checker.judge.inputs import Inputs
from checker.probes.model.script import Text, Wait, call, say
from checker.probes.model.server import Stage

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor


@check("L5.7", points=2, needs=("add_task_by_page", "conversation_is_kept"))
def test_chat_has_its_parts(member: "Visitor") -> None:
    """The link Chat leads to a page with a message, Send and a log, and Tasks leads back."""
    member.click("link", "Chat")
    see_chat(member)
    member.see("button", "Send")
    member.click("link", "Tasks")
    see_tasks(member)


@check(
    "L5.7",
    points=1,
    needs=("chat_has_its_parts",),
    advice="Put the page into the group of pages behind the gate.",
)
def test_chat_leads_to_login(visitors: Visitors) -> None:
    """A visitor who is not signed in is led from /chat to /login, and sees nothing private."""
    visitor = visitors.come()
    visitor.open("/chat")
    visitor.wait_for_path("/login")
    visitor.see_field("Email")
    shown = [name for name in ("Message", "Send") if name in visitor.seen.controls]
    expect(
        not shown,
        expected="nothing of the chat on the way to /login",
        got=f"for a moment the page showed {', '.join(f'“{name}”' for name in shown)}",
        next_step="Put the page into the group of pages behind the gate.",
    )


@check("L5.7", points=4, needs=("chat_has_its_parts", "tokens_leave_as_they_arrive"))
def test_answer_grows_on_page(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """Send shows question and answer; each word is on the page before the model says the next."""
    word, first, second = (inputs.make_word() for _ in range(3))
    script = model.play(word, (Text(f"{first} "), Wait(), Text(second), Wait()))
    open_chat(member)
    send_and_hear(member, script, f"Hello {word}")
    step = "Draw each token as it arrives: read the body piece by piece, not with json() or text()."
    see_said(member, f"Hello {word}")
    see_said(member, first, step)
    member.see("button", "Stop")
    script.release()
    see_said(member, f"{first} {second}", step)
    script.release()
    wait_until_done(member)
    left = member.see_field("Message").input_value()
    expect(
        not left,
        expected="an empty field after the message was answered",
        got=f"“{left}”",
        next_step="Empty the field when the message is on its way.",
    )


@check("L5.7", points=3, needs=("answer_grows_on_page", "hang_up_ends_the_call"))
def test_stop_ends_the_answer(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """Stop ends the call to the model; what was said stays, and one can go on."""
    word, half, again = (inputs.make_word() for _ in range(3))
    script = model.play(word, (Text(half), Wait()))
    model.play(again, say("Gladly."))
    open_chat(member)
    send_and_hear(member, script, word)
    see_said(member, half)
    member.click("button", "Stop")
    expect(
        script.wait_for_hang_up(),
        expected="Stop to end the call to the model",
        got="a call that goes on",
        next_step="Call abort() on the AbortController whose signal fetch was given.",
    )
    wait_until_done(member)
    see_said(member, half, "Keep what was said when an answer is stopped.")
    send(member, f"Go on {again}")
    see_said(member, "Gladly.")


@check("L5.7", points=2, needs=("answer_grows_on_page", "history_is_sent"))
def test_reload_keeps_the_conversation(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """After a reload the log holds the conversation, and the next message goes on with it."""
    word, answer, again = (inputs.make_word() for _ in range(3))
    model.play(word, say(answer))
    script = model.play(again)
    open_chat(member)
    talk(member, word, answer)
    member.reload()
    see_said(member, word, "Load the last conversation when the page opens.")
    see_said(member, answer)
    send_and_hear(member, script, again)
    told = [said.text for said in script.heard[0].history]
    expect(
        [text for text in told if text in {word, answer}] == [word, answer],
        expected="the next message to go on with the conversation that is shown",
        got=f"a model that was told {told[-2:]}",
        next_step="Send the id of the conversation along.",
    )


@check(
    "L5.7",
    points=3,
    needs=("answer_grows_on_page", "chat_changes_tasks"),
    advice="Load the tasks whenever /tasks is opened, also from another page of the app.",
)
def test_task_by_chat_shows_on_tasks(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """A task that the chatbot made shows on /tasks, without a reload."""
    word, title, answer = inputs.make_word(), inputs.make_title(), inputs.make_word()
    model.play(word, (call("create_task", title=title),), say(answer))
    see_list(member)
    member.click("link", "Chat")
    see_chat(member)
    send(member, word)
    see_said(member, answer)
    member.click("link", "Tasks")
    see_tasks(member)
    member.see("checkbox", title)


@check("L5.7", points=2, needs=("answer_grows_on_page",))
def test_one_send_asks_once(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """However often Send is clicked, a message is sent once."""
    word = inputs.make_word()
    script = model.play(word, (Wait(), Text("Once.")))
    open_chat(member)
    member.fill("Message", word)
    member.click_twice("button", "Send")
    script.wait_for_call()
    member.page.wait_for_timeout(LATE)
    script.release(2)
    see_said(member, "Once.")
    expect(
        len(script.heard) == 1,
        expected="one call of the model",
        got=f"{len(script.heard)} calls",
        next_step="Take no second click while the first one's request runs.",
    )
