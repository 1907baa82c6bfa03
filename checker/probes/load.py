"""Send many requests at once, with as little work on our side as possible."""

import asyncio

from checker.probes.http import LONGEST_ANSWER, Request


def send_many(port: int, request: Request, number: int, at_once: int) -> list[int]:
    """Send one request many times, and return the statuses of the answers.

    Args:
        port: Of the app, on 127.0.0.1.
        request: What is sent.
        number: How many times.
        at_once: How many are under way at a time.

    Returns:
        One status for each request; 0 stands for no answer, or none that is HTTP.
    """
    return asyncio.run(send_all(port, encode(request), number, at_once))


async def send_all(port: int, message: bytes, number: int, at_once: int) -> list[int]:
    """Send a message so many times, each over a connection of its own."""
    gate = asyncio.Semaphore(at_once)

    async def send_one() -> int:
        async with gate:
            try:
                return await asyncio.wait_for(exchange(port, message), LONGEST_ANSWER)
            except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
                return 0

    return list(await asyncio.gather(*(send_one() for _ in range(number))))


async def exchange(port: int, message: bytes) -> int:
    """Send a message, read the answer to its end, and return its status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(message)
        status_line = await reader.readline()
        while await reader.read(65536):
            pass
        return int(status_line.split()[1])
    except IndexError:
        return 0
    finally:
        writer.close()


def encode(request: Request) -> bytes:
    """Return a request as HTTP/1.1, with a connection that ends with the answer (RFC 9112)."""
    headers = {"Host": "localhost", "Connection": "close", **request.headers}
    headers["Content-Length"] = str(len(request.body))
    lines = [f"{request.method} {request.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + request.body
