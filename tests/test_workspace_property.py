"""Whatever a learner and the commands do in whatever order, no line of the learner's is lost."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from small_course import git, make_course

from checker.errors import CourseError, UsageError
from checker.workspace import rewrite, snapshot
from checker.workspace.compare import compare
from checker.workspace.git import GitError
from checker.workspace.issue import MergeConflictError
from checker.workspace.repository import IN_PROGRESS, WorkspaceError
from checker.workspace.rewrite import catch_up, reset, solve
from checker.workspace.start import start
from checker.workspace.status import read_status

pytestmark = pytest.mark.usefixtures("git_name")

TOKEN = re.compile(rb"learner-\d+")
STUB = re.compile(r"( *)# TODO L\d\.\d: .*\n +raise .*\n")
LESSONS = st.integers(1, 3)
OWN_FILES = st.sampled_from(["mine.txt", "app/mine.py", "a b/ü.txt", "-x", "deep/er/file"])
COURSE_FILES = st.sampled_from(
    ["app/main.py", "app/words.py", "app/old.py", "run.sh", "app/count.py"]
)
REMOVED_LATER = "app/old.py"
COLLISIONS = st.sampled_from(["app/count.py", "app/store.py", "app/count.py/x", "app/store.py/y"])
IGNORED = st.sampled_from([".env", "big.cache", "app/store.py", "app/count.py"])


class Learner(RuleBasedStateMachine):
    """A learner who edits, commits and gives commands.

    Every line that they write holds a token of its own, by which it can be found again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="course-test-"))
        self.paths = make_course(self.folder)
        self.workspace = self.paths.workspace
        self.count = 0
        self.is_confined = self.was_always_confined = True
        self.has_collided = False
        start(self.paths, 1)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # What the learner does to files.

    def make_line(self) -> str:
        self.count += 1
        return f"# learner-{self.count}\n"

    def go_wild(self) -> None:
        """Note an edit that may conflict with what the course adds."""
        self.is_confined = self.was_always_confined = False

    def collide(self) -> None:
        """Note a file where a later lesson has one: no command takes it away."""
        self.go_wild()
        self.has_collided = True

    def write(self, name: str, text: str) -> None:
        file = self.workspace / name
        for parent in reversed(file.relative_to(self.workspace).parents[:-1]):
            if (self.workspace / parent).is_file():
                (self.workspace / parent).unlink()
        if file.is_dir():
            shutil.rmtree(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @rule(number=st.integers(0, 9))
    def answer_a_task(self, number: int) -> None:
        files = sorted(self.workspace.glob("app/*.py"))
        text_of = {f: f.read_text() for f in files if f.is_file()}
        opened = [f for f, text in text_of.items() if STUB.search(text)]
        if opened:
            file = opened[number % len(opened)]
            file.write_text(STUB.sub(rf"\1return 1  {self.make_line()}", text_of[file]))

    @rule(name=OWN_FILES)
    def write_an_own_file(self, name: str) -> None:
        self.write(name, self.make_line() * 2)

    @rule(name=COURSE_FILES, place=st.integers(0, 20))
    def edit_a_file_of_the_course(self, name: str, place: int) -> None:
        file = self.workspace / name
        if file.is_file():
            self.go_wild()
            lines = file.read_text().splitlines(keepends=True)
            lines[place:place] = [self.make_line()]
            file.write_text("".join(lines))

    @rule(name=COLLISIONS)
    def write_where_the_course_will(self, name: str) -> None:
        self.collide()
        self.write(name, self.make_line())

    @rule(name=IGNORED)
    def write_an_ignored_file(self, name: str) -> None:
        if name.startswith("app/"):
            self.collide()
            self.write(".gitignore", f"{Path(name).name}\n{self.make_line()}")
        self.write(name, self.make_line())

    @rule(name=COURSE_FILES)
    def delete_a_file(self, name: str) -> None:
        if (self.workspace / name).is_file():
            self.go_wild()
            (self.workspace / name).unlink()

    @rule(name=COURSE_FILES)
    def save_with_other_line_ends(self, name: str) -> None:
        file = self.workspace / name
        if file.is_file():
            if name == REMOVED_LATER:  # changed here and gone there: git asks, and rightly
                self.go_wild()
            content = file.read_bytes().replace(b"\r\n", b"\n")
            file.write_bytes(content.replace(b"\n", b"\r\n"))

    # What the learner does with git.

    @rule()
    def stage(self) -> None:
        git(self.workspace, "add", "--all")

    @rule(name=OWN_FILES)
    def stage_and_write_on(self, name: str) -> None:
        self.write(name, self.make_line())
        self.stage()
        self.write(name, self.make_line())

    @rule()
    def commit(self) -> None:
        git(self.workspace, "add", "--all")
        git(self.workspace, "commit", "--quiet", "--allow-empty", "--message=mine")

    @rule()
    def work_on_a_branch(self) -> None:
        self.commit()
        self.count += 1
        git(self.workspace, "switch", "--quiet", "--create", f"own-{self.count}")

    @precondition(lambda self: not self.is_on_main())
    @rule()
    def return_to_main(self) -> None:
        self.commit()
        git(self.workspace, "switch", "--quiet", "main")

    def is_on_main(self) -> bool:
        return git(self.workspace, "symbolic-ref", "--short", "HEAD") == "main"

    # The commands of the course.

    @rule(lesson=st.none() | LESSONS, finish=st.booleans())
    def start(self, *, lesson: int | None, finish: bool) -> None:
        is_confined = self.is_confined
        try:
            self.give(lambda: start(self.paths, lesson))
        except MergeConflictError:
            assert not is_confined, "a learner who edits stubs alone meets no conflict"
            self.leave_the_conflict(finish=finish)

    def leave_the_conflict(self, *, finish: bool) -> None:
        if finish:
            git(self.workspace, "add", "--all")
            git(self.workspace, "commit", "--quiet", "--no-edit")
        else:
            git(self.workspace, "merge", "--abort")

    @rule(lesson=LESSONS)
    def solve(self, lesson: int) -> None:
        if self.give(lambda: solve(self.paths, lesson)):
            assert compare(self.paths, lesson) == ""
            self.is_confined = not self.has_collided

    @rule(lesson=LESSONS)
    def catch_up(self, lesson: int) -> None:
        if self.give(lambda: catch_up(self.paths, lesson)):
            assert lesson == 1 or compare(self.paths, lesson - 1) == ""
            self.is_confined = not self.has_collided

    @rule(lesson=LESSONS)
    def reset(self, lesson: int) -> None:
        if self.give(lambda: reset(self.paths, lesson)):
            self.is_confined = self.was_always_confined

    @rule(lesson=LESSONS)
    def diff(self, lesson: int) -> None:
        self.give(lambda: compare(self.paths, lesson))

    @rule()
    def status(self) -> None:
        self.give(lambda: read_status(self.paths))

    def give(self, command: Callable[[], object]) -> bool:
        """Give a command; tell whether it did its work, and prove that it lost nothing."""
        before, head = self.find_tokens(staged=True), self.find_head()
        is_merging = False
        try:
            command()
        except MergeConflictError:
            is_merging = True
            raise
        except (WorkspaceError, UsageError) as error:
            self.check_refusal(error)
            return False
        finally:
            # What is staged is safe only as long as the command has not moved on from it.
            assert before <= self.find_tokens(staged=self.find_head() == head)
            self.check_repository(is_merging=is_merging)
        return True

    def check_refusal(self, error: CourseError) -> None:
        assert "has not begun" in error.problem or not self.is_on_main()

    def find_head(self) -> str:
        return git(self.workspace, "rev-parse", "HEAD")

    def check_repository(self, *, is_merging: bool) -> None:
        assert git(self.workspace, "rev-parse", "--verify", "HEAD^{commit}")
        assert git(self.workspace, "symbolic-ref", "HEAD")
        waiting = {name for name in IN_PROGRESS if (self.workspace / ".git" / name).exists()}
        assert waiting == ({"MERGE_HEAD"} if is_merging else set())
        assert not (self.workspace / ".git" / "refs" / "course" / "next").exists()

    def find_tokens(self, *, staged: bool) -> set[bytes]:
        """Find the learner's lines on disk, in every commit of a branch, and in the index."""
        found = set(TOKEN.findall(read_reachable(self.workspace)))
        for file in self.workspace.rglob("*"):
            if ".git" not in file.relative_to(self.workspace).parts and file.is_file():
                found |= set(TOKEN.findall(file.read_bytes()))
        if staged:
            entries = git(self.workspace, "ls-files", "--stage").splitlines()
            staged_objects = read_objects(self.workspace, [entry.split()[1] for entry in entries])
            found |= set(TOKEN.findall(staged_objects))
        return found


def read_reachable(workspace: Path) -> bytes:
    listing = git(workspace, "rev-list", "--all", "HEAD", "--objects").splitlines()
    return read_objects(workspace, [line.split()[0] for line in listing])


def read_objects(workspace: Path, ids: list[str]) -> bytes:
    command = ["git", "-C", str(workspace), "cat-file", "--batch"]
    asked = "".join(f"{name}\n" for name in ids).encode()
    return subprocess.run(command, input=asked, capture_output=True, check=True).stdout


def test_no_line_of_the_learner_is_ever_lost():
    more = os.environ.get("COURSE_TEST_EXAMPLES")
    run_state_machine_as_test(
        Learner,
        settings=settings(
            max_examples=int(more or 25),
            stateful_step_count=14,
            deadline=None,
            derandomize=not more,  # the same examples everywhere, unless more are asked for
            suppress_health_check=list(HealthCheck),
        ),
    )


def forget_staged(workspace, reason, targets=()):
    snapshot.update_index(workspace, "--add", snapshot.list_changes(workspace)[0])
    return snapshot.take_snapshot(workspace, reason, targets)


MUTANTS = {
    "no snapshot": (rewrite, "take_snapshot", lambda *_: None),
    "nothing ignored": (snapshot, "find_in_the_way", lambda *_: []),
    "nothing staged": (rewrite, "take_snapshot", forget_staged),
}


@pytest.mark.parametrize(("module", "name", "mutant"), MUTANTS.values(), ids=MUTANTS.keys())
def test_a_careless_command_is_found_out(monkeypatch, module, name, mutant):
    """Prove that the test above can fail: it finds commands that save too little."""
    monkeypatch.setattr(module, name, mutant)
    learner = Learner()
    try:
        learner.write_an_ignored_file("app/store.py")
        learner.stage_and_write_on("mine.txt")
        with pytest.raises((AssertionError, GitError)):
            learner.catch_up(3)
    finally:
        learner.teardown()
