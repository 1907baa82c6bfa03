"""L5.7: the page shows an answer as it comes, can stop it, and does no harm with it."""

import re
from typing import TYPE_CHECKING

from checker.checks.chat_visits import (
    expect_kept,
    open_chat,
    read_log,
    see_chat,
    see_said,
    send,
    send_and_hear,
    talk,
    wait_until_done,
)
from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fitness import (
    LATE,
    PHONE,
    expect_clean_console,
    expect_focus,
    expect_no_serious_fault,
    expect_no_sideways_scroll,
)
from checker.checks.steps import User
from checker.checks.visitors import Visitors
from checker.checks.visits import see_list, see_tasks
from checker.checks.words import expect_words
from checker.judge.inputs import Inputs
from checker.probes.model.script import Cut, Refuse, Text, Wait, call, say
from checker.probes.model.server import Stage
from checker.probes.project import Project

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

ONCE = {"x-should-retry": "false"}
PUBLISHED = re.compile(r"NEXT_PUBLIC_\w*(?:OPENAI|API_KEY|SECRET)\w*|\bsk-[\w-]{16,}")
HOSTILE = (
    "<b>{word}</b> <img src=x onerror=\"document.title='hacked'\"> "
    "<script>document.title='hacked'</script> [here](javascript:document.title='hacked')"
)


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
    shown = [text for text in visitor.seen.notes if "Send" in text or "Message" in text]
    expect(
        not shown,
        expected="nothing of the chat on the way to /login",
        got=f"“{' '.join(shown[0].split())[:120]}”" if shown else "",
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
        told[-2:] == [word, answer],
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


@check("L5.7", points=4, needs=("answer_grows_on_page",))
def test_hostile_words_stay_harmless(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """HTML and links to script, from the user or the model, run nothing, also after a reload."""
    asked, said = inputs.make_word(), inputs.make_word()
    model.play(asked, say(HOSTILE.format(word=said), "\n\nThe end."))
    log = open_chat(member)
    talk(member, HOSTILE.format(word=asked), "The end.")
    expect_harmless(member, asked, said)
    member.reload()
    see_said(member, "The end.")
    expect_harmless(member, asked, said)
    expect(
        f"<b>{asked}</b>" in read_log(log),
        expected="what the user wrote, letter by letter",
        got=f"“{read_log(log)[:200]}”",
        next_step="Show messages as text: {text} in JSX.",
    )


def expect_harmless(visitor: "Visitor", *words: str) -> None:
    """Expect that nothing in the log is markup of these words' messages, and nothing has run."""
    log = visitor.see("log", "Conversation")
    for link in log.get_by_role("link", name="here").all():
        link.click(no_wait_after=True)
    visitor.page.wait_for_timeout(LATE)
    marks = log.locator("b, script, img[src='x'], [onerror]")
    found = marks.evaluate_all("all => all.map((e) => e.outerHTML)")
    has_run = visitor.page.title() == "hacked"
    expect(
        not found and not has_run,
        expected=f"“<b>{words[0]}</b>” and all other HTML to be text",
        got="a script that has run"
        if has_run
        else f"the element {found[0][:120] if found else ''}",
        next_step="Make elements of what you know, and text of all else: no inner HTML, and links "
        "to http and https only.",
    )


@check(
    "L5.7",
    points=3,
    needs=("answer_grows_on_page", "refusals_are_502"),
    advice="Throw an ApiError for an answer that is not ok, and show it as an alert.",
)
def test_failed_answer_is_told(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """When the model fails, an alert says so, and what was typed stays."""
    word = inputs.make_word()
    model.play(word, (Refuse(500, "server_error", ONCE),))
    open_chat(member)
    send(member, f"Hello {word}")
    expect_words(member.see_alert("when the model has failed"))
    expect_kept(member, f"Hello {word}")


@check(
    "L5.7",
    points=2,
    needs=("failed_answer_is_told", "broken_answer_is_an_error_event"),
    advice="Throw an ApiError at the event error and at an end without done, and show it.",
)
def test_broken_answer_is_told(member: "Visitor", inputs: Inputs, model: Stage) -> None:
    """When an answer breaks off, an alert says so, and its half stays."""
    word, half = inputs.make_word(), inputs.make_word()
    script = model.play(word, (Text(half), Wait(), Cut()))
    open_chat(member)
    send(member, word)
    see_said(member, half)
    script.release()
    expect_words(member.see_alert("when an answer has broken off"))
    see_said(member, half, "Keep what was said when an answer breaks off.")
    wait_until_done(member)


@check(
    "L5.7",
    points=2,
    needs=("failed_answer_is_told",),
    advice="Make an ApiError of what fetch throws when nobody answers.",
)
def test_chat_without_backend_is_told(
    visitors: Visitors, member: "Visitor", inputs: Inputs, model: Stage
) -> None:
    """With the backend away, Send shows an alert and the text stays; later it works."""
    word, answer = inputs.make_word(), inputs.make_word()
    model.play(word, say(answer))
    open_chat(member)
    with visitors.site.away():
        send(member, word)
        expect_words(member.see_alert("when the backend is away"))
        expect_kept(member, word)
    send(member, word)
    see_said(member, answer)


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


@check("L5.7", points=3, needs=("answer_grows_on_page",))
def test_key_stays_in_the_backend(
    member: "Visitor", project: Project, inputs: Inputs, model: Stage
) -> None:
    """The key and the model's address never reach the browser."""
    step = "Only the backend calls the model. A key that was published once must be withdrawn."
    sources = (t for n, t in project.texts.items() if n.startswith("frontend/"))
    published = [found[0] for text in sources if (found := PUBLISHED.search(text))]
    expect(
        not published,
        expected="no key for a model among what is built into pages",
        got=f"“{published[0][:60]}” in frontend/" if published else "",
        next_step=step,
    )
    word, answer = inputs.make_word(), inputs.make_word()
    model.play(word, say(answer))
    open_chat(member)
    send(member, word)
    see_said(member, answer)
    called = [url for url in member.seen.urls if f":{model.port}/" in url]
    shown = model.key in member.page.content() + "".join(member.seen.notes)
    expect(
        not called and not shown,
        expected="a page that knows neither the key nor the model's address",
        got=f"a call of {called[0]}" if called else "the key on the page",
        next_step=step,
    )


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
def test_chat_is_fit_for_all(
    visitors: Visitors, page_user: User, inputs: Inputs, model: Stage
) -> None:
    """Axe finds no serious fault in a conversation, light or dark; a phone shows it whole."""
    word, end = inputs.make_word(), inputs.make_word()
    long = inputs.make_word(300)
    model.play(word, say(f"A list:\n\n- **one** `{long}`\n- {long}\n\n```\n{long}\n```\n\n{end}"))
    member = visitors.find_member(page_user)
    open_chat(member)
    talk(member, f"{word} {long}", end)
    expect_no_serious_fault(member, "/chat")
    member.look_through(PHONE["width"], PHONE["height"])
    step = "Let long words break (overflow-wrap: anywhere), and let code scroll in itself."
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
