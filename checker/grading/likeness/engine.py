"""Find out which submissions hold the same code, in a process of its own.

Started as `python -P -m checker.grading.likeness.engine`: a job comes in as JSON, what was found
goes out. copydetect takes code apart (names of the learner's choice do not matter) and chooses
fingerprints of it, as the paper on winnowing describes. Its hashes are Python's: whoever starts
this settles their seed.
"""

import io
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations
from types import FrameType
from typing import Any

import msgspec
import numpy as np
from copydetect.detector import CodeFingerprint, compare_files
from copydetect.utils import filter_code, hashed_kgrams

from checker.grading.likeness.found import Found, Job, Lines, Pair, Passage

GRAM, WINDOW = 30, 10  # characters of code, names shortened; what is shorter than both is no match
MANY = 8  # from so many submissions on, what a third of them have is an idiom
IDIOM = 1 / 3
MOST_PAIRS = 200
LONGEST_FILE = 10.0  # seconds: a text can be made so that taking it apart never ends


class Sheet:
    """The fingerprints of one submission, what it was given left out.

    Attributes:
        files: By their names.
        hashes: Of all of them.
    """

    def __init__(self, files: Mapping[str, Any]) -> None:
        self.files = files
        self.hashes = {value for file in files.values() for value in file.hashes}

    def forget(self, hashes: set[int]) -> None:
        """Leave out what says nothing.

        copydetect does so itself only where no fingerprint is there twice.
        """
        self.hashes -= hashes
        for file in self.files.values():
            file.hashes -= hashes
            for value in hashes & file.hash_idx.keys():
                del file.hash_idx[value]

    def find_share(self, common: int) -> float:
        """Return which share of the fingerprints so many are."""
        return round(common / len(self.hashes), 4) if self.hashes else 0.0


def compare(job: Job) -> Found:
    """Return the pairs that are like enough."""
    skipped: list[str] = []
    given = {value for name, text in job.given for value in list_all(name, text)}
    sheets = {
        name: Sheet(dict(take_apart(name, files, skipped)))
        for name, files in sorted(job.people.items())
    }
    for sheet in sheets.values():
        sheet.forget(given)
    idioms = find_idioms(sheets.values())
    for sheet in sheets.values():
        sheet.forget(idioms)
    pairs = sorted(find_pairs(sheets, job.least), key=rank)
    told = tuple(with_passages(pair, sheets, job.people) for pair in pairs[:MOST_PAIRS])
    return Found(told, len(pairs), tuple(skipped))


def list_all(name: str, text: str) -> list[int]:
    """Return the hashes of all that a text holds: which of them are chosen depends on the rest."""
    code, _ = filter_code(text, name)
    return [int(value) for value in hashed_kgrams(code, GRAM)]


def take_apart(
    name: str, files: Mapping[str, str], skipped: list[str]
) -> Iterator[tuple[str, Any]]:
    """Yield the fingerprints of every file."""
    for file, text in sorted(files.items()):
        try:
            with limited_time():
                fingerprint = CodeFingerprint(file, GRAM, WINDOW, fp=io.StringIO(text))
        except Exception:  # noqa: BLE001 - whatever the text does to its reader
            skipped.append(f"{name}: {file}")
        else:
            mend_offsets(fingerprint)
            yield file, fingerprint


def mend_offsets(fingerprint: Any) -> None:
    """Let positions in the text grow with those in the code: at a class they would fall back."""
    if len(fingerprint.offsets):
        fingerprint.offsets[:, 1] = np.maximum.accumulate(fingerprint.offsets[:, 1])


@contextmanager
def limited_time() -> Iterator[None]:
    """Raise TimeoutError when it takes too long (where there are timers)."""
    if sys.platform == "win32":
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_FILE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def find_idioms(sheets: Iterable[Sheet]) -> set[int]:
    """Return what so many have that it tells no two of them apart."""
    all_sheets = list(sheets)
    if len(all_sheets) < MANY:
        return set()
    counts = Counter(value for sheet in all_sheets for value in sheet.hashes)
    return {value for value, count in counts.items() if count > IDIOM * len(all_sheets)}


def find_pairs(sheets: Mapping[str, Sheet], least: float) -> Iterator[Pair]:
    """Yield the pairs of which one at least is like enough to the other."""
    for (name, one), (other, two) in combinations(sheets.items(), 2):
        common = len(one.hashes & two.hashes)
        shares = one.find_share(common), two.find_share(common)
        if common and max(shares) >= least:
            yield Pair(name, other, *shares, passages=())


def rank(pair: Pair) -> tuple[float, float, str, str]:
    """Return what pairs are put in order by."""
    shares = sorted((-pair.share, -pair.other_share))
    return shares[0], shares[1], pair.name, pair.other


def with_passages(
    pair: Pair, sheets: Mapping[str, Sheet], texts: Mapping[str, Mapping[str, str]]
) -> Pair:
    """Return a pair with the places where it is alike, in the order of the first one's files."""
    found = []
    for name, one in sheets[pair.name].files.items():
        for other, two in sheets[pair.other].files.items():
            if one.hashes & two.hashes:
                here, there = texts[pair.name][name], texts[pair.other][other]
                found.append(find_passage((name, one, here), (other, two, there)))
    return msgspec.structs.replace(pair, passages=tuple(found))


def find_passage(here: tuple[str, Any, str], there: tuple[str, Any, str]) -> Passage:
    """Return what two files share: where it is in each, in its own order."""
    _, _, slices = compare_files(here[1], there[1])
    ours, theirs = (
        tuple(find_lines(text, start, end) for start, end in zip(*part, strict=True))
        for part, text in zip(slices, (here[2], there[2]), strict=True)
    )
    return Passage(here[0], ours, there[0], theirs)


def find_lines(text: str, start: float, end: float) -> Lines:
    """Return the first and the last line of a part of a text."""
    return text.count("\n", 0, int(start)) + 1, text.count("\n", 0, int(end)) + 1


def main() -> None:
    """Read the job, compare, write what was found; nothing else gets to the output."""
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
        output.write(msgspec.json.encode(compare(job)))


if __name__ == "__main__":
    main()
