"""The service itself: that it runs, what it is ready for, and whom it lets call."""

import pytest


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_service_is_up(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("http://localhost:3000", "http://localhost:3000"), ("https://evil.example", None)],
)
def test_cors_allows_the_listed_origin_only(client, origin, allowed):
    answer = client.get("/health", headers={"Origin": origin})
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed


def test_unknown_path_is_a_problem_in_json(client):
    answer = client.get("/no/such/path")
    assert answer.status_code == 404
    assert answer.json()["detail"]
