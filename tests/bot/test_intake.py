"""From the Bot API into the inbox: once, acknowledged after it is stored (faults 4, 5, 8, 9, 10, 46)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from sqlalchemy import select
from sqlmodel import col

from bot.cleaning import clean
from bot.intake import AnotherPoller, Intake, TokenRefused, read_arrival
from bot.wakes import Wake
from storage.database import Database
from storage.queues import InboxRow
from tests.bot.driving import KEY
from webchat import Faults, WebChat

TOKEN = "4242:for-tests-only-secret"


@pytest.fixture
async def server(data_folder: Path) -> AsyncIterator[WebChat]:
    chat = WebChat(data_folder, KEY, TOKEN, faults=Faults())
    await chat.start()
    yield chat
    await chat.stop()


@pytest.fixture
async def bot(server: WebChat) -> AsyncIterator[Bot]:
    opened = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(server.api_url)))
    yield opened
    await opened.session.close()


async def deliver(server: WebChat, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with aiohttp.request("POST", f"{server.api_url}{path}", json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


async def stored(database: Database) -> list[InboxRow]:
    async with database.snapshot() as session:
        return list(await session.scalars(select(InboxRow).order_by(col(InboxRow.id))))


async def test_updates_are_stored_once_also_when_they_are_replayed(
    server: WebChat, bot: Bot, database: Database
) -> None:
    for number in range(5):
        await deliver(server, "/api/chats/7/messages", {"text": str(number)})
    assert await Intake(database, bot, Wake()).poll(0) == 5
    await deliver(server, "/control/replays", {"count": 5})
    assert await Intake(database, bot, Wake()).poll(0) >= 5
    rows = await stored(database)
    assert [row.body["message"]["text"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert {row.chat_id for row in rows} == {7}


async def test_an_update_is_acknowledged_only_after_it_is_stored(
    server: WebChat, bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deliver(server, "/api/chats/7/messages", {"text": "precious"})
    intake = Intake(database, bot, Wake())
    with monkeypatch.context() as patch:
        patch.setattr("bot.intake.inbox.store", None)
        with pytest.raises(TypeError):
            await intake.poll(0)
    assert await stored(database) == []
    assert await intake.poll(0) == 1
    assert await intake.poll(0) == 0
    assert len(await stored(database)) == 1


async def test_an_update_id_that_jumps_backwards_is_stored(
    server: WebChat, bot: Bot, database: Database
) -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}
    intake = Intake(database, bot, Wake())
    for update_id in (900_000, 3):
        await deliver(
            server, "/control/updates", {"kind": "message", "payload": message, "update_id": update_id}
        )
        assert await intake.poll(0) == 1
        assert await intake.poll(0) == 0
    assert [row.update_id for row in await stored(database)] == [900_000, 3]


async def test_a_second_poller_and_a_refused_token_end_the_program(
    server: WebChat, bot: Bot, database: Database
) -> None:
    assert server._faults is not None
    server._faults.add(
        "refuse", method="getUpdates", code=409, description="Conflict: other getUpdates request"
    )
    with pytest.raises(AnotherPoller):
        await Intake(database, bot, Wake()).run()
    server._faults.add("refuse", method="getUpdates", code=401, description="Unauthorized")
    with pytest.raises(TokenRefused):
        await Intake(database, bot, Wake()).run()


CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    ("body", "chat"),
    [
        ({"message": {"chat": CHAT}}, 7),
        ({"edited_message": {"chat": CHAT}}, 7),
        ({"callback_query": {"from": {"id": 8}, "message": {"chat": CHAT, "date": 0}}}, 7),
        ({"callback_query": {"from": {"id": 8}}}, 8),
        ({"my_chat_member": {"chat": CHAT, "from": {"id": 7}}}, 7),
        ({"a_kind_of_the_future": {"x": 1}}, 0),
        ({}, 0),
    ],
)
def test_the_chat_of_an_update_is_found_in_every_kind(body: dict[str, Any], chat: int) -> None:
    assert read_arrival({"update_id": 1, **body}).chat_id == chat


def test_characters_no_database_can_hold_are_dropped_and_the_rest_is_kept() -> None:
    raw = {"text": "a\x00b\ud800c\uffff\n\t👨‍👩‍👧", "list": ["\x1b[31m"]}
    assert clean(raw) == {"text": "abc\n\t👨‍👩‍👧", "list": ["[31m"]}
