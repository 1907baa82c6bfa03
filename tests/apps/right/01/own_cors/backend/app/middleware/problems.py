import orjson
from fastapi import Response
from starlette.exceptions import HTTPException

WORDS = {404: "There is nothing at this address.", 405: "This address does not take that method."}


async def answer_problem(request, error: HTTPException):
    problem = {
        "title": error.detail,
        "status": error.status_code,
        "detail": WORDS.get(error.status_code, error.detail),
        "instance": request.url.path,
    }
    return Response(
        orjson.dumps(problem), error.status_code, error.headers, "application/problem+json"
    )
