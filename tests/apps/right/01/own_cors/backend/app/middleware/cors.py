"""The CORS protocol by hand (https://fetch.spec.whatwg.org/#http-cors-protocol)."""


class Cors:
    def __init__(self, app, origins):
        self.app = app
        self.origins = {origin.encode("latin-1") for origin in origins}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        sent = dict(scope["headers"])
        origin = sent.get(b"origin")
        grant = [(b"vary", b"origin")]
        if origin in self.origins:
            grant += [
                (b"access-control-allow-origin", origin),
                (b"access-control-allow-credentials", b"true"),
            ]
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in sent:
            return await self.answer_preflight(grant, send)

        async def send_with_grant(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *grant]
            await send(message)

        return await self.app(scope, receive, send_with_grant)

    async def answer_preflight(self, grant, send):
        if len(grant) == 1:
            await send({"type": "http.response.start", "status": 403, "headers": grant})
            return await send({"type": "http.response.body", "body": b"no"})
        headers = [
            *grant,
            (b"access-control-allow-methods", b"GET,POST,PUT,PATCH,DELETE"),
            (b"access-control-allow-headers", b"authorization,content-type,x-request-id"),
            (b"access-control-max-age", b"600"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        return await send({"type": "http.response.body", "body": b""})
