"""What an app wrote: collected to the end, cut to what a learner needs."""

import os
from pathlib import Path

import pytest

from checker.probes.excerpt import LONGEST_LINE, MOST_LINES, excerpt_output
from checker.probes.output import KEPT, OutputReader

FOLDER = Path("/run/app/backend")
TRACEBACK = """\
INFO: started
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 3, in run
    call()
  File "/run/app/backend/app/main.py", line 9, in <module>
    boom()
  File "/venv/site-packages/fastapi/x.py", line 1, in boom
    raise ValueError
ValueError: no /run/app/backend/data.json
INFO: bye
"""
MULTI_LINE = """\
Traceback (most recent call last):
  File "/run/app/backend/app/settings.py", line 2, in get
    Settings()
pydantic.ValidationError: 1 error for Settings
key
  Field required
"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/run/app/backend/app/main.py", line 1, in <module>
  |     run()
  | ExceptionGroup: several (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/run/app/backend/app/main.py", line 5, in run
    |     fail()
    | KeyError: 'x'
    +------------------------------------
"""
CHAIN = """\
Traceback (most recent call last):
  File "/run/app/backend/app/a.py", line 1, in f
    first()
KeyError: 1

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/run/app/backend/app/b.py", line 2, in g
    second()
TypeError: 2
"""


@pytest.fixture
def pipe():
    """A reader with a limit of 100 bytes, and the end to write to."""
    read, write = os.pipe()
    stream = os.fdopen(write, "wb", buffering=0)
    reader = OutputReader(read, 100)
    yield reader, stream
    stream.close()
    assert reader.join(5)


def test_output_is_read_from_a_mark_on(pipe):
    reader, stream = pipe
    stream.write(b"before ")
    reader.wait_for("before")
    mark = reader.mark()
    stream.write("näch".encode() + b"\xff")
    assert reader.wait_for("\ufffd", mark) == "näch\ufffd"
    assert reader.read_since() == "before näch\ufffd"


def test_output_that_was_skipped_is_never_shown(pipe):
    reader, stream = pipe
    stream.write(b"12345\nrest")
    reader.wait_for("rest")
    reader.skip(6)
    assert reader.read_since() == "rest"


def test_output_beyond_what_is_kept_is_counted_and_dropped(pipe):
    reader, stream = pipe
    assert not reader.is_flooded
    for _ in range(KEPT // 4096 + 2):
        stream.write(b"x" * 4096)
    stream.write(b"end")
    reader.wait_for("end")
    assert reader.is_flooded
    assert len(reader.read_since()) == KEPT
    assert reader.mark() > KEPT


def test_output_waits_no_longer_than_it_is_told(pipe):
    reader, stream = pipe
    assert reader.wait_for("never", timeout=0.01) == ""
    assert not reader.join(0.01)
    assert not stream.closed


def test_output_that_has_ended_is_not_waited_for():
    read, write = os.pipe()
    reader = OutputReader(read, 100)
    os.write(write, b"last words")
    os.close(write)
    assert reader.wait_for("never", timeout=3600) == "last words"


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("a\nb\n", "a\nb"),
        ("", ""),
        (
            TRACEBACK,
            (
                '  File "backend/app/main.py", line 9, in <module>\n    boom()\n'
                "ValueError: no backend/data.json"
            ),
        ),
        (
            MULTI_LINE,
            (
                '  File "backend/app/settings.py", line 2, in get\n    Settings()\n'
                "pydantic.ValidationError: 1 error for Settings\nkey\n  Field required"
            ),
        ),
        (
            GROUP,
            "  File \"backend/app/main.py\", line 5, in run\n    fail()\nKeyError: 'x'",
        ),
        (CHAIN, '  File "backend/app/b.py", line 2, in g\n    second()\nTypeError: 2'),
        ("\x1b[31mred\x1b[0m\x07\r\n\x9b0m\x00ok", "red\n0mok"),
    ],
)
def test_excerpt_shows_what_a_learner_needs(output, shown):
    assert excerpt_output(output, FOLDER) == shown


def test_excerpt_is_short():
    shown = excerpt_output("\n".join(["y" * 1000] * 1000), FOLDER)
    assert len(shown.splitlines()) == MOST_LINES
    assert max(map(len, shown.splitlines())) == LONGEST_LINE
