"""The hook that git runs before it takes a push: the Hub refuses bad front matter there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checker.probes.hub.card import read_card

NAME, MODULE = "pre-receive", "checker.probes.hub.prereceive"
REFUSED = "Sorry, your push was rejected during YAML metadata verification:"


def write_hook(folder: Path) -> None:
    """Write the hook into the folder of a repository's hooks."""
    folder.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parents[3]
    lines = (
        "#!/bin/sh",
        f"PYTHONPATH='{root.as_posix()}' exec '{Path(sys.executable).as_posix()}' -m {MODULE}",
    )
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    (folder / NAME).chmod(0o755)


def main() -> int:
    """Read `old new ref` lines as git gives them, and return 1 to refuse the push."""
    errors = [text for line in sys.stdin for text in find_errors(line.split()[1])]
    if errors:
        sys.stderr.write("\n- Error: ".join((REFUSED, *errors)) + "\n")
    return 1 if errors else 0


def find_errors(commit: str) -> Iterator[str]:
    """Yield what is wrong with the front matter in a commit, nothing when it has no README.md."""
    shown = subprocess.run(
        ["git", "cat-file", "blob", f"{commit}:README.md"], capture_output=True, check=False
    )
    yield from read_card(shown.stdout.decode(errors="replace")).errors


if __name__ == "__main__":
    raise SystemExit(main())
