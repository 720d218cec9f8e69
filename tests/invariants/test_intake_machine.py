"""Invariants 1 to 3: what is delivered twice, late, out of order or through crashes happens once, in order.

The oracle knows nothing of inbox or outbox: for each chat, the updates in the order in which they first
arrived, folded into one number by hand.
"""

import asyncio
from typing import Any

import pytest
from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import SendMessage
from aiogram.types import Message
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update
from sqlmodel import col

import notices
from bot.clock import Clock, real_now
from bot.dispatching import make_dispatcher
from bot.processing import Processing
from handlers.outgoing import Replies
from registration.refusals import NotYours
from storage import inbox
from storage.database import Session
from storage.inbox import Arrival
from storage.queues import InboxRow, KeptSetting, OutboxRow
from tests.conftest import ENGINES
from tests.invariants.conftest import PROFILE
from tests.invariants.grounds import Ground

BOT_ID = 42
CHATS = (1, 2, 3)


class Crash(BaseException):
    """The process is gone: nothing after this point happens."""


def folding_router() -> Router:
    """Each word multiplies what the chat's number was: no order but the right one gives the right number."""
    router = Router()

    async def fold(message: Message, session: Session, state: FSMContext) -> Replies:
        number = fold_one((await state.get_data()).get("n", 1), message.text or "")
        await state.set_data({"n": number})
        key = f"chat {message.chat.id}"
        kept = await session.get(KeptSetting, key) or KeptSetting(key=key, value="")
        kept.value = str(number)
        session.add(kept)
        await session.flush()
        if message.text == "refused":
            raise NotYours
        if message.text == "broken":
            raise RuntimeError("broken")
        return SendMessage(chat_id=message.chat.id, text=str(number))

    router.message.register(fold)
    return router


def fold_one(number: int, word: str) -> int:
    return (number * 31 + len(word) + ord(word[0])) % 1_000_003


class Deliveries(RuleBasedStateMachine):
    """Updates arrive and are worked on; the machine does to them whatever may happen on the way."""

    engine = "sqlite"
    updates = Bundle("updates")

    def __init__(self) -> None:
        super().__init__()
        self.ground = Ground(self.engine)
        self.bot = Bot(f"{BOT_ID}:for-tests")
        self.numbers = 0
        self.arrived: list[Arrival] = []
        self.start()

    def start(self) -> None:
        context = {"catalog": notices.Catalog(()), "channel": "webchat", "settings": None, "files": None}
        dispatcher = make_dispatcher([folding_router()], {})
        self.processing = Processing(self.ground.database, dispatcher, self.bot, Clock(), "webchat", context)

    @rule(target=updates, chat=st.sampled_from(CHATS), word=st.sampled_from(["a", "bb", "refused", "broken"]))
    def somebody_writes(self, chat: int, word: str) -> Arrival:
        self.numbers += 1
        person = {"id": chat, "is_bot": False, "first_name": "某"}
        message = {"message_id": self.numbers, "date": 1, "chat": {"id": chat, "type": "private"}}
        body = {"update_id": self.numbers, "message": message | {"from": person, "text": word}}
        return Arrival(self.numbers, chat, body)

    @rule(batch=st.lists(updates, min_size=1, max_size=6))
    def they_arrive(self, batch: list[Arrival]) -> None:
        """In any order, any of them again."""
        self.ground.run(self.store(batch))
        for arrival in batch:
            if arrival.update_id not in {known.update_id for known in self.arrived}:
                self.arrived.append(arrival)

    @rule(batch=st.lists(updates, min_size=1, max_size=6))
    def they_arrive_at_once_from_two_sides(self, batch: list[Arrival]) -> None:
        async def both() -> None:
            await asyncio.gather(self.store(batch), self.store(batch))

        self.ground.run(both())
        for arrival in batch:
            if arrival.update_id not in {known.update_id for known in self.arrived}:
                self.arrived.append(arrival)

    @rule(batch=st.lists(updates, min_size=1, max_size=6))
    def the_process_dies_before_they_are_stored(self, batch: list[Arrival]) -> None:
        async def die() -> None:
            async with self.ground.database.transaction() as session:
                await inbox.store(session, BOT_ID, batch, real_now())
                raise Crash

        with pytest.raises(Crash):
            self.ground.run(die())
        self.start()

    async def store(self, batch: list[Arrival]) -> None:
        async with self.ground.database.transaction() as session:
            await inbox.store(session, BOT_ID, batch, real_now())

    @rule()
    def some_work_is_done(self) -> None:
        self.ground.run(self.processing.work())

    @rule()
    def two_workers_work(self) -> None:
        async def both() -> None:
            await asyncio.gather(self.processing.work(), self.processing.work())

        self.ground.run(both())

    @rule(point=st.sampled_from(["before_handler", "before_commit", "after_commit"]))
    def the_process_dies_at_work(self, point: str) -> None:
        def pass_point(name: str) -> None:
            if name == point:
                raise Crash

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.processing.pass_point", pass_point)
            try:
                self.ground.run(self.processing.work())
            except Crash:
                self.start()

    @rule()
    def time_passes(self) -> None:
        """What was to be tried again is due."""

        async def forget_back_off() -> None:
            async with self.ground.database.transaction() as session:
                await session.execute(update(InboxRow).values(not_before=None))

        self.ground.run(forget_back_off())

    @invariant()
    def each_update_has_one_row(self) -> None:
        rows = self.ground.run(self.read(InboxRow))
        assert [row.update_id for row in rows] == [item.update_id for item in self.arrived]

    async def read(self, table: Any) -> list[Any]:
        async with self.ground.database.snapshot() as session:
            return list(await session.scalars(select(table).order_by(col(table.id))))

    def teardown(self) -> None:
        for _ in range(6 * len(self.arrived) + 1):
            self.time_passes()
            self.ground.run(self.processing.work())
        rows = {row.update_id: row.state for row in self.ground.run(self.read(InboxRow))}
        replies = [(row.chat_id, row.arguments.get("text")) for row in self.ground.run(self.read(OutboxRow))]
        kept = self.ground.run(self.kept())
        for chat in CHATS:
            words = [item.body["message"]["text"] for item in self.arrived if item.chat_id == chat]
            number, said = 1, []
            for word in words:
                if word not in ("refused", "broken"):
                    number = fold_one(number, word)
                    said.append(str(number))
            assert [text for to, text in replies if to == chat and str(text).isdigit()] == said
            assert kept.get(f"chat {chat}") == (str(number) if said else None)
        assert rows == {
            item.update_id: "parked" if item.body["message"]["text"] == "broken" else "done"
            for item in self.arrived
        }
        apologies = sum(item.body["message"]["text"] == "broken" for item in self.arrived)
        refusals = sum(item.body["message"]["text"] == "refused" for item in self.arrived)
        others = sum(not str(text).isdigit() for _, text in replies)
        assert others == 2 * apologies + refusals
        self.ground.run(self.bot.session.close())
        self.ground.close()

    async def kept(self) -> dict[str, str]:
        async with self.ground.database.snapshot() as session:
            return {row.key: row.value for row in await session.scalars(select(KeptSetting))}


class DeliveriesOnPostgres(Deliveries):
    engine = "postgresql"


@pytest.mark.parametrize("engine", ENGINES)
def test_deliveries_of_any_kind_have_the_effects_of_one_in_order(engine: str) -> None:
    machine = Deliveries if engine == "sqlite" else DeliveriesOnPostgres
    run_state_machine_as_test(machine, settings=PROFILE)
