"""Environment variables, each with its rule."""

from os import environ

problems: list[str] = []


def read(name, default, parse):
    value = environ.get(name) or default
    try:
        return parse(value)
    except ValueError as error:
        problems.append(f"{name}: {error}")


def secret(value):
    if len(value.encode()) < 32:
        raise ValueError("32 bytes or more, please")
    return value


def at_least(least):
    def parse(value):
        if int(value) < least:
            raise ValueError(f"{least} or more, please")
        return int(value)

    return parse


def origins(value):
    found = {origin.strip() for origin in value.split(",")}
    if "*" in found:
        raise ValueError("name the origins one by one, please")
    return found


SECRET = read("BETTER_AUTH_SECRET", "", secret)
MINUTES = read("ACCESS_TOKEN_MINUTES", "60", at_least(1))
ROUNDS = read("BCRYPT_ROUNDS", "12", at_least(4))
ORIGINS = read("CORS_ORIGINS", "http://localhost:3000", origins)

if problems:
    raise SystemExit("\n".join(problems))
