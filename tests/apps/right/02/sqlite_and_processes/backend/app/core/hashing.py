"""bcrypt in processes of its own. What a worker runs must be a function that it can import."""

import asyncio
from concurrent.futures import ProcessPoolExecutor

import bcrypt

LIMIT = 72


def make_hash(password: bytes, rounds: int) -> bytes:
    return bcrypt.hashpw(password, bcrypt.gensalt(rounds))


def has_hash(password: bytes, hashed: bytes) -> bool:
    return bcrypt.checkpw(password, hashed)


class Hasher:
    def __init__(self, rounds: int):
        self.rounds = rounds
        self.pool = ProcessPoolExecutor(max_workers=2)

    async def run(self, function, *arguments):
        return await asyncio.get_running_loop().run_in_executor(self.pool, function, *arguments)

    async def hash(self, password: str) -> bytes:
        return await self.run(make_hash, password.encode(), self.rounds)

    async def check(self, password: str, hashed: bytes | None) -> bool:
        given = password.encode()
        if hashed is None:  # nobody of this name: work as long, and say no
            await self.run(make_hash, given[:LIMIT], self.rounds)
            return False
        return await self.run(has_hash, given[:LIMIT], hashed) and len(given) <= LIMIT

    def close(self):
        self.pool.shutdown(cancel_futures=True)
