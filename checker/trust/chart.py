"""Draw the shares of every lesson as an SVG picture, from the figures and nothing else."""

from collections.abc import Iterator
from html import escape

from checker.trust.figures import Figures, LessonFigures

Share = float | None
LEFT, TOP, ROW, WIDTH, BAR = 190, 64, 56, 620, 9
COLOURS = ("#2a78b5", "#b3541e", "#4f7d2c", "#8a5aa8")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.faint{fill:#57606a}"
    "line{stroke:#d0d7de}@media(prefers-color-scheme:dark)"
    "{text{fill:#e6edf3}.faint{fill:#9198a1}line{stroke:#3d444d}}"
)
NAMES = (
    "right apps accepted",
    "wrong apps rejected",
    "the fault named first",
    "mutants killed",
)


def list_shares(lesson: LessonFigures) -> tuple[Share, ...]:
    """Return the shares of a lesson in the order of NAMES, None where nothing was measured."""
    right, wrong, mutants = lesson.right, lesson.wrong, lesson.mutants
    return (
        right.accepted / right.judged if right else None,
        wrong.rejected / wrong.judged if wrong else None,
        wrong.named / wrong.judged if wrong else None,
        mutants.score if mutants else None,
    )


def draw_chart(figures: Figures) -> str:
    """Return the picture."""
    height = TOP + ROW * len(figures.lessons) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {height}">',
        f"<title>{escape(describe(figures))}</title>",
        f"<style>{STYLE}</style>",
        *draw_legend(),
        *draw_scale(height - 30),
    ]
    for index, lesson in enumerate(figures.lessons):
        parts += draw_lesson(lesson, TOP + ROW * index)
    return "\n".join([*parts, "</svg>", ""])


def describe(figures: Figures) -> str:
    """Say in words what the picture shows."""
    lessons = (
        f"lesson {lesson.lesson}: "
        + ", ".join(
            f"{name} {format_share(share)}"
            for name, share in zip(NAMES, list_shares(lesson), strict=True)
        )
        for lesson in figures.lessons
    )
    return "; ".join(lessons)


def format_share(share: Share) -> str:
    """Write a share as a percentage that is 100 only when nothing is missing."""
    if share is None:
        return "not measured"
    return f"{int(share * 1000) / 10:g} %"


def draw_legend() -> Iterator[str]:
    """Say which colour is which share."""
    for index, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        x = LEFT + index * 165
        yield f'<rect x="{x}" y="16" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="27">{name}</text>'


def draw_scale(bottom: int) -> Iterator[str]:
    """Draw a line for every 25 per cent."""
    for share in (0, 25, 50, 75, 100):
        x = LEFT + WIDTH * share // 100
        yield f'<line x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="faint" x="{x}" y="{bottom + 18}" text-anchor="middle">{share} %</text>'


def draw_lesson(lesson: LessonFigures, top: int) -> Iterator[str]:
    """Draw a bar for each share of a lesson."""
    yield f'<text x="{LEFT - 14}" y="{top + 24}" text-anchor="end">lesson {lesson.lesson}</text>'
    for index, (share, colour) in enumerate(zip(list_shares(lesson), COLOURS, strict=True)):
        y = top + index * (BAR + 2)
        if share is not None:
            width = round(WIDTH * share, 1)
            yield f'<rect x="{LEFT}" y="{y}" width="{width}" height="{BAR}" fill="{colour}"/>'
        label = format_share(share)
        x = LEFT + 6 + (WIDTH * share if share is not None else 0)
        size = 'style="font-size:10px"'
        yield f'<text class="faint" x="{x:.1f}" y="{y + BAR}" {size}>{label}</text>'
