"""Work in a process of its own, so that heavy computing never holds up a conversation."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


NICENESS = 10


class Apart:
    """One child process, begun with the first task and kept warm; a child that died is replaced."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """The result of a module-level function run in the child; raises what it raises."""
        if kwargs:
            raise TypeError("only positional arguments cross to the child process")
        loop = asyncio.get_running_loop()
        pool = self._pool = self._pool or _start_child()
        try:
            return await loop.run_in_executor(pool, work, *args)
        except BrokenProcessPool:
            self.close()
            raise

    def close(self) -> None:
        """Ends the child without waiting for what it is doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for child in (pool._processes or {}).values():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)


def _start_child() -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_stand_back)


def _stand_back() -> None:
    """Leaves signals to the parent, and the processor to conversations where both want it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
