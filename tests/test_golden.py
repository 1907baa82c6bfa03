"""What learners read about a few wrong apps, word for word; `--snapshot-update` records it anew."""

import re

import pytest
from apps.build_app import APPS, build_wrong

SEED = 20261123  # origins, e-mails and paths are made from it
CHANGING = {
    r"\x1b\[[0-9;]*m": "",  # NO_COLOR leaves bold and dim
    r" \\\n +--dir <app>": " --dir <app>",  # folded where the folder's name is long
    r"\b[0-9a-f]{32}\b": "<request id>",
    r"\b\d+\.\d s$": "0.0 s",
    r"^[ ~^]*\^[ ~^]*\n": "",  # marks under a line of code: every version of Python has its own
}
NAMES = (
    "01/cors_any_origin",
    "01/starter",
    "01/syntax_error",
    "02/taken_not_caught",
    "02/unknown_email_is_404",
)


@pytest.mark.parametrize("name", NAMES)
def test_report_reads_as_recorded(name, check_app, tmp_path, snapshot):
    app = tmp_path / "app"
    wrong = build_wrong(APPS / "wrong" / f"{name}.toml", app)
    verdict = check_app(app, wrong.lesson, "--seed", SEED, TTY_COMPATIBLE="1")
    text = normalise(verdict.text, str(app))
    assert text == snapshot(name="terminal")
    assert list_findings(verdict.report, str(app)) == snapshot(name="json")


def list_findings(report, folder):
    """Return what the JSON report says about each check, less what changes from run to run."""
    return {
        result["id"]: {
            "outcome": result["outcome"],
            **{k: normalise(v, folder) for k, v in (result["finding"] or {}).items() if v},
        }
        for result in report["results"]
    }


def normalise(text, folder):
    """Replace what changes from run to run and from machine to machine."""
    text = text.replace(folder, "<app>")
    for pattern, constant in CHANGING.items():
        text = re.sub(pattern, constant, text, flags=re.MULTILINE)
    return text
