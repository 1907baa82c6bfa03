from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import OAuth2PasswordRequestForm

from app.middleware.context import Unauthorized, current, unit
from app.models.messages import Present, Register


class AccountsApi:
    def __init__(self) -> None:
        self.router = APIRouter(prefix="/api/auth")
        self.router.post("/register", status_code=201)(self.register)
        self.router.post("/token")(self.token)
        self.router.get("/me")(self.me)

    def register(self, message: Register, request: Request, unit=Depends(unit)) -> dict:
        account = unit.accounts.add(
            email=message.email,
            name=message.name,
            hashed_password=request.app.state.passwords.hash(message.password),
        )
        if account is None:
            raise HTTPException(409, "taken")
        answer = Present.account(account)
        unit.commit()
        return answer

    def token(
        self, request: Request, form: OAuth2PasswordRequestForm = Depends(), unit=Depends(unit)
    ) -> dict:
        account = unit.accounts.by_email(form.username.strip().lower().replace("\0", "?"))
        if not request.app.state.passwords.fits(form.password, account):
            raise Unauthorized
        tokens = request.app.state.tokens
        answer = {"access_token": tokens.issue(account), "expires_in": tokens.seconds}
        return answer | {"token_type": "bearer"}

    def me(self, account=Depends(current)) -> dict:
        return Present.account(account)
