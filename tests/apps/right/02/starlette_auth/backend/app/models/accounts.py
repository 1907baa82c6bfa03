import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4


@dataclass(frozen=True)
class Account:
    email: str
    name: str
    password: bytes = field(repr=False)
    id: UUID = field(default_factory=uuid4)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def show(self) -> dict[str, str]:
        shown = {"id": str(self.id), "email": self.email, "name": self.name}
        return shown | {"created_at": self.created_at.isoformat()}


class Accounts:
    def __init__(self) -> None:
        self.by_email: dict[str, Account] = {}
        self.by_id: dict[UUID, Account] = {}
        self.lock = threading.RLock()

    def add(self, account: Account) -> bool:
        with self.lock:
            if account.email in self.by_email:
                return False
            self.by_email[account.email] = self.by_id[account.id] = account
            return True


accounts = Accounts()
