"""Name the cause that an app's output gives away, where the output itself does not name it."""

import re

FRAME = 'File "'
NO_RETURN = (
    "A function returned None where the answer needs an object: is a return missing, or was "
    "something not found and nobody asked?"
)
SHARED_SESSION = (
    "ResourceClosedError|PendingRollbackError|concurrent operations are not permitted"
    "|This transaction is closed|another operation is in progress"
)
AWAY = (
    r"OperationalError[^\n]*(?:refused|does not answer)|ConnectionRefusedError|DatabaseUnsetError"
)
ONE_SESSION_EACH = (
    "One session serves several requests at once. Let get_session open one for each: "
    "with Session(engine) as session: yield session"
)
NO_HANDLER = (
    "The database is away, or nobody has named one, and nothing makes a 503 of this exception: "
    "register a handler for it, in backend/app/middleware/storage.py."
)
SYMPTOMS = (
    (
        re.compile(r"<{7} |>{7} "),
        "Marks of a git conflict stand in that file: keep what you want, delete the marks.",
    ),
    (
        re.compile(r"No module named '?backend\b"),
        "uvicorn starts in backend/: import from app.…, not from backend.app.…",
    ),
    (
        re.compile(r"No module named '?(?!app\b)(?P<name>\w+)"),
        "Add the package of {name} to backend/requirements.txt, or mend the import.",
    ),
    (
        re.compile(r'Attribute "(?P<name>\w+)" not found in module'),
        "uvicorn looks for the name {name} in backend/app/main.py: give the application that name.",
    ),
    (
        re.compile(r"'coroutine' object is not an async iterator"),
        "lifespan in backend/app/main.py has lost its yield: put it back.",
    ),
    (re.compile(SHARED_SESSION), ONE_SESSION_EACH),
    (re.compile(AWAY), NO_HANDLER),
    (re.compile(r"ResponseValidationError.*'input': None", re.DOTALL), NO_RETURN),
)
GAVE_NONE = "A library was given None: does a function or a validator of yours end without return?"
# Raised inside a library, with no line of the learner's above it.
FRAMELESS = ((re.compile(r"'NoneType'"), GAVE_NONE),)


def name_cause(log: str) -> str:
    """Return what to do about a known symptom in an app's output, empty when there is none."""
    symptoms = SYMPTOMS if FRAME in log else (*SYMPTOMS, *FRAMELESS)
    for pattern, step in symptoms:
        if found := pattern.search(log):
            return step.format(**found.groupdict())
    return ""
