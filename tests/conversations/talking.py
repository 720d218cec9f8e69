"""Persons who talk to the bot through the real inbox, dispatcher and outbox; only Telegram is missing."""

import html
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetFile
from aiogram.types import File

from bot.apart import Apart
from bot.clock import real_now
from bot.dispatching import make_dispatcher
from bot.jobs import JobWorker, Tools
from bot.processing import Processing
from bot.settings import Settings
from bot.wakes import Wake
from bot.wiring import JOB_KINDS
from handlers.routers import JOB_RESULTS, routers
from notices import Catalog
from policy import Engine
from storage import inbox, outbox
from storage.database import Database, Session
from storage.files import FileStore
from storage.inbox import Arrival
from storage.outbox import Outcome
from tests.conversations.oracle import Oracle

BOT_ID = 42
SHANGHAI = ZoneInfo("Asia/Shanghai")
IN_THE_WINDOW = datetime(2021, 10, 11, 9, 0, tzinfo=SHANGHAI)


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = IN_THE_WINDOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Seen:
    """A message as its reader sees it."""

    id: int
    html: str
    buttons: dict[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def text(self) -> str:
        """Without markup."""
        return html.unescape(re.sub(r"<[^>]+>", "", self.html))

    @property
    def markup(self) -> dict[str, Any]:
        """The buttons as Telegram sends them along with a tap."""
        rows = [[{"text": text, "callback_data": data}] for text, data in self.buttons.items()]
        return {"inline_keyboard": rows}


class Downloads(BaseSession):
    """The Bot API as far as files are fetched from it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self._files = files

    async def make_request(self, bot: Bot, method: Any, *_: Any, **__: Any) -> Any:
        assert isinstance(method, GetFile)
        if method.file_id not in self._files:
            raise TelegramBadRequest(method, "Bad Request: wrong file_id")
        return File(file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id)

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncIterator[bytes]:
        yield self._files[url.rsplit("/", 1)[1]]

    async def close(self) -> None:
        pass


def real_dispatcher() -> Dispatcher:
    """The program's own; aiogram ties a router to one dispatcher a process, so the last one lets go first."""
    for router in routers():
        router._parent_router = None
    return make_dispatcher(routers(), JOB_RESULTS)


APART = Apart()
"""One child for all towns of a run: it takes seconds to begin."""


class Town:
    """A bot with its database, and everybody who talks to it."""

    def __init__(self, database: Database, url: str, catalog: Catalog, folder: Path) -> None:
        self.settings = Settings.model_validate({"database_url": url, "data_dir": folder})
        self.database, self.catalog, self.clock = database, catalog, SetClock()
        self.files = FileStore(folder / "files")
        self.oracle = Oracle()
        self.engine: Oracle | Engine = self.oracle
        self.before_jobs: Callable[[], Awaitable[None]] | None = None
        self.sent_files: dict[str, bytes] = {}
        self.bot = Bot(f"{BOT_ID}:for-tests", session=Downloads(self.sent_files))
        self.people: dict[int, Conversation] = {}
        self._numbers = itertools.count(1)
        self.restart()

    def restart(self) -> None:
        """Everything held in memory is gone, as after a crash."""
        self.dispatcher = real_dispatcher()
        self.processing = Processing(
            self.database,
            self.dispatcher,
            self.bot,
            self.clock,  # type: ignore[arg-type]
            "webchat",
            {
                "catalog": self.catalog,
                "engine": self.engine,
                "channel": "webchat",
                "settings": self.settings,
                "files": self.files,
            },
        )
        tools = Tools(
            database=self.database,
            files=self.files,
            catalog=self.catalog,
            clock=self.clock,  # type: ignore[arg-type]
            settings=self.settings,
            apart=APART,
            bot=self.bot,
        )
        self.worker = JobWorker(self.database, tools, JOB_KINDS, Wake(), Wake(), worker="test")

    def meet(self, chat: int, name: str = "某人") -> "Conversation":
        """The person of that chat."""
        return self.people.setdefault(chat, Conversation(self, chat, name))

    async def deliver(self, chat: int, body: Mapping[str, Any]) -> None:
        """An update comes in, is worked on, and the replies arrive."""
        await self.deliver_all(chat, [body])

    async def deliver_all(self, chat: int, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Several updates lie in the inbox before any is worked on."""
        arrivals = []
        for body in bodies:
            number = next(self._numbers)
            arrivals.append(Arrival(number, chat, {"update_id": number, **body}))
        async with self.database.transaction() as session:
            await inbox.store(session, BOT_ID, arrivals, real_now())
        await self.settle()

    async def settle(self) -> None:
        """Works on what lies in the inbox and hands out what lies in the outbox."""
        while await self.processing.work():
            pass
        if self.before_jobs:
            await self.before_jobs()
        while await self.worker.work():
            await self.processing.work()
        async with self.database.transaction() as session:
            while items := await outbox.claim(session, "test", 100, real_now()):
                outcomes = [await self._hand_out(session, item) for item in items]
                await outbox.record(session, "test", outcomes, real_now())

    async def file_behind(self, message: "Seen") -> BytesIO:
        """The bytes of the file a message carries."""
        async with self.database.transaction() as session:
            path = self.files.locate(await self.files.find(session, int(message.file.split(":")[1])))
        return BytesIO(path.read_bytes())

    async def _hand_out(self, session: Session, item: outbox.OutboxItem) -> Outcome:
        arguments = dict(item.arguments)
        if item.edits is not None:
            arguments["message_id"] = await outbox.find_message(session, item.chat_id, item.edits)
        number = self.meet(item.chat_id).receives(item.method, arguments)
        return Outcome(item.id, "sent", message_id=number)


class Conversation:
    """One person's chat with the bot."""

    def __init__(self, town: Town, chat: int, name: str) -> None:
        self.town, self.chat, self.name = town, chat, name
        self.messages: dict[int, Seen] = {}
        self.toasts: list[str] = []
        self._changed = 0
        self._ids = itertools.count(1)

    @property
    def last(self) -> Seen:
        """What was said or changed last."""
        return self.messages[self._changed]

    @property
    def text(self) -> str:
        return self.last.text

    @property
    def buttons(self) -> list[str]:
        return list(self.last.buttons)

    async def says(self, *texts: str) -> str:
        """Sends texts one after the other; returns the last answer."""
        for text in texts:
            await self.sends(text=text)
        return self.text

    async def sends(self, **content: Any) -> None:
        """Sends a message with any content."""
        await self.town.deliver(self.chat, {"message": self._message(**content)})

    async def presses(self, *labels: str) -> str:
        """Taps buttons of the last message by their labels or a part of them, one after the other."""
        for label in labels:
            await self.taps(self.last, label)
        return self.text

    async def taps(self, message: Seen, label: str, *, times: int = 1) -> str:
        """Taps a button of any message, also an old one."""
        found = [data for text, data in message.buttons.items() if text == label]
        found += [data for text, data in message.buttons.items() if label in text]
        assert found, f"no button {label!r} among {list(message.buttons)}"
        await self.forges(found[0], message, times=times)
        return self.text

    async def forges(self, data: str, message: Seen | None = None, *, times: int = 1) -> str:
        """Sends callback data as if a button had carried it."""
        shown = message or self.last
        query = {
            "id": "1",
            "from": self._person(),
            "chat_instance": "1",
            "data": data,
            "message": {
                **self._message(text=shown.text),
                "message_id": shown.id,
                "reply_markup": shown.markup,
            },
        }
        await self.town.deliver_all(self.chat, [{"callback_query": query}] * times)
        return self.text

    def copy_of(self, message: Seen) -> Seen:
        """The message as it stands now, to be tapped after it has changed."""
        return Seen(message.id, message.html, dict(message.buttons), message.file)

    def receives(self, method: str, arguments: Mapping[str, Any]) -> int | None:
        """A call of the bot arrives."""
        if method == "AnswerCallbackQuery":
            if arguments.get("text"):
                self.toasts.append(arguments["text"])
            return None
        if method == "EditMessageReplyMarkup":
            seen = self.messages[arguments["message_id"]]
            seen.buttons = self._buttons(arguments)
            return seen.id
        seen = self._read(method, arguments)
        self.messages[seen.id] = seen
        self._changed = seen.id
        return seen.id

    def _read(self, method: str, arguments: Mapping[str, Any]) -> Seen:
        text = arguments.get("text") or arguments.get("caption", "")
        assert arguments.get("parse_mode") == "HTML"
        assert not re.search(r"<(?!/?(?:b|i|u|s|a|code|pre|blockquote)\b)", text), text
        number = arguments["message_id"] if method == "EditMessageText" else next(self._ids)
        return Seen(number, text, self._buttons(arguments), arguments.get("document", ""))

    def _buttons(self, arguments: Mapping[str, Any]) -> dict[str, str]:
        buttons: dict[str, str] = {}
        markup = arguments.get("reply_markup") or {}
        for row in markup.get("inline_keyboard", []):
            assert len(row) <= 8
            for item in row:
                assert 0 < len(item["callback_data"].encode()) <= 64
                assert item["text"] not in buttons, f"two buttons {item['text']!r}"
                buttons[item["text"]] = item["callback_data"]
        return buttons

    def _person(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": self.name}

    def _message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": 100_000 + next(self._ids),
            "date": int(real_now().timestamp()),
            "chat": {"id": self.chat, "type": "private"},
            "from": self._person(),
            **content,
        }
