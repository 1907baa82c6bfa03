from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class User:
    id: UUID
    email: str
    name: str
    hashed_password: str
    created_at: datetime

    def show(self):
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "hashed_password"}
