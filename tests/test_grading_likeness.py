"""Which submissions are alike: what was given and what all write is left out."""

import csv
import io

import pytest
from hostile import ROOT
from report_samples import HOSTILE

from checker.errors import UsageError
from checker.grading.likeness.compare import LikenessOrder, compare_submissions
from checker.grading.likeness.found import Found, Pair, Passage
from checker.grading.likeness.report import NOTE, format_lines, format_pair, write_likeness
from checker.paths import CoursePaths

STARTER = ROOT / "lessons/01-setup/starter/backend/app/main.py"
OWN = '''
def count_words(lines, least):
    """Count what is long enough."""
    totals = {}
    for line in lines:
        for word in line.lower().split():
            if len(word) >= least:
                totals[word] = totals.get(word, 0) + 1
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))


def show_words(totals, width):
    for word, number in totals[:width]:
        print(f"{word:>20} {'#' * number}", end="\\n")
    return max((number for _, number in totals), default=0)
'''
OTHER = """
class Basket:
    def __init__(self):
        self.prices = []

    def add(self, price, amount=1):
        if amount < 1:
            raise ValueError("no goods")
        self.prices.extend([price] * amount)
        return self

    @property
    def sum(self):
        return round(sum(self.prices) * 1.19, 2) if self.prices else None
"""
RENAMED = OWN.replace("totals", "found").replace("word", "w").replace('"""Count', '"""Sum up')


@pytest.fixture(scope="module")
def likeness(tmp_path_factory):
    """A comparison of five, of whom two have the same code under other names."""
    folder = tmp_path_factory.mktemp("likeness")
    for name, text in (("ada", OWN), ("bo", f"import os\n{RENAMED}"), ("eve", OTHER), ("zoe", "")):
        app = folder / "in" / name / "backend" / "app"
        app.mkdir(parents=True)
        (app / "main.py").write_text(STARTER.read_text() + text)
    (folder / "in" / "broken.zip").write_bytes(b"PK\x03\x04")
    order = LikenessOrder(
        paths=CoursePaths.find(), submissions=folder / "in", lesson=1, out=folder / "out"
    )
    return order, compare_submissions(order)


def test_code_under_other_names_is_found(likeness):
    pairs = likeness[1].found.pairs
    assert [(pair.name, pair.other) for pair in pairs] == [("ada", "bo")]
    assert min(pairs[0].share, pairs[0].other_share) > 0.6


def test_lines_that_are_alike_are_those_of_their_own(likeness):
    (passage,) = likeness[1].found.pairs[0].passages
    given = len(STARTER.read_text().splitlines())
    assert passage.file == passage.other_file == "backend/app/main.py"
    assert min(first for first, _ in passage.lines) > given


def test_submission_that_cannot_be_read_is_named(likeness):
    assert likeness[1].refused[0].startswith("broken: the archive is broken")


def test_comparison_says_the_same_twice(likeness):
    order, first = likeness
    assert compare_submissions(order).found == first.found


def test_reports_say_that_a_match_is_no_verdict(likeness):
    order, found = likeness
    page = write_likeness(found, order.out)
    pages = [page, order.out / "pairs" / "001.html"]
    assert all(NOTE in page.read_text(encoding="utf-8") for page in pages)
    text = (order.out / "likeness.csv").read_text(encoding="utf-8")
    assert [row[:2] for row in csv.reader(io.StringIO(text))][1:] == [["ada", "bo"]]


def test_nothing_that_was_handed_in_becomes_markup():
    pair = Pair(HOSTILE, HOSTILE, 1, 1, (Passage(HOSTILE, ((1, 2),), HOSTILE, ((1, 2),)),))
    text = format_pair(pair, {HOSTILE: {HOSTILE: f"{HOSTILE}\n{HOSTILE}"}}).decode()
    assert "<script>" not in text
    assert "\x1b" not in text


def test_lines_between_are_left_out():
    text = "\n".join(f"line {number}" for number in range(1, 30))
    shown = format_lines(text, ((3, 3), (20, 21)))
    assert "<mark>line 3</mark>" in shown
    assert "line 10" not in shown
    assert shown.count("<mark>") == 3


def test_folder_that_everybody_was_given_must_be_there(likeness, tmp_path):
    order = LikenessOrder(**{**vars(likeness[0]), "given": [tmp_path / "nothing"]})
    with pytest.raises(UsageError, match="there is no folder"):
        compare_submissions(order)


def test_command_shows_where_the_report_is(likeness, run_course, tmp_path):
    done = run_course("compare", likeness[0].submissions, "--lesson", 1, "--out", tmp_path)
    assert (done.returncode, "1 pairs" in done.stdout) == (0, True), done.stderr
    assert (tmp_path / "likeness.html").exists()


def test_nothing_alike_is_told(likeness, tmp_path):
    empty = type(likeness[1])(Found((), 0, ()), {"one": {}, "two": {}}, [])
    assert "No two of them" in write_likeness(empty, tmp_path).read_text(encoding="utf-8")
