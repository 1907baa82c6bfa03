from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "service": request.app.title})


ROUTES = [Route("/health", health, methods=["GET", "HEAD"])]
