"""Two programs on one PostgreSQL: one receives and sends, both work, nothing is doubled; one may die."""

from pathlib import Path

import aiohttp
import pytest
from aiogram import Router
from aiogram.methods import SendMessage
from aiogram.types import Message

from bot.app import App
from bot.database_lock import DatabaseTaken
from bot.dispatching import make_dispatcher
from handlers.outgoing import Replies
from storage import tallies
from storage.database import Database
from storage.leadership import seek_leadership
from tests.bot.driving import KEY, Person, trial_settings
from webchat import WebChat


def echo_router() -> Router:
    router = Router()

    async def echo(message: Message) -> Replies:
        return SendMessage(chat_id=message.chat.id, text=f"heard {message.text}")

    router.message.register(echo)
    return router


async def test_leadership_goes_to_one_and_passes_on(database: Database) -> None:
    async with seek_leadership(database) as first:
        assert first is not None
        assert await first.holds()
        if not database.is_sqlite:
            async with seek_leadership(database) as second:
                assert second is None
    async with seek_leadership(database) as third:
        assert third is not None


async def test_a_second_program_is_refused_or_doubles_nothing_and_takes_over(
    database: Database, database_url: str, data_folder: Path
) -> None:
    server = WebChat(data_folder / "webchat", KEY, "4242:for-tests-only-secret")
    await server.start()
    apps = [
        App(
            trial_settings(
                data_folder / name,
                BOT_TOKEN="4242:for-tests-only-secret",
                bot_api_url=server.api_url,
                database_url=database_url,
                rate_chat=100,
            ),
            make_dispatcher([echo_router()], {}),
            {},
        )
        for name in ("one", "two")
    ]
    if database.is_sqlite:
        async with apps[1]:
            with pytest.raises(DatabaseTaken):
                await apps[0].__aenter__()
        await server.stop()
        return
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        people = [Person(http, server.api_url, chat) for chat in range(1, 6)]
        async with apps[1]:
            async with apps[0]:
                for number in range(4):
                    for person in people:
                        await person.says(str(number))
                for person in people:
                    assert await person.hears(4, 30) == [f"heard {number}" for number in range(4)]
            await people[0].says("still there?")
            assert (await people[0].hears(5, 30))[-1] == "heard still there?"
            for person in people:
                await person.hears_no_more(0.05)
    async with database.snapshot() as session:
        assert await tallies.count_by_state(session, "inbox") == {"done": 21}
        assert await tallies.count_by_state(session, "outbox") == {"sent": 21}
    await server.stop()
