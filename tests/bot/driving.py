"""A person at the web chat's JSON API, and the app under a tiny router."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiogram import Router

from bot.app import App
from bot.dispatching import make_dispatcher
from bot.jobs import Job
from bot.settings import Settings
from handlers.job_results import JobHandler

KEY = "k-for-tests-only"


class Person:
    """Talks to the bot as the page would."""

    def __init__(self, http: aiohttp.ClientSession, address: str, chat: int) -> None:
        self._http, self._base = http, f"{address}/api/chats/{chat}"
        self.cursor = 0
        self.heard: dict[int, dict[str, Any]] = {}

    async def says(self, text: str) -> None:
        async with self._http.post(f"{self._base}/messages", json={"text": text}) as answer:
            assert answer.status == 200, await answer.text()

    async def sends_file(self, name: str, content: bytes) -> None:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        async with self._http.post(f"{self._base}/files", data=form) as answer:
            assert answer.status == 200, await answer.text()

    async def presses(self, message_id: int, data: str) -> None:
        body = {"message_id": message_id, "data": data}
        async with self._http.post(f"{self._base}/presses", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def listen(self, wait: float = 5) -> list[dict[str, Any]]:
        """What the bot said or edited since the last time."""
        params = {"after": str(self.cursor), "wait": str(wait)}
        async with self._http.get(f"{self._base}/messages", params=params) as answer:
            page = await answer.json()
        self.cursor = page["next"]
        said = [message for message in page["messages"] if message["from"] == "bot"]
        self.heard |= {message["id"]: message for message in said}
        return said

    async def hears(self, count: int, seconds: float = 10) -> list[str]:
        """The bot's first `count` messages of the conversation, once there are so many."""
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:
                await self.listen(1)
        return [self.heard[message_id]["text"] for message_id in sorted(self.heard)]

    async def hears_no_more(self, seconds: float = 0.3) -> None:
        """Fails when the bot says anything within these seconds."""
        await asyncio.sleep(seconds)
        assert await self.listen(0) == []


def trial_settings(folder: Path, **changes: Any) -> Settings:
    return Settings(
        **{
            "BOT_TOKEN": None,
            "data_dir": folder,
            "webchat_key": KEY,
            "webchat_port": 0,
            "webchat_faults": True,
            "synchronous": "NORMAL",
            **changes,
        }
    )


@asynccontextmanager
async def run_app(
    settings: Settings,
    routers: Sequence[Router],
    job_kinds: dict[str, Job] | None = None,
    job_results: dict[str, JobHandler] | None = None,
) -> AsyncIterator[App]:
    app = App(settings, make_dispatcher(routers, job_results or {}), job_kinds or {})
    async with app:
        yield app


@asynccontextmanager
async def meet(app: App, chat: int = 1) -> AsyncIterator[Person]:
    assert app.webchat is not None
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield Person(http, app.webchat.api_url, chat)
