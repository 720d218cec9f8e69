"""From starting the program to its first reply, against a bare aiogram echo; and how soon `--help` answers.

Run `uv run --group bench python -m benchmarks.start`. A local Bot API has one message waiting; the clock runs
from the birth of the process to its sendMessage. Ours polls, stores, handles and sends as it is delivered:
at first on an empty folder (all migrations), then on the same folder again.
"""

import asyncio
import os
import resource
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from benchmarks.rival_turns import message_from

ROUNDS = 3
TOKEN = "42:benchmark"
ECHO = """
import asyncio, sys
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
dispatcher = Dispatcher()
@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text)
session = AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1]))
asyncio.run(dispatcher.start_polling(Bot("42:benchmark", session=session)))
"""


class OneMessage:
    """A Bot API at which one message waits; `answered` ends with the moment of the reply to it."""

    def __init__(self) -> None:
        self.answered: asyncio.Future[float]
        self._waiting: list[dict[str, Any]]
        self._number = 0
        self.expect()

    def expect(self) -> None:
        """A message comes in that nobody has seen yet."""
        self._number += 1
        self.answered = asyncio.get_running_loop().create_future()
        self._waiting = [message_from(self._number, "/start", self._number)]

    async def answer(self, request: web.Request) -> web.Response:
        """Any method."""
        method = request.match_info["method"].lower()
        result: object = True
        if method == "getupdates":
            result, self._waiting = self._waiting, []
            if not result:
                await asyncio.sleep(1)
        elif method == "getme":
            result = {"id": 42, "is_bot": True, "first_name": "b", "username": "b"}
        elif method == "sendmessage":
            if not self.answered.done():
                self.answered.set_result(time.perf_counter())
            result = message_from(1, "t", 7)["message"]
        return web.json_response({"ok": True, "result": result})


Cost = tuple[float, float]


def children_cpu() -> float:
    """Seconds of CPU that ended child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def first_reply(api: OneMessage, *command: str, variables: Mapping[str, str] | None = None) -> Cost:
    """Seconds until the program that this command starts has replied, and of CPU until it has ended."""
    api.expect()
    cpu, begun = children_cpu(), time.perf_counter()
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env={**os.environ, **(variables or {})},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(120):
            seconds = await api.answered - begun
    finally:
        program.terminate()
        await program.wait()
    return seconds, children_cpu() - cpu


async def cost_of(*command: str) -> Cost:
    """Seconds that a command takes, and of CPU."""
    cpu, begun = children_cpu(), time.perf_counter()
    program = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.DEVNULL
    )
    await program.wait()
    return time.perf_counter() - begun, children_cpu() - cpu


async def measure() -> dict[str, list[Cost]]:
    """Seconds, by what was started."""
    found: dict[str, list[Cost]] = {
        name: []
        for name in ("bare aiogram echo", "ours, empty folder", "ours, again", "--help", "import aiogram")
    }
    api = OneMessage()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    for _ in range(ROUNDS):
        with TemporaryDirectory() as folder:
            variables = {
                "BOT_TOKEN": TOKEN,
                "XINGCUN_BOT_API_URL": address,
                "XINGCUN_DATA_DIR": str(Path(folder) / "data"),
            }
            found["bare aiogram echo"].append(await first_reply(api, "-c", ECHO, address))
            found["ours, empty folder"].append(
                await first_reply(api, "-m", "bot", "run", variables=variables)
            )
            found["ours, again"].append(await first_reply(api, "-m", "bot", "run", variables=variables))
        found["--help"].append(await cost_of("-m", "bot", "--help"))
        found["import aiogram"].append(await cost_of("-c", "import aiogram"))
    await runner.cleanup()
    return found


def main() -> None:
    """Prints the medians."""
    found = asyncio.run(measure())
    print(f"{'':20} {'seconds':>8} {'of echo':>8} {'CPU s':>6} {'of echo':>8}")
    bare = _medians(found["bare aiogram echo"])
    for name, costs in found.items():
        wall, cpu = _medians(costs)
        print(f"{name:20} {wall:8.2f} {wall / bare[0]:8.2f} {cpu:6.2f} {cpu / bare[1]:8.2f}")


def _medians(costs: list[Cost]) -> Cost:
    return statistics.median(wall for wall, _ in costs), statistics.median(cpu for _, cpu in costs)


if __name__ == "__main__":
    main()
