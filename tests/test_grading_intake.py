"""Submissions as they are handed in: folders, archives, bundles; hostile ones are refused."""

import io
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from checker.errors import ProbeError, UsageError
from checker.grading import bundles, fetch
from checker.grading.limited import limited
from checker.grading.refusal import Limits, Refusal
from checker.grading.roster import read_roster
from checker.grading.submissions import Submission, bring, find_submissions, hash_submission
from checker.probes.submission import MAKES_LINKS

MAIN = "backend/app/main.py"
SMALL = Limits(packed=1 << 16, entries=50, files=5, unpacked=1 << 16, ratio=20, small=1 << 12)


def make_zip(path, *entries, method=zipfile.ZIP_DEFLATED):
    """Write a zip archive of names, contents and modes."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content, mode in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return path


def make_tar(path, *members):
    """Write a tar archive of names, contents and what is odd about them."""
    with tarfile.open(path, f"w:{path.suffix.removeprefix('.').replace('tar', '')}") as archive:
        for name, content, odd in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in odd.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return path


def read_all(folder):
    """Return the content of every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py")}


FILE = stat.S_IFREG | 0o644
LINK = stat.S_IFLNK | 0o777
HOSTILE_ZIPS = {
    "leads out": [("../../evil.py", b"", FILE)],
    "an absolute": [("/etc/cron.d/evil", b"", FILE)],
    "a drive": [("C:\\evil.py", b"", FILE)],
    "a backslash": [("a\\..\\..\\evil.py", b"", FILE)],
    "a link out": [("link", b"../../etc/passwd", LINK)],
    "an absolute link": [("link", b"/etc/passwd", LINK)],
    "a link to a link": [("a", b"b", LINK), ("b", b"a", LINK)],
    "a link to a folder": [(MAIN, b"", FILE), ("link", b"backend", LINK)],
    "a device": [("null", b"", stat.S_IFCHR | 0o666)],
    "a pipe": [("pipe", b"", stat.S_IFIFO | 0o666)],
    "setuid": [("sh", b"", stat.S_IFREG | 0o4755)],
    "another case": [("Main.py", b"1", FILE), ("main.py", b"2", FILE)],
    "another form": [("é.py", b"1", FILE), ("e\u0301.py", b"2", FILE)],
    "wide letters": [("a.py", b"1", FILE), ("\uff41.py", b"2", FILE)],
    "a file that is a folder": [("a", b"1", FILE), ("a/b", b"2", FILE)],
    "a folder that is a file": [("a/b", b"1", FILE), ("a", b"2", FILE)],
    "a mirrored name": [("\u202eyp.evil", b"", FILE)],
    "a name with a line break": [("a\nb.py", b"", FILE)],
    "too deep": [("a/" * 30 + "b", b"", FILE)],
    "a long name": [("a" * 300, b"", FILE)],
    "too many files": [(f"{n}.py", b"", FILE) for n in range(9)],
    "too many entries": [(f"node_modules/{n}", b"", FILE) for n in range(60)],
    "a bomb": [("zeros", bytes(1 << 15), FILE)],
    "too large": [("noise", os.urandom(1 << 15), FILE)] * 3,
}
REGULAR = {"type": tarfile.REGTYPE}
HOSTILE_TARS = {
    "leads out": [("../evil.py", b"", REGULAR)],
    "a hard link": [("a", b"", REGULAR), ("b", b"", {"type": tarfile.LNKTYPE, "linkname": "a"})],
    "a hard link out": [("b", b"", {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"})],
    "a link out": [("b", b"", {"type": tarfile.SYMTYPE, "linkname": "../../etc/passwd"})],
    "through a link": [
        ("b", b"", {"type": tarfile.SYMTYPE, "linkname": "/tmp"}),  # noqa: S108 - the attack
        ("b/evil", b"", REGULAR),
    ],
    "a block device": [("sda", b"", {"type": tarfile.BLKTYPE})],
    "a pipe": [("pipe", b"", {"type": tarfile.FIFOTYPE})],
    "setgid": [("sh", b"", {"mode": 0o2755})],
    "a bomb": [("zeros", bytes(1 << 15), REGULAR)],
    "a long header": [("h", b"x" * (2 << 20), {"type": tarfile.GNUTYPE_LONGNAME})],
}


@pytest.mark.parametrize("kind", HOSTILE_ZIPS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_zip_is_refused(kind, tmp_path):
    archive = make_zip(tmp_path / "ada.zip", *HOSTILE_ZIPS[kind])
    with pytest.raises(Refusal):
        bring(archive, tmp_path / "target", SMALL)
    assert {path.name for path in tmp_path.iterdir()} == {"ada.zip", "target"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("kind", HOSTILE_TARS)
def test_hostile_tar_is_refused(kind, tmp_path):
    archive = make_tar(tmp_path / "ada.tar.gz", *HOSTILE_TARS[kind])
    with pytest.raises(Refusal):
        bring(archive, tmp_path / "target", SMALL)
    assert {path.name for path in tmp_path.iterdir()} == {"ada.tar.gz", "target"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("name", ["ada.zip", "ada.tar", "ada.tar.gz", "ada.tar.xz", "ada.bundle"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x1f\x8b\x08", bytes(9999)])
def test_broken_archive_is_refused_or_empty(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    with suppress(Refusal):
        bring(tmp_path / name, tmp_path / "target", SMALL)
    assert not list((tmp_path / "target").iterdir())


def test_cut_and_damaged_zips_are_refused_or_read(tmp_path):
    whole = make_zip(tmp_path / "whole.zip", (MAIN, os.urandom(900), FILE)).read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        for number, data in enumerate((whole[:place], bytes(damaged))):
            archive = tmp_path / f"{place}-{number}.zip"
            archive.write_bytes(data)
            with suppress(Refusal):
                bring(archive, tmp_path / f"{place}-{number}", SMALL)
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink()]


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.bz2", ".tar.xz"])
def test_tar_is_brought(suffix, tmp_path):
    link = {"type": tarfile.SYMTYPE, "linkname": "main.py"}
    made = {"type": tarfile.SYMTYPE, "linkname": "/usr/bin/python3"}
    archive = make_tar(
        tmp_path / f"ada{suffix}",
        ("./repo/", b"", {"type": tarfile.DIRTYPE}),
        (f"./repo/{MAIN}", b"app = 1", REGULAR),
        ("./repo/backend/app/same.py", b"", link),
        ("./repo/.venv/bin/python", b"", made),
        ("./repo/backend/.env", b"SECRET=1", REGULAR),
    )
    app = bring(archive, tmp_path / "target", SMALL)
    assert app == tmp_path / "target" / "repo"
    assert read_all(app) == {MAIN: b"app = 1", "backend/app/same.py": b"app = 1"}
    assert not (app / "backend/.env").exists()
    assert not (app / ".venv").exists()


def test_zip_of_windows_is_brought(tmp_path):
    archive = make_zip(tmp_path / "ada.zip", (MAIN.replace("/", "\\"), b"app = 1", 0))
    assert read_all(bring(archive, tmp_path / "target", SMALL)) == {MAIN: b"app = 1"}


def test_folder_is_brought_without_its_links_out(tmp_path):
    app = tmp_path / "ada"
    (app / "backend" / "app").mkdir(parents=True)
    (app / MAIN).write_text("app = 1")
    (app / "backend" / "passwd").symlink_to("/etc/passwd")
    brought = bring(app, tmp_path / "target", SMALL)
    assert [path.name for path in brought.rglob("*") if path.is_file()] == ["main.py"]


@pytest.fixture
def repository(tmp_path):
    """A git repository with an app in it, and another branch."""
    folder = tmp_path / "repository"
    (folder / "backend/app").mkdir(parents=True)
    (folder / MAIN).write_text("app = 1")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        (*who, "commit", "-qm", "one"),
        ("branch", "handed-in"),
    ):
        subprocess.run(["git", "-C", folder, *command], check=True, capture_output=True)
    return folder


def test_bundle_is_brought(repository, tmp_path):
    command = ("bundle", "create", "-q", tmp_path / "ada.bundle", "HEAD", "main")
    subprocess.run(["git", "-C", repository, *command], check=True, capture_output=True)
    brought = bring(tmp_path / "ada.bundle", tmp_path / "target", SMALL)
    assert read_all(brought) == {MAIN: b"app = 1"}


@pytest.fixture
def files_are_fetched(monkeypatch):
    """Fetch from this machine, as no grader does."""
    monkeypatch.setattr(fetch, "PROTOCOLS", "file")
    monkeypatch.setattr(fetch, "ADDRESS", re.compile("file:.*"))


@pytest.fixture
def bomb(repository):
    """A repository of a few kilobytes that stands for 10 MB of files."""
    git = ("git", "-C", repository)

    def make(*command, text=""):
        done = subprocess.run(
            [*git, *command], input=text, text=True, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.strip()

    content, kind = make("hash-object", "-w", "--stdin", text="0" * 9999), "100644 blob"
    for _ in range(3):
        entries = "".join(f"{kind} {content}\t{number}\n" for number in range(10))
        content, kind = make("mktree", text=entries), "040000 tree"
    who = ("-c", "user.name=Eve", "-c", "user.email=eve@example.com")
    make("update-ref", "refs/heads/main", make(*who, "commit-tree", content, "-m", "one"))
    return repository


def test_bundle_that_is_a_bomb_is_refused_as_it_is_read(bomb, tmp_path):
    command = ("bundle", "create", "-q", tmp_path / "eve.bundle", "HEAD", "main")
    subprocess.run(["git", "-C", bomb, *command], check=True, capture_output=True)
    assert (tmp_path / "eve.bundle").stat().st_size < 9999
    with pytest.raises(Refusal, match="more than 20 times its size"):
        bring(tmp_path / "eve.bundle", tmp_path / "target", SMALL)


@pytest.mark.usefixtures("files_are_fetched")
def test_repository_that_is_a_bomb_is_kept_in_part_and_refused(bomb, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "LARGEST", SMALL.packed)
    fetch.fetch(fetch.Repository("eve", bomb.as_uri(), ""), tmp_path / "eve.tar")
    assert (tmp_path / "eve.tar").stat().st_size == SMALL.packed + 1
    with pytest.raises(Refusal, match="the archive has more than"):
        bring(tmp_path / "eve.tar", tmp_path / "target", SMALL)


@pytest.fixture
def git_is(monkeypatch):
    """Run some Python in the place of git."""

    def replace_git(code):
        monkeypatch.setattr(bundles, "make_command", lambda *_: [sys.executable, "-c", code])

    return replace_git


def test_git_that_takes_too_long_is_told_as_such(git_is, tmp_path, monkeypatch):
    git_is("import time; print('a part', flush=True); time.sleep(60)")
    monkeypatch.setattr(bundles, "LONGEST_GIT", 0.5)
    with (
        pytest.raises(Refusal, match="git does not get done with it"),
        bundles.open_tree(tmp_path, "HEAD") as stream,
    ):
        stream.read()


def test_git_that_is_cut_off_may_end_with_any_code(git_is, tmp_path):
    git_is("print('much' * 99999)")  # Python ends with a code, as git does on Windows
    with bundles.open_tree(tmp_path, "HEAD") as stream:
        stream.read(1)
    with pytest.raises(Refusal, match="the limit"):
        pass_limit(tmp_path)


def pass_limit(repository):
    """Refuse what git says after the first byte."""
    with bundles.open_tree(repository, "HEAD") as stream:
        stream.read(1)
        raise Refusal("the limit")


def test_bundle_without_a_head_is_told_in_the_words_of_git(repository, tmp_path):
    command = ("bundle", "create", "-q", tmp_path / "ada.bundle", "handed-in")
    subprocess.run(["git", "-C", repository, *command], check=True, capture_output=True)
    with pytest.raises(Refusal, match=r"git cannot read it: .*HEAD"):
        bring(tmp_path / "ada.bundle", tmp_path / "target", SMALL)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_programs_that_read_what_is_hostile_write_no_endless_file(tmp_path):
    copy = "import sys; open(sys.argv[1], 'wb').truncate(1 << 29)"
    command = [sys.executable, "-c", copy, tmp_path / "x"]
    with limited(), pytest.raises(subprocess.CalledProcessError):
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    subprocess.run(command, check=True)


@pytest.mark.usefixtures("files_are_fetched")
@pytest.mark.parametrize("commit", ["", "handed-in"])
def test_repository_is_fetched_once(commit, repository, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(f"submission,url,commit\nada,{repository.as_uri()},{commit}\n")
    (path,) = fetch.fetch_submissions(file, tmp_path / "fetched").values()
    before = path.read_bytes()
    shutil.rmtree(repository)
    assert fetch.fetch_submissions(file, tmp_path / "fetched") == {"ada": path}
    assert path.read_bytes() == before
    assert read_all(bring(path, tmp_path / "target", SMALL)) == {MAIN: b"app = 1"}


@pytest.fixture
def fetch_list(repository, tmp_path):
    """Fetch what the lines of a list name; URL in them stands for the repository."""

    def fetch_lines(*lines):
        text = "\n".join(["submission,url,commit", *lines])
        (tmp_path / "list.csv").write_text(text.replace("URL", repository.as_uri()))
        return fetch.fetch_submissions(tmp_path / "list.csv", tmp_path / "fetched")

    return fetch_lines


def push(repository):
    """Do as somebody who goes on working after the deadline."""
    (repository / MAIN).write_text("app = 2")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    subprocess.run(["git", "-C", repository, *who, "commit", "-qam", "two"], check=True)


@pytest.mark.usefixtures("files_are_fetched")
def test_list_that_was_corrected_is_followed(fetch_list):
    found = [
        [path.name for path in fetch_list(*lines).values()]
        for lines in (("ada,URL,", "bo,URL,"), ("ada,URL,none",), ("ada,URL,handed-in",))
    ]
    assert found == [["ada.tar", "bo.tar"], ["ada.unfetched"], ["ada.tar"]]


@pytest.mark.usefixtures("files_are_fetched")
def test_what_a_shorter_list_does_not_name_is_kept(fetch_list, repository):
    before = fetch_list("ada,URL,", "bo,URL,")["bo"].read_bytes()
    assert list(fetch_list("ada,URL,")) == ["ada"]
    push(repository)
    assert fetch_list("ada,URL,", "bo,URL,")["bo"].read_bytes() == before


@pytest.mark.usefixtures("files_are_fetched")
def test_archive_of_an_older_grader_is_not_fetched_again(fetch_list, repository):
    path = fetch_list("ada,URL,")["ada"]
    before = path.read_bytes()
    path.with_suffix(fetch.ORIGIN).unlink()
    push(repository)
    assert fetch_list("ada,URL,")["ada"].read_bytes() == before
    assert fetch_list("ada,URL,main")["ada"].read_bytes() != before


@pytest.mark.usefixtures("files_are_fetched")
def test_archive_is_replaced_by_a_whole_one_only(fetch_list, repository):
    before = fetch_list("ada,URL,")["ada"].read_bytes()
    assert fetch_list("ada,URL,none")["ada"].name == "ada.unfetched"
    push(repository)
    assert fetch_list("ada,URL,")["ada"].read_bytes() == before
    assert fetch_list("ada,URL,main")["ada"].read_bytes() != before


@pytest.mark.usefixtures("files_are_fetched")
def test_fetching_that_was_stopped_leaves_no_part_of_an_archive(repository, tmp_path, monkeypatch):
    def stop(_stream, file, _most):
        file.write(b"a part")
        raise KeyboardInterrupt

    file, folder = tmp_path / "list.csv", tmp_path / "fetched"
    file.write_text(f"submission,url\nada,{repository.as_uri()}\n")
    with monkeypatch.context() as patch:
        patch.setattr(fetch, "copy_start", stop)
        with pytest.raises(KeyboardInterrupt):
            fetch.fetch_submissions(file, folder)
    assert [path.name for path in folder.iterdir()] == ["ada.origin"]
    fetch.fetch_submissions(file, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["ada.origin", "ada.tar"]


@pytest.mark.usefixtures("files_are_fetched")
def test_fetching_that_was_stopped_after_an_archive_goes_on(repository, tmp_path):
    file, folder = tmp_path / "list.csv", tmp_path / "fetched"
    file.write_text(f"submission,url\nada,{repository.as_uri()}\n")
    fetch.fetch_submissions(file, folder)
    (folder / "ada.unfetched").write_text("the reason of an earlier start")
    assert fetch.fetch_submissions(file, folder) == {"ada": folder / "ada.tar"}
    assert not (folder / "ada.unfetched").exists()


@pytest.mark.parametrize("first", ["\u00e9", "\u00c9"])
def test_list_that_names_somebody_twice_is_bad_usage(tmp_path, first):
    lines = (f"{name},https://example.com/x" for name in (first, "e\u0301"))
    file = tmp_path / "list.csv"
    file.write_text("\n".join(["submission,url", *lines]), encoding="utf-8")
    with pytest.raises(UsageError, match="line 3: é is there twice"):
        fetch.fetch_submissions(file, tmp_path / "fetched")


def test_list_that_names_nobody_is_bad_usage(fetch_list):
    with pytest.raises(UsageError, match="names no repository"):
        fetch_list()


def test_repository_that_cannot_be_fetched_is_an_error(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("submission,url\nada,https://127.0.0.1:9/ada.git\n")
    fetched = fetch.fetch_submissions(file, tmp_path / "fetched")
    with pytest.raises(ProbeError, match="could not be fetched"):
        bring(fetched["ada"], tmp_path / "target", SMALL)


@pytest.mark.parametrize(
    "line",
    [
        "ada,file:///etc",
        "ada,--upload-pack=evil",
        "ada,ext::sh -c evil",
        "../ada,https://example.com/x",
        ".ada,https://example.com/x",
        "ada,https://example.com/x,--evil",
        "ada,",
    ],
)
def test_odd_address_is_refused_before_git_sees_it(line, tmp_path):
    (tmp_path / "list.csv").write_text(f"submission,url,commit\n{line}\n")
    with pytest.raises(UsageError, match="line 2"):
        fetch.fetch_submissions(tmp_path / "list.csv", tmp_path / "fetched")


def test_archive_that_the_grader_cannot_read_is_an_error(tmp_path, monkeypatch):
    with pytest.raises(ProbeError, match=r"ada\.zip cannot be read"):
        bring(tmp_path / "ada.zip", tmp_path / "target", SMALL)
    archive = make_zip(tmp_path / "ada.zip", (MAIN, b"app = 1", FILE))
    whole = hash_submission(Submission("ada", archive))
    monkeypatch.setattr("checker.grading.submissions.add_file", refuse_reading)
    assert hash_submission(Submission("ada", archive)) != whole


def refuse_reading(*_):
    """Do as a file that somebody else has."""
    raise PermissionError


def test_submissions_are_found_and_named(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "ada")
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden").mkdir()
    for name in ("Bo.TAR.GZ", "x.unfetched", "eve\x1b[2J.zip"):
        (tmp_path / name).touch()
    names = [submission.name for submission in find_submissions(tmp_path)]
    assert names == ["Bo", "ada", "eve\\x1b[2J"]


def test_long_names_stay_apart_and_are_those_of_the_roster(tmp_path):
    names = [f"{'a' * 90}{end}" for end in ("1", "2", "e\u0301")]
    for name in names:
        (tmp_path / "in" / name).mkdir(parents=True)
    found = [submission.name for submission in find_submissions(tmp_path / "in")]
    assert found == [f"{'a' * 90}{end}" for end in ("1", "2", "é")]
    (tmp_path / "roster.csv").write_text("\n".join(["submission", *names]), encoding="utf-8")
    assert list(read_roster(tmp_path / "roster.csv")) == found


@pytest.mark.parametrize(
    "names",
    [("ada.zip", "ada.tar"), ("ada.zip", "ada.TAR"), ("\u00e9.zip", "e\u0301.zip")],
)
def test_two_submissions_of_one_name_are_bad_usage(names, tmp_path):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match="of one name"):
        find_submissions(tmp_path)


def test_folder_without_submissions_is_bad_usage(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError):
            find_submissions(folder)


def test_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "iterdir", refuse_reading)
    with pytest.raises(UsageError, match="cannot be read"):
        find_submissions(tmp_path)


def test_same_files_have_the_same_hash(tmp_path):
    for name, text in (("one", "1"), ("two", "1"), ("three", "2")):
        (tmp_path / name / "backend").mkdir(parents=True)
        (tmp_path / name / "backend" / "x.py").write_text(text)
        (tmp_path / name / "node_modules").mkdir()
        (tmp_path / name / "node_modules" / "y").write_text(name)
    hashes = {s.name: hash_submission(s) for s in find_submissions(tmp_path)}
    assert hashes["one"] == hashes["two"] != hashes["three"]


def test_archive_that_is_read_in_another_way_has_another_hash(tmp_path):
    archive = make_tar(tmp_path / "ada.tar", (MAIN, b"app = 1", REGULAR))
    before = hash_submission(Submission("ada", archive))
    assert hash_submission(Submission("ada", archive.rename(tmp_path / "bo.TAR"))) == before
    assert hash_submission(Submission("ada", shutil.copy(tmp_path / "bo.TAR", archive))) == before
    renamed = archive.rename(tmp_path / "ada.zip")
    assert hash_submission(Submission("ada", renamed)) != before


@pytest.mark.skipif(not MAKES_LINKS, reason="links to folders are left out here")
def test_link_to_another_folder_gives_another_hash(tmp_path):
    hashes = []
    for name, target in (("one", "new"), ("two", "old"), ("three", "new")):
        for folder in ("new", "old"):
            (tmp_path / name / "backend" / folder).mkdir(parents=True)
        (tmp_path / name / "backend" / "app").symlink_to(target)
        hashes.append(hash_submission(Submission(name, tmp_path / name)))
    assert hashes[0] == hashes[2] != hashes[1]


def test_roster_is_read(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(
        "\ufeffsubmission,name,submitted_at,shoe size\n"
        "ada,Ada Lovelace,2026-12-01T12:00:00+01:00,37\nbo,,,\n",
        encoding="utf-8",
    )
    people = read_roster(file)
    assert people["ada"].name == "Ada Lovelace"
    assert people["ada"].submitted_at.utcoffset().seconds == 3600
    assert people["bo"].submitted_at is None


@pytest.mark.parametrize(
    "text",
    [
        "name\nAda\n",
        "submission\nada\nada\n",
        "submission,submitted_at\nada,yesterday\n",
        "submission,submitted_at\nada,2026-12-01T12:00:00\n",
    ],
)
def test_roster_that_cannot_be_used_is_told(text, tmp_path):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(UsageError, match="roster"):
        read_roster(tmp_path / "roster.csv")


def test_roster_that_is_missing_or_no_text_is_told(tmp_path):
    (tmp_path / "odd.csv").write_bytes(b"submission\n\xff\xfe\n")
    for file in (tmp_path / "none.csv", tmp_path / "odd.csv"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_roster(file)


def test_paths_of_a_roster_are_no_paths(tmp_path):
    (tmp_path / "roster.csv").write_text("submission\n../../etc\n")
    assert read_roster(tmp_path / "roster.csv")["../../etc"].id == ""
    assert not Path(tmp_path / "etc").exists()
