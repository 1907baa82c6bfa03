"""Tasks: one's own, and nobody else's."""

from uuid import uuid4

import pytest


@pytest.fixture
def me(sign_up):
    return sign_up()


@pytest.fixture
def task(client, me):
    return client.post("/api/tasks", json={"title": " buy milk "}, headers=me).json()


def test_create_task(client, me):
    answer = client.post("/api/tasks", json={"title": " buy milk "}, headers=me)
    assert answer.status_code == 201
    assert answer.json()["title"] == "buy milk"
    assert answer.json()["status"] == "pending"
    assert client.get(answer.headers["Location"], headers=me).json() == answer.json()


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "x" * 201}, {"status": "done"}])
def test_create_task_refuses(client, me, wrong):
    answer = client.post("/api/tasks", json={"title": "buy milk"} | wrong, headers=me)
    assert answer.status_code == 422


def test_list_tasks_newest_first_by_pages(client, me):
    for title in ("one", "two", "three"):
        client.post("/api/tasks", json={"title": title}, headers=me)
    page = client.get("/api/tasks?limit=2&offset=1", headers=me).json()
    assert [item["title"] for item in page["items"]] == ["two", "one"]
    assert page["total"] == 3


def test_change_task_leaves_the_rest(client, me, task):
    path = f"/api/tasks/{task['id']}"
    changed = client.patch(path, json={"status": "completed"}, headers=me).json()
    assert changed["status"] == "completed"
    assert changed["title"] == task["title"]
    assert changed["updated_at"] > task["updated_at"]


def test_delete_task(client, me, task):
    path = f"/api/tasks/{task['id']}"
    assert client.delete(path, headers=me).status_code == 204
    assert client.get(path, headers=me).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_task_of_somebody_else_is_as_good_as_none(client, sign_up, task, method):
    other, body = sign_up(), {"title": "mine now"} if method == "PATCH" else None
    theirs, none = (
        client.request(method, f"/api/tasks/{task_id}", json=body, headers=other)
        for task_id in (task["id"], uuid4())
    )
    assert theirs.status_code == none.status_code == 404
    assert theirs.json()["detail"] == none.json()["detail"]


def test_tasks_need_a_token(client):
    assert client.get("/api/tasks").status_code == 401
