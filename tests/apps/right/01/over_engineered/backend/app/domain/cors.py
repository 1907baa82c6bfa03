from dataclasses import dataclass

from app.domain.ports import Environment


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    origins: tuple[str, ...]

    @classmethod
    def load(cls, environment: Environment) -> "CorsPolicy":
        raw = environment.read("CORS_ORIGINS", "http://localhost:3000")
        found = dict.fromkeys(part.strip().rstrip("/") for part in raw.split(","))
        if "*" in found:
            raise SystemExit("CORS_ORIGINS: name the origins one by one, * is not allowed")
        return cls(tuple(origin for origin in found if origin))
