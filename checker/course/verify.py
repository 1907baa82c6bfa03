"""Find out whether texts, manifests, layers, checks and generated files fit together."""

import ast
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from checker.course.build import find_differences
from checker.course.ids import check_ids
from checker.course.layers import LayerFile, Layers, Tree, read_layers
from checker.course.manifest import Lesson, load_lessons
from checker.paths import CoursePaths
from checker.workspace.merging import merge_contents

if TYPE_CHECKING:
    from checker.checks.declare import CheckInfo

HINT_WORDS = range(15, 161)
HEADING = re.compile(r"^#{2,6} .*?\b(L\d+\.\d+)\b", re.MULTILINE)


def verify(paths: CoursePaths) -> list[str]:
    """Return every problem that can be found without running an app, a sentence each."""
    lessons = load_lessons(paths)
    layers = read_layers(paths, lessons)
    problems = [f"{line}. Run ./course build." for line in find_differences(paths)]
    for lesson in lessons:
        problems += check_text(lesson)
        problems += check_hints(lesson)
        problems += check_regions(layers, lesson)
        problems += check_syntax(layers, lesson)
        problems += check_merge(layers, lesson)
    return [*problems, *check_checks(lessons), *check_ids(paths, lessons)]


def check_text(lesson: Lesson) -> Iterator[str]:
    """Every task has one heading in the lesson's text, and every heading a task."""
    readme = lesson.folder / "README.md"
    name = f"lessons/{lesson.slug}/README.md"
    if not readme.is_file():
        yield f"{name} is missing."
        return
    headings = Counter(HEADING.findall(readme.read_text(encoding="utf-8")))
    for task in sorted(lesson.task_ids - headings.keys()):
        yield f'{name} has no heading for {task}, such as "### {task} …".'
    for task, count in headings.items():
        if task not in lesson.task_ids:
            yield f"{name} has a heading for {task}, which is no task of the lesson."
        elif count > 1:
            yield f"{name} has {count} headings for {task}."


def check_hints(lesson: Lesson) -> Iterator[str]:
    """A hint says enough to help and no more than can be read at a glance."""
    for task in lesson.tasks:
        for level, hint in enumerate(task.hints, start=1):
            count = len(hint.split())
            if count not in HINT_WORDS:
                yield (
                    f"Hint {level} of {task.id} has {count} words; "
                    f"expected {HINT_WORDS[0]} to {HINT_WORDS[-1]}."
                )


def check_regions(layers: Layers, lesson: Lesson) -> Iterator[str]:
    """Every task is cut out of the files that its manifest names, and out of no others."""
    files = layers.merge(lesson.number)
    for task in lesson.tasks:
        cut = {path for path, file in files.items() if find_stub(file, task.id, lesson.number)}
        if not cut:
            yield f"{task.id} has no region in the layers up to {lesson.slug}."
        for path in sorted(cut - set(task.files)):
            yield f'{task.id} has a region in {path}; add the file to its "files".'
        for path in task.files:
            if path not in files:
                yield f"{task.id} names {path}, a file that lesson {lesson.number} does not have."
    for file in files.values():
        yield from check_leaks(layers, lesson, file)


def check_leaks(layers: Layers, lesson: Lesson, file: LayerFile) -> Iterator[str]:
    """No lesson shows what a later one asks for."""
    known = layers.tasks_of(1, lesson.number)
    for region in file.regions:
        if region.is_present(lesson.number) and region.task not in known:
            yield (
                f"{file.path} shows the solution of {region.task} in lesson {lesson.number} "
                f"(line {region.line} in the layer of lesson {file.lesson})."
            )


def check_syntax(layers: Layers, lesson: Lesson) -> Iterator[str]:
    """Every tree that is handed out can be parsed, stubs included."""
    trees = {
        "starter": layers.starter(lesson.number),
        "solution": layers.solution(lesson.number),
        "issued": layers.issued(lesson.number),
    }
    for name, tree in trees.items():
        for path, error in find_syntax_errors(tree):
            yield f"{path} in the {name} of lesson {lesson.number} cannot be parsed: {error}."


def find_syntax_errors(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the files that their language cannot read, and why."""
    for path, content in tree.items():
        try:
            if path.endswith(".py"):
                ast.parse(content)
            elif path.endswith(".toml"):
                tomllib.loads(content.decode())
            # TypeScript reads its own JSON with comments in it.
            elif path.endswith(".json") and "tsconfig" not in path:
                json.loads(content)
        except (SyntaxError, ValueError) as error:
            yield path, str(error)


def check_merge(layers: Layers, lesson: Lesson) -> Iterator[str]:
    """The lesson merges into the workspace of a learner who solved the ones before it.

    A file that the manifest lists in `replaces` may conflict: the learner is told.
    """
    if lesson.number == 1:
        return
    before = layers.issued(lesson.number - 1)
    solved = layers.solution(lesson.number - 1)
    after = layers.issued(lesson.number)
    wanted = layers.starter(lesson.number)
    for path in sorted(before.keys() - set(lesson.replaces)):
        if before[path] == solved[path]:
            continue
        if path not in after:
            yield (
                f"Lesson {lesson.number} removes {path}, which holds tasks of earlier lessons; "
                'if that is meant, add it to "replaces".'
            )
        elif merge_contents(before[path], solved[path], after[path]) != wanted[path]:
            yield (
                f"Starting lesson {lesson.number} conflicts in {path} with the solved tasks of "
                "earlier lessons. Keep their stubs as they were and leave an unchanged line "
                'beside them, or add the file to "replaces".'
            )


def check_checks(lessons: tuple[Lesson, ...]) -> Iterator[str]:
    """Every task has a check that earns points, and every check a task."""
    from checker.judge.plan import list_checks

    checks = list_checks()
    known = {task.id for lesson in lessons for task in lesson.tasks}
    scored = {info.task for info in checks if info.points > 0}
    for task in sorted(known - scored):
        yield f"{task} has no check that earns points."
    for info in checks:
        if info.task not in known:
            yield f"The check {info.id} names {info.task}, which is no task."
    yield from check_needs(checks)


def check_needs(checks: "tuple[CheckInfo, ...]") -> Iterator[str]:
    """What a check needs is a check, and none waits for itself, however indirectly."""
    needs = {info.id: {*info.needs, *(need for _, need in info.later_needs)} for info in checks}
    for name, wanted in needs.items():
        for need in sorted(wanted - needs.keys()):
            yield f"The check {name} needs {need}, which is no check."
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        yield f"These checks wait for each other: {', '.join(error.args[1][1:])}."


def find_stub(file: LayerFile, task: str, lesson: int) -> bool:
    """Tell whether the file opens the task in that lesson."""
    return any(r.task == task and r.is_present(lesson) for r in file.regions)
