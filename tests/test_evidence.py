"""What shows why a check of pages failed is kept for the last runs, and reaches the report."""

import msgspec
from report_samples import FINDING, make_report, make_result

from checker.checks.evidence import MOST_RUNS, choose_folder
from checker.checks.visitors import Visitors
from checker.judge.results import Outcome
from checker.report.html import format_html


def test_folders_of_the_last_runs_stay(tmp_path):
    for number in range(MOST_RUNS + 3):
        (tmp_path / "failures" / f"20260101-0000{number:02}-1").mkdir(parents=True)
    chosen = choose_folder(tmp_path)
    left = sorted(folder.name for folder in (tmp_path / "failures").iterdir())
    assert len(left) == MOST_RUNS - 1
    assert left[-1] == "20260101-000012-1"
    assert not chosen.exists()


class Camera:
    def __init__(self, last_looked, console=()):
        self.last_looked = last_looked
        self.trace = None
        self.seen = self
        self.console, self.failed = (
            list(console),
            ["GET http://x/?t=eyJhbGciOiJIUzI1.eyJzdWIiOiJh.s"],
        )

    def take_picture(self, file):
        return file.suffix == ".png"


def test_evidence_is_of_whoever_looked_last_and_holds_no_token(tmp_path):
    visitors = Visitors(lobby=None)
    visitors._guests += [Camera(2.0, ["error: late"]), Camera(1.0, ["error: early"])]  # noqa: SLF001
    evidence = visitors.collect("sign_out", tmp_path)
    assert evidence.picture == f"{tmp_path / 'sign_out.png'}"
    assert evidence.log.splitlines() == ["console error: late", "request GET http://x/?t=<a token>"]


def test_html_tells_how_to_show_a_trace(tmp_path):
    finding = msgspec.structs.replace(FINDING, trace=f"{tmp_path / 'page.zip'}")
    page = format_html(make_report(make_result("login", Outcome.FAILED, finding=finding))).decode()
    assert "playwright show-trace" in page
    assert "<dt>Trace</dt>" in page
