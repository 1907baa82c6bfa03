from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Field, model_validator

from app.models.entities import Account, Progress, Task

TEXT = r"^[^\x00]*$"


class Register(BaseModel):
    email: str
    password: str = Field(min_length=8, pattern=TEXT)
    name: str | None = Field(None, max_length=80, pattern=TEXT)

    @model_validator(mode="after")
    def check(self):
        try:
            found = validate_email(self.email.strip(), check_deliverability=False)
        except EmailNotValidError:
            raise ValueError("email is none") from None
        self.email = found.normalized.lower()
        if len(self.password.encode()) > 72:
            raise ValueError("password is too long")
        return self


class ChangeTask(BaseModel):
    title: str = Field("", max_length=200, pattern=TEXT)
    description: str | None = Field(None, pattern=TEXT)
    status: Progress = Progress.pending

    @model_validator(mode="after")
    def check(self):
        if "title" in self.model_fields_set:
            self.title = self.title.strip()
            if not self.title:
                raise ValueError("title is empty")
        return self


class AddTask(ChangeTask):
    title: str = Field(max_length=200, pattern=TEXT)


class Present:
    """Turns entities into what clients get."""

    @staticmethod
    def time(value: datetime) -> str:
        return value.astimezone(UTC).isoformat()

    @classmethod
    def account(cls, account: Account) -> dict:
        return {
            "id": str(account.id),
            "email": account.email,
            "name": account.name,
            "created_at": cls.time(account.created_at),
        }

    @classmethod
    def task(cls, task: Task) -> dict:
        return {
            "id": str(task.id),
            "user_id": str(task.user_id),
            "title": task.title,
            "description": task.description,
            "status": task.status.value,
            "done": task.status is Progress.completed,
            "created_at": cls.time(task.created_at),
            "updated_at": cls.time(task.updated_at),
        }
