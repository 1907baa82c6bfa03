from fastapi.responses import JSONResponse

from app.api.auth import NotSignedIn
from app.core.database import EmailTaken
from app.core.jwt import BadToken


def refuse(_request, _error):
    return JSONResponse(
        {"detail": "You are not signed in."}, 401, {"WWW-Authenticate": 'Bearer realm="taskboard"'}
    )


def taken(_request, _error):
    return JSONResponse({"detail": "This address is in use."}, 409)


HANDLERS = {NotSignedIn: refuse, BadToken: refuse, EmailTaken: taken}
