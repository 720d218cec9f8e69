"""A web chat of its own for each test, and both sides of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.webchat.chat_clients import KEY, TOKEN, Person, RawBot
from webchat import Faults, WebChat


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def server(tmp_path: Path, faults: Faults) -> AsyncIterator[WebChat]:
    chat = WebChat(tmp_path, KEY, TOKEN, banner=lambda: "演示时间：2021年9月27日", faults=faults)
    await chat.start()
    yield chat
    await chat.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session:
        yield session


@pytest.fixture
def person(server: WebChat, http: aiohttp.ClientSession) -> Person:
    return Person(server, http, 7)


@pytest.fixture
def bot(server: WebChat, http: aiohttp.ClientSession) -> RawBot:
    return RawBot(server, http)
