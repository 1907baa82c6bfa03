from typing import Annotated, Literal

from pydantic import BaseModel, EmailStr, StringConstraints, model_validator

Status = Literal["pending", "in_progress", "completed"]
NO_NUL = r"^[^\x00]*$"
Title = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=NO_NUL)
]
Description = Annotated[str, StringConstraints(pattern=NO_NUL)]


class Register(BaseModel):
    email: EmailStr
    password: Annotated[str, StringConstraints(min_length=8)]
    name: Annotated[str, StringConstraints(pattern=NO_NUL, max_length=80)] = ""

    @model_validator(mode="before")
    @classmethod
    def strip(cls, body):
        if isinstance(body, dict) and isinstance(body.get("email"), str):
            return body | {"email": body["email"].strip().lower()}
        return body

    @model_validator(mode="after")
    def fits_bcrypt(self):
        if len(self.password.encode()) > 72:
            raise ValueError("72 bytes at most")
        return self


class TaskIn(BaseModel):
    title: Title
    description: Description | None = None
    status: Status = "pending"


class TaskPatch(BaseModel):
    title: Title = ""
    description: Description | None = None
    status: Status = "pending"
