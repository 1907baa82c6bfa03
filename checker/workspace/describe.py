"""Say in words what a command did to the workspace, and what to do next."""

from rich.text import Text

from checker.course.manifest import Lesson, load_lessons
from checker.paths import CoursePaths
from checker.workspace.repository import Workspace, open_workspace, shorten
from checker.workspace.rewrite import Rewritten
from checker.workspace.start import Start, Started
from checker.workspace.status import Status

SHOWN_CHANGES = 10
DIFF_STYLES = {
    "diff ": "bold",
    "---": "bold",
    "+++": "bold",
    "@@": "cyan",
    "+": "green",
    "-": "red",
}


def describe_start(paths: CoursePaths, started: Started) -> str:
    """Say what `start` did, and where to read and to work."""
    lessons = load_lessons(paths)
    lesson = lessons[started.lesson - 1]
    lines = [describe_outcome(started.how, lesson, shorten(paths.workspace))]
    if started.snapshot:
        lines += describe_way_back(open_workspace(paths.workspace), started.snapshot)
    if started.skipped:
        lines.append(
            f"The tasks of {name_lessons(started.skipped)} are still open. "
            f"To have them solved: ./course catch-up {lesson.number}"
        )
    lines.append(f"  read   {shorten(lesson.folder / 'README.md')}")
    lines.append(f"  work   {shorten(paths.workspace)}/")
    lines += [f"  task   {task.id} {task.title}" for task in lesson.tasks]
    if started.how is Start.RESUMED:
        lines.append(describe_next(lessons, started.lesson))
    return "\n".join(lines) + "\n"


def describe_outcome(how: Start, lesson: Lesson, place: str) -> str:
    """Say in a sentence what happened."""
    if how is Start.MADE:
        solved = " Earlier lessons are solved in it." if lesson.number > 1 else ""
        return f"Made {place}/ for lesson {lesson.number}: {lesson.title}.{solved}"
    if how is Start.ISSUED:
        return f"Brought lesson {lesson.number} into {place}/: {lesson.title}."
    if how is Start.AGAIN:
        return (
            f"Nothing was changed: lesson {lesson.number} is in {place}/ already. "
            f"To begin it again: ./course reset {lesson.number}"
        )
    return f"You are in lesson {lesson.number}: {lesson.title}."


def describe_next(lessons: tuple[Lesson, ...], number: int) -> str:
    """Name the command that leads on from a lesson."""
    if number < len(lessons):
        title = lessons[number].title
        return f"When its checks pass: ./course start {number + 1}   brings in {title}."
    return "This is the last lesson."


def describe_rewrite(paths: CoursePaths, lesson: int, title: str, done: Rewritten) -> str:
    """Say what `solve`, `reset` or `catch-up` did, and how to get the old files back."""
    lines = [title if done.has_changed else f"{title} Nothing had to be changed."]
    if done.issued:
        lines.append(f"Brought in on the way: {name_lessons(done.issued)}.")
    if done.reopened:
        lines.append(f"Open now: the tasks of {name_lessons(done.reopened)}.")
    if done.replaced:
        lines.append(
            "Your answers to earlier lessons could not be told apart from what came later in the "
            "files below; the course's stand there now."
        )
        lines += [f"  {path}" for path in done.replaced]
    if done.has_changed:
        lines += describe_way_back(open_workspace(paths.workspace), done.before)
    return "\n".join([*lines, f"Next: ./course check {lesson}"])


def describe_way_back(workspace: Workspace, commit: str) -> list[str]:
    """Say where the files are as they were, and how to get one or all of them back."""
    short = workspace.git.read("rev-parse", "--short", commit)
    return [
        f"Your files as they were are saved in commit {short}. To get one or all of them back:",
        f"  {workspace.command} checkout {short} -- FILE",
        f"  {workspace.command} checkout {short} -- .",
    ]


def describe_status(status: Status) -> str:
    """Say where the learner is, what is not committed, and which commands lead on."""
    git = status.workspace.command
    lines = [f"lesson     {describe_lesson(status)}"]
    lines += [f"branch     {describe_branch(status, git)}"]
    lines += [f"changes    {describe_changes(status)}"]
    lines += [f"           {change}" for change in status.changes[:SHOWN_CHANGES]]
    for number, snapshot in enumerate(status.snapshots):
        label = "snapshots  " if number == 0 else " " * 11
        lines.append(f"{label}{snapshot.commit}  {snapshot.age}: {snapshot.title}")
    if status.snapshots:
        lines.append(f"           to see one: {git} show {status.snapshots[0].commit}")
    if status.torn:
        lines.append(f"cut off    {describe_torn(status.torn)}")
    if status.in_progress:
        place = shorten(status.workspace.path)
        lines.append(f"next       in {place}: {status.in_progress.finish}")
        lines.append(f"           to leave it instead: {status.in_progress.leave}")
    elif status.lesson is not None:
        lines.append(f"next       ./course check {status.lesson.number}")
        lines.append(f"           {describe_next(status.lessons, status.lesson.number)}")
    return "\n".join(lines)


def describe_lesson(status: Status) -> str:
    """Name the lesson that the learner is in and the last that was issued."""
    if status.lesson is None:
        return f"none of this course, which has lessons 1 to {len(status.lessons)}"
    text = f"{status.lesson.number}, {status.lesson.title}"
    if status.level > status.lesson.number:
        text += f" (lessons up to {status.level} are in your workspace)"
    return text


def describe_branch(status: Status, git: str) -> str:
    """Name the branch, and what has to be done before the course can work on it."""
    if status.in_progress:
        return f"a {status.in_progress.name} is not finished; see: {git} status"
    if status.branch is None:
        return f"none (an old commit is checked out); the course works on main: {git} switch main"
    if status.branch != "main":
        return f"{status.branch}; the course works on main: {git} switch main"
    return "main"


def describe_changes(status: Status) -> str:
    """Count the files that are not committed."""
    count = len(status.changes)
    if count == 0:
        return "none, everything is committed"
    more = f", the first {SHOWN_CHANGES}" if count > SHOWN_CHANGES else ""
    files = "1 file" if count == 1 else f"{count} files"
    return f"{files} not committed (a command that writes commits them first){more}:"


def describe_torn(files: list[str]) -> str:
    """Say what a command has left that was cut off, and how that is mended."""
    more = len(files) - SHOWN_CHANGES
    names = ", ".join(files[:SHOWN_CHANGES]) + (f" and {more} more" if more > 0 else "")
    return (
        f"A command was cut off while it wrote, or still writes: {names} in your workspace may be "
        "half of a file. Give that command again: it puts your files back first."
    )


def name_lessons(numbers: range) -> str:
    """Write "lesson 2", "lessons 2 and 3" or "lessons 2 to 4"."""
    if len(numbers) == 1:
        return f"lesson {numbers[0]}"
    word = "and" if numbers[0] + 1 == numbers[-1] else "to"
    return f"lessons {numbers[0]} {word} {numbers[-1]}"


def paint_diff(difference: str) -> Text:
    """Colour a diff; the marks at the lines' beginnings say the same without colour."""
    text = Text()
    for line in difference.splitlines(keepends=True):
        style = next((s for start, s in DIFF_STYLES.items() if line.startswith(start)), "")
        text.append(line, style=style)
    return text
