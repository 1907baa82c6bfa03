from starlette.config import Config
from starlette.datastructures import CommaSeparatedStrings

config = Config()
listed = config("CORS_ORIGINS", cast=CommaSeparatedStrings, default="http://localhost:3000")
ORIGINS = frozenset(origin.rstrip("/") for origin in listed) - {"*", ""}
