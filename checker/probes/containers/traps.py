"""Put into the folders that images are built from what no image may get."""

from pathlib import Path

WORD = "course-check-this-must-not-be-in-an-image"
TRAPS = {
    "backend": (".env", ".env.local", ".git/config", ".venv/trap.txt", "venv/trap.txt"),
    "frontend": (".env", ".env.local", ".git/config", "node_modules/trap/trap.txt"),
}
# Settings that Next.js would read at build time, and an app when it starts: harmless, and visible.
CONTENT = f"COURSE_CHECK_TRAP={WORD}\n"


def set_traps(app: Path) -> None:
    """Write the traps; always the same, so that the engine's cache knows them again."""
    for folder, names in TRAPS.items():
        for name in names:
            file = app / folder / name
            if (app / folder).is_dir() and not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(CONTENT, encoding="utf-8")
