"""Write what is generated from the layers, or say how the disk differs from it."""

import re
from pathlib import Path

from checker.course.difference import compare_trees, find_mode
from checker.course.ids import record_ids
from checker.course.layers import Layers, Tree, list_files, read_layers
from checker.course.manifest import load_lessons
from checker.paths import CoursePaths

DIFF_NAME = "lesson.diff"
AT_THE_TOP = ("docker-compose.yml", ".env.example")  # so that the finished app starts from there
CONTEXT = re.compile(r"^(?P<key> +(?:build|context): )\./", re.MULTILINE)


def build(paths: CoursePaths) -> list[str]:
    """Write solutions, starters, diffs and new ids, and remove what is no longer generated.

    Returns:
        One line for each file that was written or removed, by its path from the root.
    """
    trees = plan_trees(paths)
    report = [line for folder, tree in trees.items() for line in write_tree(paths, folder, tree)]
    for folder in find_stale(paths, trees):
        report += write_tree(paths, folder, {})
    for file, content in find_stale_top(paths).items():
        write_file(file, content)
        report.append(f"wrote {file.name} (different)")
    if record_ids(paths, load_lessons(paths)):
        report.append(f"wrote {paths.ids.relative_to(paths.root).as_posix()} (new ids)")
    return report


def find_differences(paths: CoursePaths) -> list[str]:
    """Compare the disk with what `build` would write; one line for each file that differs."""
    trees = plan_trees(paths)
    trees |= {folder: {} for folder in find_stale(paths, trees)}
    return [
        f"{folder.relative_to(paths.root).as_posix()}/{path}: {what}"
        for folder, tree in trees.items()
        for path, what in compare_with_disk(folder, tree).items()
    ] + [f"{file.name}: different" for file in find_stale_top(paths)]


def plan_trees(paths: CoursePaths) -> dict[Path, Tree]:
    """Return what each generated folder should hold."""
    layers = read_layers(paths, load_lessons(paths))
    trees: dict[Path, Tree] = {}
    for lesson in layers.lessons:
        solution = layers.solution(lesson.number)
        diff = write_diff(layers, lesson.number).encode()
        trees[paths.solutions / lesson.slug] = {**solution, DIFF_NAME: diff}
        trees[lesson.folder / "starter"] = layers.starter(lesson.number)
    return trees


def find_stale_top(paths: CoursePaths) -> dict[Path, bytes]:
    """Return the files of the clone's own folder that start the finished app, those that differ.

    They are the newest solution's own, with the way to it in front of what images are built from:
    compose 1.29 knows no `include`, and cannot extend a service that waits for another one.
    """
    layers = read_layers(paths, load_lessons(paths))
    solution = layers.solution(len(layers.lessons))
    way = f"./solutions/{layers.lessons[-1].slug}/"
    made = {
        paths.root / name: CONTEXT.sub(rf"\g<key>{way}", solution[name].decode()).encode()
        for name in AT_THE_TOP
        if name in solution
    }
    return {f: text for f, text in made.items() if not f.exists() or f.read_bytes() != text}


def write_diff(layers: Layers, lesson: int) -> str:
    """Return what `lesson` adds to the finished app of the lesson before."""
    earlier = layers.solution(lesson - 1) if lesson > 1 else {}
    return compare_trees(earlier, layers.solution(lesson))


def find_stale(paths: CoursePaths, trees: dict[Path, Tree]) -> list[Path]:
    """List solutions of lessons that the course no longer has."""
    folders = sorted(folder for folder in paths.solutions.glob("*") if folder.is_dir())
    return [folder for folder in folders if folder not in trees and list_files(folder)]


def compare_with_disk(folder: Path, tree: Tree) -> dict[str, str]:
    """Say of each file whether it is missing, stale or different; equal ones are left out."""
    present = set(list_files(folder))
    verdicts = dict.fromkeys(tree.keys() - present, "missing")
    verdicts |= dict.fromkeys(present - tree.keys(), "stale, no layer has it")
    verdicts |= {
        path: "different"
        for path in present & tree.keys()
        if (folder / path).read_bytes() != tree[path]
    }
    return dict(sorted(verdicts.items()))


def write_tree(paths: CoursePaths, folder: Path, tree: Tree) -> list[str]:
    """Make a folder hold exactly the tree; by-products of running an app are left alone."""
    report = []
    verdicts = compare_with_disk(folder, tree)
    # Removals come first: a folder may have to make room for a file of its name.
    for path, verdict in sorted(verdicts.items(), key=lambda item: item[0] in tree):
        file = folder / path
        if path in tree:
            write_file(file, tree[path])
        else:
            remove_file(file, folder)
        done = "wrote" if path in tree else "removed"
        report.append(f"{done} {file.relative_to(paths.root).as_posix()} ({verdict})")
    return report


def write_file(file: Path, content: bytes) -> None:
    """Write one generated file, executable when it names its interpreter."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.chmod(0o755 if find_mode(content) == "100755" else 0o644)


def remove_file(file: Path, top: Path) -> None:
    """Remove a stale file and the folders that it leaves empty, `top` included."""
    file.unlink()
    for folder in file.parents:
        if any(folder.iterdir()):
            return
        folder.rmdir()
        if folder == top:
            return
