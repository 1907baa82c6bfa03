import os

_env = os.environ.get
DATABASE_URL = _env("DATABASE_URL", "")
SECRET = _env("BETTER_AUTH_SECRET", "")
MINUTES = int(_env("ACCESS_TOKEN_MINUTES", "60"))
ROUNDS = int(_env("BCRYPT_ROUNDS", "12"))
ORIGINS = [o for o in map(str.strip, _env("CORS_ORIGINS", "http://localhost:3000").split(",")) if o]


def check():
    problems = []
    if len(SECRET.encode()) < 32:
        problems.append("BETTER_AUTH_SECRET is missing or has fewer than 32 bytes")
    if ROUNDS < 4:
        problems.append("BCRYPT_ROUNDS is less than 4")
    if "*" in ORIGINS:
        problems.append("CORS_ORIGINS is *, which would let everybody in")
    if problems:
        raise SystemExit("; ".join(problems))
