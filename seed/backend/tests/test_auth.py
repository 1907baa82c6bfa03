"""Accounts and tokens."""

import jwt
import pytest

ACCOUNT = {"email": "Ada@Example.com", "password": "long enough"}


@pytest.fixture(scope="module", autouse=True)
def registration(client):
    return client.post("/api/auth/register", json=ACCOUNT)


def test_registration_answers_without_the_password(registration):
    assert registration.status_code == 201
    assert set(registration.json()) == {"id", "email", "name", "created_at"}


def test_register_address_taken(client):
    again = ACCOUNT | {"email": " ada@example.com "}
    assert client.post("/api/auth/register", json=again).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"email": "ada"}, {"password": "short"}, {"password": "\N{SNOWMAN}" * 25}]
)
def test_register_refuses(client, wrong):
    account = {"email": "new@example.com", "password": "long enough"} | wrong
    assert client.post("/api/auth/register", json=account).status_code == 422


def test_sign_in_tells_nobody_which_part_was_wrong(client):
    answers = [
        client.post("/api/auth/token", data={"username": email, "password": "not this one"})
        for email in ("ada@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


def test_me_is_who_signed_in(client):
    form = {"username": "ada@example.com", "password": ACCOUNT["password"]}
    token = client.post("/api/auth/token", data=form).json()["access_token"]
    me = client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["email"].lower() == "ada@example.com"


@pytest.mark.parametrize(
    "token",
    ["", "no token", jwt.encode({"sub": "ada@example.com"}, "a key of somebody else, 32 bytes")],
)
def test_me_refuses(client, token):
    answer = client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
