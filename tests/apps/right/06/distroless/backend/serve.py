"""Serve on PORT, or ask whether somebody does: there is no shell that could fill it in."""

import os
import sys
from http.client import HTTPConnection

PORT = int(os.environ.get("PORT", "7860"))


def ask() -> int:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=3)
    connection.request("GET", "/health")
    return int(connection.getresponse().status != 200)


def serve() -> None:
    import uvicorn

    uvicorn.run("app.main:app", host="0.0.0.0", port=PORT, timeout_graceful_shutdown=8)


if __name__ == "__main__":
    sys.exit(ask() if "--ask" in sys.argv else serve())
