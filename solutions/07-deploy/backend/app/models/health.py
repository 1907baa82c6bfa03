"""The answer of the health check."""

from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    """The state of the process: there is no other word than ok, a dead one does not answer."""

    status: Literal["ok"]
