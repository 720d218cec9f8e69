"""The delivered program as a process of its own, to be killed and started again."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import aiohttp

from tests.bot.driving import KEY, Person
from tests.bot.forking import fork_program
from tests.suite_logs import WRITTEN

STARTED = re.compile(r"http://127\.0\.0\.1:(\d+)/")
READY = re.compile(r"\S.*\n")


class Program:
    """A running `xingcun run` on a data folder; what it printed is in `out`, its logs are in `errors`."""

    def __init__(self, process: BaseProcess, out: Path, errors: Path) -> None:
        self.process, self.out, self.errors = process, out, errors
        self.address = ""

    def kill(self) -> None:
        """As if the power went."""
        self.send(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    async def starts(self, seconds: float = 60) -> None:
        """Waits until it says where it is to be found, or that it polls."""
        async with asyncio.timeout(seconds):
            while not READY.search(self.said):
                assert self.process.is_alive(), f"it did not start: {self.errors.read_text()[-2000:]}"
                await asyncio.sleep(0.02)
        match = STARTED.search(self.said)
        self.address = f"http://127.0.0.1:{match.group(1)}" if match else ""

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.out.read_text() if self.out.exists() else ""

    async def dies(self, seconds: float = 60) -> int:
        """The return code, once it is dead."""
        await asyncio.to_thread(self.process.join, seconds)
        assert self.process.exitcode is not None, "it lives"
        return self.process.exitcode


@asynccontextmanager
async def run_program(
    folder: Path, *, prepare: Callable[[], None] | None = None, **variables: str
) -> AsyncIterator[Program]:
    """Starts the program in trial (unless given a token), and ends it politely if it still runs."""
    out, errors = folder.with_name(f"{folder.name}.out"), folder.with_name(f"{folder.name}.log")
    out.unlink(missing_ok=True)
    process = fork_program(["run"], environment(folder) | variables, out, errors, prepare)
    program = Program(process, out, errors)
    try:
        await program.starts()
        yield program
    finally:
        if process.exitcode is None:
            process.terminate()
            await program.dies()
        WRITTEN.append(errors.read_text() if errors.exists() else "")


def environment(folder: Path) -> dict[str, str]:
    """The variables of a trial on that folder, and none of the caller's own settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("XINGCUN_", "BOT_"))}
    return clean | {
        "XINGCUN_DATA_DIR": str(folder),
        "XINGCUN_WEBCHAT_KEY": KEY,
        "XINGCUN_WEBCHAT_PORT": "0",
        "XINGCUN_SYNCHRONOUS": "NORMAL",
    }


async def start_process(
    *arguments: str, data_dir: Path, errors: bool = False, **variables: str
) -> asyncio.subprocess.Process:
    """`python -m bot …` with these variables and none of the caller's own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=environment(data_dir) | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE if errors else None,
    )


@asynccontextmanager
async def meet_at(address: str, chat: int = 1) -> AsyncIterator[Person]:
    """A person at the page of that address."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield Person(http, address, chat)
