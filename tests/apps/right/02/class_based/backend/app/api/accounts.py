from __future__ import annotations

import json

from fastapi import FastAPI, Request, Response
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from app.errors import Invalid, Unauthorized
from app.models.registration import Registration
from app.services.accounts import AccountService


class AccountRoutes:
    def __init__(self, accounts: AccountService) -> None:
        self._accounts = accounts
        self._bearer = HTTPBearer(auto_error=False)

    def mount(self, app: FastAPI, prefix: str) -> None:
        app.add_api_route(f"{prefix}/register", self.register, methods=["POST"])
        app.add_api_route(f"{prefix}/token", self.token, methods=["POST"])
        app.add_api_route(f"{prefix}/me", self.me, methods=["GET"])

    async def register(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise Invalid("The body is not JSON.") from None
        registration = Registration.parse(body)
        user = await run_in_threadpool(self._accounts.register, registration)
        return self._json(user.to_json(), 201)

    async def token(self, request: Request) -> Response:
        async with request.form() as form:
            email, password = form.get("username"), form.get("password")
        if not isinstance(email, str) or not isinstance(password, str):
            raise Invalid("A form with username and password is needed.")
        token, seconds = await run_in_threadpool(self._accounts.sign_in, email, password)
        return self._json(
            {"token_type": "bearer", "expires_in": seconds, "access_token": token}, 200
        )

    async def me(self, request: Request) -> Response:
        credentials = await self._bearer(request)
        if credentials is None:
            raise Unauthorized
        return self._json(self._accounts.identify(credentials.credentials).to_json(), 200)

    @staticmethod
    def _json(body: dict[str, object], status: int) -> Response:
        return Response(json.dumps(body), status, media_type="application/json")
