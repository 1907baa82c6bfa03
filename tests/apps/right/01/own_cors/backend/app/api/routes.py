from datetime import UTC, datetime

import orjson
from fastapi import FastAPI, Response

STARTED = datetime.now(UTC)


def install(app: FastAPI):
    @app.get("/health")
    async def health():
        body = {"since": STARTED, "status": "ok"}
        return Response(orjson.dumps(body), media_type="application/json")
