"""Both sides of a local Bot API that lives in the test: what persons do, and what it took from the bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.bot.driving import KEY, Person
from webchat import Faults, WebChat
from webchat.faults import Call

TOKEN = "4242:for-tests-only-secret"


class Telegram:
    """The server, the persons' side of it, and its log."""

    def __init__(self, server: WebChat, faults: Faults, http: aiohttp.ClientSession) -> None:
        self.server, self.faults, self.http = server, faults, http

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator[Self]:
        """Serves until the block ends."""
        faults = Faults()
        server = WebChat(folder, KEY, TOKEN, faults=faults)
        await server.start()
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
            yield cls(server, faults, http)
        await server.stop()

    def meet(self, chat: int) -> Person:
        """The person of that chat."""
        return Person(self.http, self.server.api_url, chat)

    async def control(self, path: str, **body: Any) -> dict[str, Any]:
        """Uses the harness of the server."""
        async with self.http.post(f"{self.server.api_url}/control/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def waiting(self) -> int:
        """How many updates the bot has not acknowledged."""
        address = f"{self.server.api_url}/bot{TOKEN}/getWebhookInfo"
        async with self.http.get(address) as answer:
            return int((await answer.json())["result"]["pending_update_count"])

    async def all_confirmed(self) -> bool:
        """Whether the bot has acknowledged everything."""
        return await self.waiting() == 0

    def taken(self, chat: int | None = None, method: str = "sendMessage") -> list[str]:
        """The texts the server took from the bot, in order."""
        return [str(call.arguments.get("text")) for call in self.faults.accepted(method, chat)]

    def calls(self, method: str = "sendMessage") -> list[Call]:
        """All calls of that method, taken or not."""
        return [call for call in self.faults.calls if call.method == method]

    async def takes(self, count: int, chat: int | None = None, seconds: float = 60) -> list[str]:
        """The texts it took, as soon as there are so many."""
        await self.faults.wait_accepted("sendMessage", count, chat, seconds)
        return self.taken(chat)

    async def stays_silent(self, seconds: float = 1.0) -> None:
        """Fails when the bot says anything within these seconds."""
        before = len(self.faults.accepted())
        await asyncio.sleep(seconds)
        assert len(self.faults.accepted()) == before
