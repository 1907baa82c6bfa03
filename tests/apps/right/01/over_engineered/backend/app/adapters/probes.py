from collections.abc import Mapping


class Liveness:
    name = "liveness"

    async def look(self) -> Mapping[str, str]:
        return {"status": "ok"}
