"""Do what makes a thread wait, such as asking the database, beside the event loop."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, TypeVarTuple, Unpack

from anyio import CapacityLimiter, to_thread

MOST_THREADS = 5  # as many as connections stay open: more would open and close one each time

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


@lru_cache
def get_queue() -> CapacityLimiter:
    """Return the one queue of this process: hundreds of answers share a few connections."""
    return CapacityLimiter(MOST_THREADS)


async def run_in_thread(
    work: Callable[[Unpack[Arguments]], Result], *arguments: *Arguments
) -> Result:
    """Run the work in a thread when one is free, and return what it returns."""
    return await to_thread.run_sync(work, *arguments, limiter=get_queue())
