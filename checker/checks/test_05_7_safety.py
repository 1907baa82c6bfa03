"""L5.7: whatever is said, and whatever fails, the page does no harm and says what happened."""

import re
from typing import TYPE_CHECKING

from checker.checks.chat_visits import (
    expect_kept,
    open_chat,
    read_log,
    see_said,
    send,
    talk,
    wait_until_done,
)
from checker.checks.declare import check
from checker.checks.expect import expect
from checker.checks.fitness import (
    LATE,
)
from checker.checks.visitors import Visitors
from checker.checks.words import expect_words
from checker.judge.inputs import Inputs
from checker.probes.model.script import Cut, Refuse, Text, Wait, say
from checker.probes.model.server import Stage
from checker.probes.project import Project

if TYPE_CHECKING:
    from checker.probes.browser.visitor import Visitor

ONCE = {"x-should-retry": "false"}
PUBLISHED = re.compile(r"NEXT_PUBLIC_\w{0,80}(?:OPENAI|API_KEY|SECRET)\w*|\bsk-[\w-]{16,}")
BLOCK = re.compile(r"\{?/\*.*?\*/\}?")
COMMENT = re.compile(r"\s*(?://|/?\*|#|\{/\*)")
HOSTILE = (
    "<b>{word}</b> <img src=x onerror=\"document.title='hacked'\"> "
    "<script>document.title='hacked'</script> [here](javascript:document.title='hacked')"
)


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
    # A page may have bold words of its own.
    bold = (f"b:text-is('{word}')" for word in words)
    marks = log.locator(", ".join(["script", "img[src='x']", "[onerror]", *bold]))
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


@check("L5.7", points=3, needs=("answer_grows_on_page",))
def test_key_stays_in_the_backend(
    member: "Visitor", project: Project, inputs: Inputs, model: Stage
) -> None:
    """The key and the model's address never reach the browser."""
    step = "Only the backend calls the model. A key that was published once must be withdrawn."
    published = find_published(project)
    expect(
        not published,
        expected="no key for a model among what is built into pages",
        got=published[0] if published else "",
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


def find_published(project: Project) -> list[str]:
    """Say what looks like a key in what is built into pages; comments and texts may name it."""
    files = project.texts.items()
    sources = ((n, t) for n, t in files if n.startswith("frontend/") and not n.endswith(".md"))
    whole = ((n, BLOCK.sub("", line)) for n, text in sources for line in text.splitlines())
    lines = ((n, line) for n, line in whole if not COMMENT.match(line))
    found = ((n, match[0]) for n, line in lines if (match := PUBLISHED.search(line)))
    return [f"“{conceal(text)}” in {name}" for name, text in found]


def conceal(text: str) -> str:
    """Return a name as it is, and of a key no more than its beginning: reports are passed on."""
    return f"{text[:5]}…" if text.startswith("sk-") else text[:60]
