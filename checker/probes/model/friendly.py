"""Play a model for people: a few sentences by rule, word by word, and the tools that they need."""

import json
import re

from checker.probes.model.question import Question, Said
from checker.probes.model.script import Call, Pause, Piece, Script, Text, Turn, call
from checker.probes.model.server import ModelServer

PAUSE = 0.04  # seconds between two words
NAME = "the script of the course (no AI)"
CHARACTERS_A_TOKEN = 4  # a rule of thumb
ADD = re.compile(
    r"\b(?:remind me to|i (?:need|have) to|add(?: a task)?:?|create(?: a task)?:?)\s+(?P<title>.+)",
    re.IGNORECASE | re.DOTALL,
)
LIST = re.compile(r"\b(?:list|show|what|which|tasks?|todo)\b", re.IGNORECASE)
LONGEST_TITLE = 200
HELP = (
    "I am a script that plays a model, so I know only a few sentences. "
    "Try **Remind me to buy milk**, or **What is there to do?** "
    "With a key in `backend/.env`, a real model answers here."
)


class FriendlyModel(ModelServer):
    """A model for `./course run` without a key."""

    def choose_script(self, question: Question) -> Script:
        """Return what a helpful assistant might do next."""
        turn = cut(choose_turn(question), question.most_tokens)
        return Script("", (turn,), count_tokens(question, turn), self._listener.loop)


def cut(turn: Turn, most_tokens: object) -> Turn:
    """Return no more of a turn than the question allows, a word counted as a token."""
    return turn[: 2 * most_tokens] if isinstance(most_tokens, int) and most_tokens > 0 else turn


def count_tokens(question: Question, turn: Turn) -> int:
    """Return what a call costs: as with a real model, all that was sent counts each time."""
    told = [piece.text for piece in turn if isinstance(piece, Text)]
    told += [piece.arguments for piece in turn if isinstance(piece, Call)]
    return len(json.dumps(question.body) + "".join(told)) // CHARACTERS_A_TOKEN


def choose_turn(question: Question) -> Turn:
    """Answer the results of tools if there are any, otherwise what the user said."""
    if question.results:
        return speak(describe(question.results[-1]))
    if found := ADD.search(question.asked):
        title = " ".join(found["title"].split()).rstrip(".!")[:LONGEST_TITLE]
        return (call("create_task", title=title[:1].upper() + title[1:]),)
    if LIST.search(question.asked):
        return (call("list_tasks"),)
    return speak(HELP)


def describe(result: Said) -> str:
    """Say what a tool gave back, whatever shape the app gave it."""
    try:
        value = json.loads(result.text)
    except ValueError:
        return f"Done: {result.text[:LONGEST_TITLE]}"
    titles = list_titles(value)
    if isinstance(value, dict) and "title" in value:
        return f"I have added **{value['title']}**. You find it on the page of tasks."
    if titles:
        return "This is there to do:\n\n" + "\n".join(f"- {title}" for title in titles)
    return "There is nothing to do."


def list_titles(value: object) -> list[str]:
    """Return every title in a result, however deep."""
    if isinstance(value, list):
        return [title for one in value for title in list_titles(one)]
    if not isinstance(value, dict):
        return []
    own = [str(value["title"])] if "title" in value else []
    return own + [title for one in value.values() for title in list_titles(one)]


def speak(text: str) -> Turn:
    """Return a text word by word, as a model would send it."""
    pieces: list[Piece] = []
    for word in re.findall(r"\S+\s*", text):
        pieces += [Text(word), Pause(PAUSE)]
    return tuple(pieces)
