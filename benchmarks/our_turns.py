"""The program's own way from a stored update to a recorded reply, driven by persons who wait for each answer.

Everything between is what runs when it is delivered: intake's storing, processing with all conversations,
the outbox, sending over HTTP, and the record. Only the pace is not limited, and updates come from here.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer

import notices
from bot.answers import KeepingSession
from bot.clock import Clock, real_now
from bot.deliveries import Deliveries
from bot.intake import read_arrival
from bot.pacing import Pacing
from bot.processing import Batch, Processing
from bot.sending import Sending
from bot.settings import Settings
from bot.wiring import dispatcher
from policy import Engine
from storage import inbox
from storage.database import Database, Session, Synchronous
from storage.files import FileStore
from storage.inbox import InboxItem
from storage.outbox import OutboxItem
from storage.states import Standing

IN_THE_WINDOW = datetime(2021, 10, 11, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
UNLIMITED = 1e9
PROJECTS = (
    ("睢宁县", "困难学生助学", "教育帮扶", "12.5万元", "20", "300"),
    ("江苏省徐州市丰县", "稻虾养殖技术推广", "产业帮扶", "30万元", "8", "120"),
    ("沛县", "留守老人义诊", "健康帮扶", "4.2万元", "35", "800"),
    ("新沂市", "村道修缮", "民生帮扶", "55万元", "12", "2000"),
)
TURNS_A_FILING = len(PROJECTS[0]) + 2


class Counting(Processing):
    """Tells `expecting` how many calls each turn caused."""

    expecting: "Exchange"

    async def _handle(
        self, session: Session, item: InboxItem, known: dict[str, Standing], batch: Batch
    ) -> None:
        before = len(batch.calls)
        await super()._handle(session, item, known, batch)
        self.expecting.persons[item.chat_id].unheard = len(batch.calls) - before


class Recording(Sending):
    """Tells `recorded` of each call once its end is committed."""

    recorded: "Exchange"

    async def turn_over(self) -> int:
        """As ever, and then the news."""
        ended = [item for item, verdict in self._verdicts if verdict.outcome.state == "sent"]
        begun = await super().turn_over()
        for item in ended:
            self.recorded.hear(item)
        return begun


@dataclass
class Person:
    """Somebody who files; `text` and `buttons` are those of the last message."""

    chat: int
    unheard: int = 0
    text: str = ""
    answered: "asyncio.Future[None]" = field(default_factory=asyncio.Future)
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass
class Exchange:
    """Where persons wait for their answers; `waits` are seconds from stored to recorded."""

    database: Database
    processing: Processing
    bot_id: int
    persons: dict[int, Person] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    _said: list[tuple[dict[str, Any], "asyncio.Future[float]"]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _something: asyncio.Event = field(default_factory=asyncio.Event)

    async def store(self) -> None:
        """What intake does with each answer of getUpdates: all that came, in one commit."""
        while True:
            await self._something.wait()
            self._something.clear()
            said, self._said = self._said, []
            async with self.database.transaction() as session:
                arrivals = [read_arrival(body) for body, _ in said]
                await inbox.store(session, self.bot_id, arrivals, real_now())
            stored = time.perf_counter()
            for _, told in said:
                told.set_result(stored)
            self.processing.wake.ring()

    def hear(self, item: OutboxItem) -> None:
        """A call has been recorded."""
        person = self.persons[item.chat_id]
        markup = item.arguments.get("reply_markup") or {}
        rows = markup.get("inline_keyboard", [])
        if item.kind != "answer":
            person.text = item.arguments["text"]
            person.buttons = {button["text"]: button["callback_data"] for row in rows for button in row}
        person.unheard -= 1
        if person.unheard == 0:
            person.answered.set_result(None)

    async def say(self, person: Person, text: str) -> None:
        """A message, until its answer is recorded."""
        await self._turn(person, {"message": self._message(person, text=text)})

    async def press(self, person: Person, label: str) -> None:
        """A tap on a button of the last message, by a part of its label."""
        found = [data for text, data in person.buttons.items() if label in text]
        assert found, f"no button {label!r} under {person.text!r}"
        query = {
            "id": "1",
            "from": {"id": person.chat, "is_bot": False, "first_name": "李明"},
            "chat_instance": "1",
            "data": found[0],
            "message": self._message(person, text="…"),
        }
        await self._turn(person, {"callback_query": query})

    def _message(self, person: Person, **content: Any) -> dict[str, Any]:
        return {
            "message_id": 7,
            "date": 1_633_885_200,
            "chat": {"id": person.chat, "type": "private"},
            "from": {"id": person.chat, "is_bot": False, "first_name": "李明"},
            **content,
        }

    async def _turn(self, person: Person, body: dict[str, Any]) -> None:
        loop = asyncio.get_running_loop()
        person.answered = loop.create_future()
        told: asyncio.Future[float] = loop.create_future()
        self._said.append(({"update_id": next(self._numbers), **body}, told))
        self._something.set()
        stored = await told
        await person.answered
        self.waits.append(time.perf_counter() - stored)


async def register(exchange: Exchange, person: Person) -> None:
    """From /start to a registered organization."""
    exchange.persons[person.chat] = person
    await exchange.say(person, "/start")
    for label in ("同意并开始", "登记单位"):
        await exchange.press(person, label)
    await exchange.say(person, f"徐州市青禾第{person.chat}志愿者协会")
    for label in ("跳过", "社会团体", "市级"):
        await exchange.press(person, label)
    for words in ("徐州市", "李明", "13800138000"):
        await exchange.say(person, words)
    await exchange.press(person, "登记")


async def _at_once() -> None:
    """No pause."""


async def file(exchange: Exchange, person: Person, pause: Callable[[], Awaitable[None]] = _at_once) -> None:
    """Four filings of one organization: /file, six answers, submit. Eight turns each."""
    for answers in PROJECTS:
        for words in ("/file", *answers):
            await exchange.say(person, words)
            await pause()
        await exchange.press(person, "提交")
        await pause()


@asynccontextmanager
async def exchange_on(folder: Path, bot: Bot, synchronous: Synchronous) -> AsyncIterator[Exchange]:
    """The program on a fresh database."""
    database = Database.open(f"sqlite:///{folder / 'turns.sqlite3'}", synchronous=synchronous)
    await database.upgrade()
    catalog, channel = notices.load(), "webchat"
    clock = Clock(IN_THE_WINDOW - real_now())
    files = FileStore(folder / "files")
    context = {
        "catalog": catalog,
        "channel": channel,
        "files": files,
        "engine": Engine(catalog),
        "settings": Settings.model_validate({"data_dir": folder}),
    }
    processing = Counting(database, dispatcher(), bot, clock, channel, context)
    sending = Recording(
        database,
        bot,
        files,
        Pacing(UNLIMITED, UNLIMITED, int(UNLIMITED)),
        processing.has_calls,
        worker="benchmark",
        channel=channel,
        letters=Deliveries(catalog, clock, channel, bot.id),
    )
    exchange = sending.recorded = processing.expecting = Exchange(database, processing, bot.id)
    parts = [asyncio.create_task(part) for part in (processing.run(), sending.run(), exchange.store())]
    try:
        yield exchange
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await database.close()


async def newcomers(exchange: Exchange, count: int) -> list[Person]:
    """So many persons whose organizations are registered."""
    known = len(exchange.persons)
    persons = [Person(known + number) for number in range(1, count + 1)]
    await asyncio.gather(*(register(exchange, person) for person in persons))
    exchange.waits.clear()
    return persons


async def turns(exchange: Exchange, persons: list[Person], chats: int) -> int:
    """Every person files, so many of them at once; how many turns that took."""
    queue = iter(persons)

    async def chat() -> None:
        for person in queue:
            await file(exchange, person)

    await asyncio.gather(*(chat() for _ in range(chats)))
    return len(persons) * len(PROJECTS) * TURNS_A_FILING


def percentile(waits: list[float], share: float) -> float:
    """The wait that so large a share did not exceed."""
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))]


def as_bot(address: str) -> Bot:
    """A bot at that Bot API, as the program makes it."""
    session = KeepingSession(api=TelegramAPIServer.from_base(address))
    defaults = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
    return Bot("42:benchmark", session=session, default=defaults)
