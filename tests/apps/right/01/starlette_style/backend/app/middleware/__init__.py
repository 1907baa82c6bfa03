from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app.settings import ORIGINS

MIDDLEWARE = [
    Middleware(
        CORSMiddleware,
        allow_origins=list(ORIGINS),
        allow_credentials=True,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=("Authorization", "Content-Type"),
        max_age=3600,
    )
]
