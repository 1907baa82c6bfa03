"""L1.6: others get the same packages, and nobody gets a secret."""

import re

from packaging.requirements import InvalidRequirement, Requirement

from checker.checks.declare import check
from checker.checks.expect import expect
from checker.probes.project import Project
from checker.probes.requirements import strip_line
from checker.probes.submission import is_secret_file

KEY = re.compile(
    r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}|\bhf_[A-Za-z0-9]{30,}|\bgh[pousr]_[A-Za-z0-9]{36,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{50,}"
    r"|\bAKIA[0-9A-Z]{16}\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)


@check("L1.6", points=1)
def test_requirements_are_pinned(project: Project) -> None:
    """Every package in backend/requirements.txt has an exact version."""
    text = project.requirements
    loose = [line for line in (text or "").splitlines() if not is_pinned(line)]
    expect(
        text is not None and bool(text.strip()) and not loose,
        expected="name==version on every line of backend/requirements.txt",
        got=", ".join(loose[:5]) if loose else "no such file, or an empty one",
        next_step="Write the exact version behind each name, as in fastapi==0.165.0.",
    )


@check("L1.6", points=1)
def test_secrets_are_ignored(project: Project) -> None:
    """Git leaves out .env and virtual environments, and carries .env.example."""
    secret = ("backend/.env", "backend/.venv/", "backend/.venv/pyvenv.cfg", *project.secret_files)
    carried = [path for path in secret if not project.is_ignored(path)]
    if "backend/.venv/" not in carried and "backend/.venv/pyvenv.cfg" in carried:
        carried.remove("backend/.venv/pyvenv.cfg")
    expect(
        not carried,
        expected=".gitignore to leave out backend/.env, its variants and backend/.venv/",
        got=f"git would carry {', '.join(dict.fromkeys(carried))}",
        next_step="Give .env, .env.* and .venv/ a line each in .gitignore, with no comment on it.",
    )
    tracked = [path for path in project.tracked if is_secret_file(path.rpartition("/")[2])]
    expect(
        not tracked,
        expected="git to carry no .env",
        got=f"git carries {', '.join(tracked)} already: .gitignore does not change that",
        next_step=f"Run git rm --cached {' '.join(tracked)}, commit, and make new keys.",
    )
    expect(
        not project.is_ignored("backend/.env.example"),
        expected="git to carry backend/.env.example, which shows others what to fill in",
        got="a rule in .gitignore that leaves it out",
        next_step="Add the line !.env.example behind the rule that leaves out .env.",
    )
    expect(
        project.has("backend/.env.example"),
        expected="a file backend/.env.example, which shows others what to fill in",
        got="no such file",
        next_step="Write it: every variable that the app reads, and no real value of a secret.",
    )


@check("L1.6", points=1, needs=("secrets_are_ignored",))
def test_no_secret_in_files(project: Project) -> None:
    """No file that git carries holds a key."""
    for name, text in project.texts.items():
        if project.is_ignored(name):
            continue
        expect(
            not any(is_random(found[0]) for found in KEY.finditer(text)),
            expected="no key in a file that git carries",
            got=f"something that looks like a key in {name}",
            next_step=(
                "Move it to backend/.env, which git leaves out, and make a new key: "
                "the old one is no secret any more."
            ),
        )


def is_random(key: str) -> bool:
    """Tell a key from a placeholder such as sk-xxxx… or sk-your-key-goes-here."""
    if key.startswith("-----"):
        return True
    is_varied = any(c.isdigit() for c in key) or not (key.islower() or key.isupper())
    return "EXAMPLE" not in key and len(set(key)) > 10 and is_varied


def is_pinned(line: str) -> bool:
    """Tell whether a line of requirements.txt names no package, or one with its exact version."""
    bare = strip_line(line)
    if not bare or bare.startswith("--hash"):
        return True
    try:
        requirement = Requirement(bare)
    except InvalidRequirement:
        return False
    return any(s.operator in {"==", "==="} and s.version[-1] != "*" for s in requirement.specifier)
