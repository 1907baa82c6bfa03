import sqlite3
from datetime import UTC, datetime
from threading import Lock
from uuid import uuid4

SCHEMA = """
CREATE TABLE user (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hashed_password BLOB NOT NULL,
    created_at TEXT NOT NULL
)
"""
ADD = "INSERT INTO user VALUES (:id, :email, :name, :hashed_password, :created_at)"


class EmailTaken(Exception):
    pass


class Database:
    def __init__(self):
        self.connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute(SCHEMA)
        self.lock = Lock()

    def add(self, email: str, name: str, hashed_password: bytes) -> dict:
        row = {
            "id": str(uuid4()),
            "email": email,
            "name": name,
            "hashed_password": hashed_password,
            "created_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        try:
            with self.lock, self.connection as connection:
                connection.execute(ADD, row)
        except sqlite3.IntegrityError as error:
            raise EmailTaken from error
        return row

    def by_email(self, email: str) -> sqlite3.Row | None:
        return self.one("SELECT * FROM user WHERE email = ?", email)

    def by_id(self, user_id: str) -> sqlite3.Row | None:
        return self.one("SELECT * FROM user WHERE id = ?", user_id)

    def one(self, query: str, value: str) -> sqlite3.Row | None:
        with self.lock:
            return self.connection.execute(query, (value,)).fetchone()
