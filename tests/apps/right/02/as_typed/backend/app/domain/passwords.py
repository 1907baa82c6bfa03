from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from hmac import compare_digest

from bcrypt import gensalt, hashpw

from app.settings import ROUNDS

MOST_BYTES = 72
threads = ThreadPoolExecutor(4, thread_name_prefix="bcrypt")


async def hash_password(password: str, salt: bytes | None = None) -> bytes:
    salt = salt or gensalt(ROUNDS)
    return await get_running_loop().run_in_executor(threads, hashpw, password.encode(), salt)


async def fits(password: str, hashed: bytes) -> bool:
    """The salt stands at the front of a hash; a hash of nothing fits no password."""
    if len(password.encode()) > MOST_BYTES:
        return False
    return compare_digest(await hash_password(password, hashed[:29]), hashed)
