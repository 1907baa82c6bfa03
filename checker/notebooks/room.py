"""What a notebook finds when it runs: the finished app, a database, a model without a key."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from checker.launcher.environment import Environment
from checker.notebooks.books import Book
from checker.paths import CoursePaths
from checker.probes.model.friendly import NAME, FriendlyModel
from checker.probes.postgres.database import open_database
from checker.probes.postgres.server import open_server
from checker.probes.serving import asks_model


@contextmanager
def open_room(book: Book, paths: CoursePaths) -> Iterator[dict[str, str]]:
    """Yield all variables of the kernel; database and model are gone at the end.

    Raises:
        ProbeError: there is no database to be had.
    """
    backend = book.app / "backend"
    with ExitStack() as stack:
        variables = describe_place(backend, paths)
        if (backend / "alembic.ini").is_file():
            server = stack.enter_context(open_server(paths))
            variables["DATABASE_URL"] = stack.enter_context(open_database(server)).url
        if asks_model(backend):
            model = stack.enter_context(FriendlyModel())
            variables |= {"OPENAI_API_KEY": model.key, "OPENAI_BASE_URL": model.url}
            variables["OPENAI_MODEL"] = NAME
        yield os.environ | variables


def describe_place(backend: Path, paths: CoursePaths) -> dict[str, str]:
    """Return the variables that need nothing to be started.

    Settings and kernels that the user has for another Jupyter stay out of it.
    """
    home = paths.cache / "jupyter"
    programs = find_python().parent
    return {
        "BACKEND": f"{backend}",
        "BCRYPT_ROUNDS": "4",
        "BETTER_AUTH_SECRET": secrets.token_urlsafe(48),
        "COURSE": f"{paths.root}",
        "IPYTHONDIR": f"{home / 'ipython'}",
        "JUPYTER_CONFIG_DIR": f"{home / 'config'}",
        "JUPYTER_DATA_DIR": f"{home / 'data'}",
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLCONFIGDIR": f"{home / 'matplotlib'}",
        "PATH": os.pathsep.join([f"{programs}", os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": f"{backend}",
    }


def find_python() -> Path:
    """Return the interpreter of the notebooks' environment."""
    return Environment("notebooks").python
