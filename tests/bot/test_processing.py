"""One update, one transaction: what happens when an update, a handler or the database misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message
from sqlalchemy import select, update
from sqlmodel import col

import notices
from bot.clock import Clock, real_now
from bot.dispatching import make_dispatcher
from bot.processing import Processing
from handlers.outgoing import Replies, Unprepared
from registration.refusals import NotYours
from storage import inbox, tallies
from storage.database import Database, Session
from storage.inbox import Arrival
from storage.people import Audit, Person
from storage.queues import InboxRow, KeptSetting, OutboxRow

BOT_ID = 42


@dataclass
class Desk:
    """A dispatcher on a database, one batch at a time."""

    database: Database
    processing: Processing
    number: int = 0
    people: dict[str, Any] = field(default_factory=dict)

    async def gets(self, chat: int, **body: Any) -> None:
        self.number += 1
        async with self.database.transaction() as session:
            arrival = Arrival(self.number, chat, {"update_id": self.number, **body})
            await inbox.store(session, BOT_ID, [arrival], real_now())

    async def hears(self, text: str, chat: int = 7) -> None:
        await self.gets(chat, message=message(text, chat))

    async def works(self) -> None:
        while await self.processing.work():
            pass

    async def forgets_back_off(self) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(InboxRow).values(not_before=None))

    async def said(self) -> list[str]:
        async with self.database.snapshot() as session:
            rows = await session.scalars(select(OutboxRow).order_by(col(OutboxRow.id)))
            return [row.arguments.get("text", row.method) for row in rows]

    async def states(self) -> dict[str, int]:
        async with self.database.snapshot() as session:
            return await tallies.count_by_state(session, "inbox")


def message(text: str, chat: int = 7) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "李明"}
    return {
        "message_id": 1,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": text,
    }


def writing_router() -> Router:
    """Each message writes a row named by its text; some words make trouble afterwards."""
    router = Router()

    async def write(message: Message, session: Session, state: FSMContext) -> Replies:
        word = message.text or ""
        session.add(KeptSetting(key=word, value=word))
        await session.flush()
        await state.set_state(word)
        match word:
            case "fail":
                raise RuntimeError("boom")
            case "refuse":
                raise NotYours
        return SendMessage(chat_id=message.chat.id, text=f"wrote {word}")

    async def press(query: CallbackQuery) -> Replies:
        return None

    router.message.register(write)
    router.callback_query.register(press)
    return router


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    bot = Bot(f"{BOT_ID}:for-tests")
    context = {"catalog": notices.Catalog(()), "channel": "webchat", "settings": None, "files": None}
    dispatcher = make_dispatcher([writing_router()], {})
    yield Desk(database, Processing(database, dispatcher, bot, Clock(), "webchat", context))
    await bot.session.close()


async def kept(database: Database) -> list[str]:
    async with database.snapshot() as session:
        return sorted(await session.scalars(select(col(KeptSetting.key))))


async def test_a_failing_turn_leaves_nothing_while_its_neighbours_in_the_batch_commit(desk: Desk) -> None:
    for chat, word in ((1, "a"), (2, "fail"), (3, "b")):
        await desk.hears(word, chat)
    await desk.works()
    assert await kept(desk.database) == ["a", "b"]
    assert await desk.states() == {"done": 2, "new": 1}


async def test_a_turn_that_fails_five_times_is_told_twice_and_parked_and_the_chat_goes_on(desk: Desk) -> None:
    await desk.hears("fail")
    await desk.hears("after")
    for _ in range(5):
        await desk.works()
        await desk.forgets_back_off()
    await desk.works()
    assert await desk.states() == {"parked": 1, "done": 1}
    first, last, after = await desk.said()
    assert "自动重试" in first
    assert "没能处理成功" in last
    assert after == "wrote after"


async def test_a_refusal_is_told_and_audited_and_undoes_the_turn(desk: Desk) -> None:
    await desk.hears("hello")
    await desk.works()
    await desk.hears("refuse")
    await desk.works()
    assert await kept(desk.database) == ["hello"]
    assert "不归您管" in (await desk.said())[-1]
    async with desk.database.snapshot() as session:
        (row,) = await session.scalars(select(Audit).where(col(Audit.action) == "refused"))
        (person,) = await session.scalars(select(Person))
    assert (row.person_id, row.details["code"]) == (person.id, "not_yours")


async def test_a_statement_the_database_refuses_is_the_handler_s_failure(desk: Desk) -> None:
    await desk.hears("twice")
    await desk.works()
    await desk.hears("twice")
    await desk.hears("other", 8)
    await desk.works()
    assert await kept(desk.database) == ["other", "twice"]
    assert await desk.states() == {"done": 2, "new": 1}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"a_kind_of_the_future": {"x": 1}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "no from"}},
        {"message": {"message_id": 1, "nonsense": True}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -7, "type": "channel"}, "text": "x"}},
        {"message": message("in a group") | {"chat": {"id": -7, "type": "group", "title": "g"}}},
        {"my_chat_member": {"chat": {"id": 7, "type": "private"}, "from": {"id": 7}}},
    ],
)
async def test_an_update_that_is_no_person_s_word_is_done_without_effect(
    body: dict[str, Any], desk: Desk
) -> None:
    await desk.gets(7, **body)
    await desk.hears("next")
    await desk.works()
    assert await desk.states() == {"done": 2}
    assert await desk.said() == ["wrote next"]


async def test_a_tap_is_answered_also_on_a_message_that_is_out_of_reach(desk: Desk) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "李明"}
    old = {"chat": {"id": 7, "type": "private"}, "message_id": 1, "date": 0}
    query = {"id": "1", "from": person, "chat_instance": "1", "data": "x"}
    await desk.gets(7, callback_query=query | {"message": old})
    await desk.gets(7, callback_query=query | {"message": message("card")})
    await desk.works()
    too_old, told, silent = await desk.said()
    assert "太旧" in too_old
    assert told == too_old
    assert silent == "AnswerCallbackQuery"


async def test_ten_answers_at_once_are_handled_one_after_the_other(desk: Desk) -> None:
    for number in range(10):
        await desk.hears(str(number))
    await desk.works()
    assert await desk.said() == [f"wrote {number}" for number in range(10)]


async def test_a_lock_held_by_another_program_only_delays(desk: Desk, database_url: str) -> None:
    other = Database.open(database_url)
    await desk.hears("patient")
    holder = other.transaction()
    session = await holder.__aenter__()
    session.add(KeptSetting(key="held", value=""))
    await session.flush()
    working = asyncio.create_task(desk.works())
    await asyncio.sleep(0.5)
    assert working.done() is not desk.database.is_sqlite
    await holder.__aexit__(None, None, None)
    async with asyncio.timeout(10):
        await working
    await other.close()
    assert await kept(desk.database) == ["held", "patient"]
    assert await desk.said() == ["wrote patient"]


async def test_a_lost_batch_is_tried_again_row_by_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for chat, word in ((1, "a"), (2, "b")):
        await desk.hears(word, chat)
    with monkeypatch.context() as patch:
        patch.setattr("bot.handover.outbox.add", None)
        with pytest.raises(TypeError):
            await desk.processing.work()
    assert await kept(desk.database) == []
    await desk.works()
    assert await kept(desk.database) == ["a", "b"]
    assert await desk.states() == {"done": 2}


async def test_an_update_that_costs_five_batches_is_parked_and_its_sender_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.hears("a")
    with monkeypatch.context() as patch:
        patch.setattr("bot.processing.states.save", None)
        for _ in range(6):  # the first time the batch is blamed, not its rows
            with pytest.raises(TypeError):
                await desk.processing.work()
            await desk.forgets_back_off()
    await desk.works()
    assert await kept(desk.database) == []
    assert await desk.states() == {"parked": 1}
    (told,) = await desk.said()
    assert "没能处理成功" in told


async def test_what_a_turn_lacks_is_built_outside_its_transaction_and_the_turn_run_anew(desk: Desk) -> None:
    loop = asyncio.get_running_loop()

    async def write_meanwhile() -> None:
        async with desk.database.transaction() as session:
            session.add(KeptSetting(key="built", value="built"))

    def build() -> None:
        asyncio.run_coroutine_threadsafe(write_meanwhile(), loop).result(10)

    async def answer(message: Message, session: Session) -> Replies:
        session.add(KeptSetting(key="asked", value="asked"))
        await session.flush()
        if not await session.get(KeptSetting, "built"):
            raise Unprepared(build)
        return SendMessage(chat_id=message.chat.id, text="an answer")

    router = Router()
    router.message.register(answer)
    bot = Bot(f"{BOT_ID}:for-tests")
    context = {"catalog": notices.Catalog(()), "channel": "webchat", "settings": None, "files": None}
    desk.processing = Processing(
        desk.database, make_dispatcher([router], {}), bot, Clock(), "webchat", context
    )
    await desk.hears("question")
    await desk.works()
    assert await desk.said() == ["an answer"]
    assert await kept(desk.database) == ["asked", "built"]
    await bot.session.close()
