"""Replies claimed as they are stored: only those that wait for nothing, and none is ever forgotten."""

import itertools
from datetime import UTC, datetime

from sqlmodel import col, select

from bot.handover import Handover
from storage import inbox, outbox
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import Call, OutboxItem, Outcome
from storage.queues import OutboxRow

NUMBERS = itertools.count(1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def say(text: str, chat: int = 1, **more: str) -> Call:
    return Call(42, chat, "SendMessage", {"chat_id": chat, "text": text}, **more)


def with_sender() -> Handover:
    handover = Handover()
    handover.claimant = "here"
    return handover


async def store(
    database: Database, handover: Handover, *calls: Call, unheard: tuple[int, ...] = ()
) -> list[OutboxItem]:
    """What a batch answers in which each chat of the calls wrote, but those `unheard`."""
    heard = sorted({call.chat_id for call in calls} - set(unheard))
    async with database.transaction() as session:
        await inbox.store(session, 42, [Arrival(next(NUMBERS), chat, {}) for chat in heard], NOW)
        items = await inbox.take(session, 10, NOW)
        await inbox.finish(session, [item.id for item in items], NOW)
        free = {item.chat_id for item in items if not item.waits}
        return await handover.store(session, calls, NOW, free=free)


def texts(items: list[OutboxItem]) -> list[str]:
    return [item.arguments["text"] for item in items]


async def lying(database: Database) -> dict[str, str]:
    async with database.snapshot() as session:
        rows = list(await session.scalars(select(OutboxRow).order_by(col(OutboxRow.id))))
    return {row.arguments["text"]: row.state for row in rows}


async def claimable(database: Database) -> list[str]:
    async with database.transaction() as session:
        return texts(await outbox.claim(session, "here", 10, NOW))


async def test_what_waits_for_nothing_is_handed_over_and_the_rest_lies_in_the_outbox(
    database: Database,
) -> None:
    calls = [
        say("first"),
        say("second"),
        say("tap", kind="answer"),
        say("another chat", chat=2),
        say("edit", chat=3, edits="progress"),
        say("after the edit", chat=3),
        Call(42, 4, "SendDocument", {"chat_id": 4, "text": "file", "document": "stored:1"}),
    ]
    handover = with_sender()
    handed = await store(database, handover, *calls)
    assert texts(handed) == ["first", "tap", "another chat"]
    handover.give(handed, all_there_is=False)
    assert handover.has_more
    assert texts(handover.take(2)) == ["first", "tap"]
    assert texts(handover.take(2)) == ["another chat"]
    assert await claimable(database) == ["edit", "file"]


async def test_two_replies_in_the_same_words_are_two(database: Database) -> None:
    handover = with_sender()
    assert len(await store(database, handover, say("again"), say("again"))) == 1
    async with database.snapshot() as session:
        rows = list(await session.scalars(select(OutboxRow)))
    assert sorted(row.state for row in rows) == ["pending", "sending"]


async def test_a_reply_waits_behind_one_that_waits_for_its_next_attempt(database: Database) -> None:
    handover = with_sender()
    (early,) = await store(database, handover, say("early"))
    async with database.transaction() as session:
        again = Outcome(early.id, "pending", 1, not_before=datetime(2026, 11, 22, 9, 1, tzinfo=UTC))
        await outbox.record(session, "here", [again], NOW)
    assert await store(database, handover, say("late"), say("elsewhere", chat=2)) != []
    assert await lying(database) == {"early": "pending", "late": "pending", "elsewhere": "sending"}
    assert await claimable(database) == []


async def test_a_reply_to_a_chat_that_did_not_write_is_looked_for_in_the_outbox(database: Database) -> None:
    handover = with_sender()
    handed = await store(database, handover, say("here"), say("to a colleague", chat=2), unheard=(2,))
    assert texts(handed) == ["here"]
    assert await claimable(database) == ["to a colleague"]


async def test_what_was_committed_without_anybody_knowing_is_due_again(database: Database) -> None:
    handover = with_sender()
    lost = await store(database, handover, say("lost"))
    kept = await store(database, handover, say("kept", chat=2))
    handover.withdraw(lost)
    handover.give(kept, all_there_is=True)
    async with database.transaction() as session:
        await outbox.keep(session, "here", handover.on_their_way, NOW)
    assert await lying(database) == {"lost": "pending", "kept": "sending"}


async def test_without_a_sender_everything_lies_in_the_outbox(database: Database) -> None:
    handover = with_sender()
    handover.close()
    assert await store(database, handover, say("for another process")) == []
    assert await claimable(database) == ["for another process"]
