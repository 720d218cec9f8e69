"""What the Bot API may answer, and how each call ends: sent, failed or unknown, never silently."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import EditMessageText, SendDocument, SendMessage
from sqlalchemy import select
from sqlmodel import col

from bot.calls import gather_calls
from bot.clock import real_now
from bot.handover import Handover
from bot.pacing import Pacing
from bot.sending import AT_ONCE, FOR_REPLIES, Sending
from handlers.outgoing import Kind, Outgoing, stored
from storage import identities, outbox
from storage.database import Database
from storage.files import FileStore
from storage.people import Person
from storage.queues import OutboxRow
from tests.bot.driving import KEY
from webchat import Faults, WebChat

TOKEN = "4242:for-tests-only-secret"
CHATS = range(1, 45)


@dataclass
class Line:
    """An outbox being drained towards a local Bot API that can be told to misbehave."""

    database: Database
    faults: Faults
    bot: Bot
    sending: Sending
    wake: Handover
    files: FileStore

    async def post(self, *outgoing: Outgoing, chat: int = 1) -> None:
        async with self.database.transaction() as session:
            await outbox.add(session, gather_calls(outgoing, 4242, chat), real_now())
        self.wake.ring()

    async def say(self, *texts: str, chat: int = 1, kind: Kind = "reply") -> None:
        await self.post(
            *(Outgoing(SendMessage(chat_id=chat, text=text), kind=kind) for text in texts), chat=chat
        )

    async def endings(self, count: int) -> list[str]:
        """How the first calls ended, once `count` have."""
        for _ in range(800):
            rows = [row for row in await self.rows() if row.ended_at]
            if len(rows) >= count:
                return [row.state for row in rows]
            await asyncio.sleep(0.025)
        raise TimeoutError(f"fewer than {count} calls have ended")

    async def rows(self) -> list[OutboxRow]:
        async with self.database.snapshot() as session:
            return list(await session.scalars(select(OutboxRow).order_by(col(OutboxRow.id))))

    def seen(self, chat: int | None = None) -> list[str]:
        """The texts the server accepted, in order."""
        return [str(call.arguments.get("text")) for call in self.faults.accepted(chat=chat)]


@pytest.fixture
async def line(database: Database, data_folder: Path) -> AsyncIterator[Line]:
    faults = Faults()
    chat = WebChat(data_folder / "webchat", KEY, TOKEN, faults=faults)
    await chat.start()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        for number in CHATS:
            async with http.post(
                f"{chat.api_url}/api/chats/{number}/messages", json={"text": "hi"}
            ) as answer:
                assert answer.status == 200
    session = AiohttpSession(api=TelegramAPIServer.from_base(chat.api_url), timeout=1)
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    wake, files = Handover(), FileStore(data_folder / "files")
    sending = Sending(database, bot, files, Pacing(100, 100, 5), wake, worker="test", channel="webchat")
    running = asyncio.create_task(sending.run())
    yield Line(database, faults, bot, sending, wake, files)
    sending.stop()
    await asyncio.wait([running], timeout=5)
    running.cancel()
    await bot.session.close()
    await chat.stop()


async def test_a_chat_hears_its_replies_in_order(line: Line) -> None:
    await line.say("one", "two", "three")
    assert await line.endings(3) == ["sent"] * 3
    assert line.seen() == ["one", "two", "three"]
    assert all(row.message_id for row in await line.rows())


async def test_nothing_leaves_for_a_chat_before_retry_after_ends_and_others_go_on(line: Line) -> None:
    line.faults.add("refuse", code=429, retry_after=2, chat=1)
    await line.say("slow down", "then this", chat=1)
    await line.say("not concerned", chat=2)
    assert await line.endings(3) == ["sent"] * 3
    assert line.seen() == ["not concerned", "slow down", "then this"]
    refused, *later = [call for call in line.faults.calls if str(call.arguments["chat_id"]) == "1"]
    assert min(call.at for call in later) - refused.at >= 2


async def test_a_broadcast_told_to_wait_stops_everybody_and_loses_nobody(line: Line) -> None:
    line.faults.add("refuse", code=429, retry_after=2, chat=1)
    await line.say("news", chat=1, kind="broadcast")
    for _ in range(500):
        if (await line.rows())[0].error:
            break
        await asyncio.sleep(0.01)
    await line.say("news", chat=2, kind="broadcast")
    await line.say("reply", chat=3)
    assert await line.endings(3) == ["sent"] * 3
    first, *later = line.faults.calls
    assert min(call.at for call in later) - first.at >= 2


async def test_a_reply_leaves_while_the_server_stalls_on_letters(line: Line) -> None:
    line.bot.session.timeout = 30
    for chat in CHATS[1:]:
        line.faults.add("stall_after", chat=chat, seconds=20)
        await line.say("news", chat=chat, kind="broadcast")
    for _ in range(500):
        if len(line.faults.calls) == AT_ONCE - FOR_REPLIES:
            break
        await asyncio.sleep(0.01)
    await line.say("reply", chat=1)
    assert await line.endings(1) == ["sent"]
    assert line.seen(1) == ["reply"]


@pytest.mark.parametrize("code", [403, 400])
async def test_somebody_who_is_gone_is_noted_and_the_rest_go_on(code: int, line: Line) -> None:
    async with line.database.transaction() as session:
        await identities.add_person(session, "webchat", 1, "李明", real_now())
    line.faults.add("refuse", code=code, chat=1)
    await line.say("news", chat=1, kind="broadcast")
    await line.say("news", chat=2, kind="broadcast")
    assert sorted(await line.endings(2)) == ["failed", "sent"]
    async with line.database.snapshot() as session:
        (person,) = await session.scalars(select(Person))
        assert person.unreachable_since is not None


@pytest.mark.parametrize("kind", ["break_after", "stall_after"])
async def test_a_lost_confirmation_repeats_a_reply_but_never_a_broadcast(kind: str, line: Line) -> None:
    for chat in (1, 2):
        line.faults.add(kind, chat=chat, seconds=3)  # type: ignore[arg-type]
    await line.say("reply", chat=1)
    await line.say("news", chat=2, kind="broadcast")
    assert await line.endings(2) == ["sent", "unknown"]
    assert line.seen(1) == ["reply", "reply"]
    assert line.seen(2) == ["news"]


async def test_a_server_in_trouble_is_tried_again(line: Line) -> None:
    line.faults.add("refuse", code=502)
    await line.say("patience")
    assert await line.endings(1) == ["sent"]
    assert line.seen() == ["patience"]
    (row,) = await line.rows()
    assert row.attempts == 1


async def test_a_call_the_server_will_never_take_fails_and_does_not_block(line: Line) -> None:
    line.faults.add("refuse", code=400, description="Bad Request: nobody knows why")
    await line.say("doomed", "next")
    assert await line.endings(2) == ["failed", "sent"]
    assert line.seen() == ["next"]


@pytest.mark.parametrize(
    "words",
    ["Bad Request: message is not modified", "Bad Request: query is too old and response timeout expired"],
)
async def test_harmless_refusals_count_as_sent(words: str, line: Line) -> None:
    line.faults.add("refuse", code=400, description=words)
    await line.say("again")
    assert await line.endings(1) == ["sent"]


async def test_a_chat_that_moved_gets_its_message_once_under_its_new_id(line: Line) -> None:
    async with line.database.transaction() as session:
        await identities.add_person(session, "webchat", 1, "李明", real_now())
    line.faults.add(
        "refuse", code=400, description="Bad Request: group migrated", migrate_to_chat_id=2, chat=1
    )
    await line.say("moved", "too", chat=1)
    assert await line.endings(2) == ["sent", "sent"]
    assert (line.seen(1), line.seen(2)) == ([], ["moved", "too"])
    async with line.database.snapshot() as session:
        (person,) = await session.scalars(select(Person))
        assert person.chat_id == 2


async def test_broken_markup_is_sent_as_plain_text(line: Line) -> None:
    await line.say("<b>1 &lt; 2")
    assert await line.endings(1) == ["sent"]
    assert line.seen() == ["1 < 2"]


async def test_what_is_sent_as_plain_text_waits_its_turn_again(line: Line) -> None:
    line.sending._pacing = Pacing(overall=100, chat=0.001, burst=1)
    await line.say("<b>1 &lt; 2", chat=1)
    for _ in range(500):
        if line.faults.calls and line.faults.calls[0].done:
            break
        await asyncio.sleep(0.01)
    await line.say("meanwhile", chat=2)
    assert await line.endings(1) == ["sent"]
    assert [call.outcome for call in line.faults.calls] == ["refused 400", "accepted"]
    assert line.seen() == ["meanwhile"]


async def test_a_long_text_arrives_whole_in_parts_that_keep_their_tags(line: Line) -> None:
    await line.say("<b>" + "兴村。\n" * 1500 + "</b>")
    states = await line.endings(2)
    assert states == ["sent"] * len(states)
    parts = line.seen()
    assert all(part.startswith("<b>") and part.endswith("</b>") for part in parts)
    assert sum(part.count("兴村。") for part in parts) == 1500


async def test_an_edit_finds_its_message_by_name_and_is_sent_anew_where_there_is_none(line: Line) -> None:
    progress = Outgoing(SendMessage(chat_id=1, text="0%"), name="progress")
    edit = Outgoing(EditMessageText(chat_id=1, text="100%"), edits="progress")
    stray = Outgoing(EditMessageText(chat_id=1, text="done"), edits="nobody")
    await line.post(progress, edit, stray)
    assert await line.endings(3) == ["sent"] * 3
    first, second, third = await line.rows()
    assert first.message_id == second.message_id != third.message_id
    assert [call.method for call in line.faults.accepted()] == [
        "sendMessage",
        "editMessageText",
        "sendMessage",
    ]


async def test_a_stored_file_is_uploaded_under_the_name_people_see(line: Line) -> None:
    async with line.database.transaction() as session:
        row = await line.files.save(session, b"table", "附件1 统计表.xlsx", real_now())
    await line.post(Outgoing(SendDocument(chat_id=1, document=stored(row.id or 0))))
    assert await line.endings(1) == ["sent"]
    (call,) = line.faults.accepted("sendDocument")
    assert call.result["document"]["file_name"] == "附件1 统计表.xlsx"


async def test_one_chat_is_paced_with_bursts_and_others_are_not_held_up() -> None:
    pacing = Pacing(overall=1000, chat=20, burst=5)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(5):
        await pacing.wait_turn(1)
    assert loop.time() - began < 0.04
    for _ in range(10):
        await pacing.wait_turn(1)
    assert loop.time() - began >= 0.45
    before = loop.time()
    await pacing.wait_turn(2)
    await pacing.wait_turn(1, paced=False)
    assert loop.time() - before < 0.04
