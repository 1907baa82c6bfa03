"""Say in the API's description which problems a route may answer with."""

from http import HTTPStatus
from typing import Any

from app.middleware.errors import PROBLEM_TYPE


def describe_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a router: /docs shows them beside the successes."""
    statuses = (*statuses, HTTPStatus.SERVICE_UNAVAILABLE)  # what needs the database
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {PROBLEM_TYPE: {}}}
        for status in statuses
    }
