"""The queues: once, in the order of each chat, and nothing lost with its worker."""

import asyncio
from datetime import UTC, datetime, timedelta

import sqlalchemy

from storage import inbox, jobs, outbox, states, tallies
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import Call, Outcome
from storage.states import Standing

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BOT = 42


async def arrive(database: Database, *pairs: tuple[int, int]) -> None:
    async with database.transaction() as session:
        arrivals = [Arrival(update_id, chat, {"update_id": update_id}) for update_id, chat in pairs]
        await inbox.store(session, BOT, arrivals, NOW)


async def take_and_finish(database: Database, limit: int = 10, now: datetime = NOW) -> list[int]:
    async with database.transaction() as session:
        items = await inbox.take(session, limit, now)
        await inbox.finish(session, [item.id for item in items], now)
    return [item.update_id for item in items]


async def test_an_update_stored_twice_is_one(database: Database) -> None:
    await arrive(database, (1, 7), (2, 7))
    await arrive(database, (2, 7), (1, 7))
    await asyncio.gather(*(arrive(database, (3, 7)) for _ in range(5)))
    async with database.snapshot() as session:
        assert await tallies.count_by_state(session, "inbox") == {"new": 3}


async def test_each_chat_comes_in_its_order_and_chats_come_together(database: Database) -> None:
    await arrive(database, (1, 7), (2, 7), (3, 8), (4, 7), (5, 9))
    assert await take_and_finish(database) == [1, 3, 5]
    assert await take_and_finish(database) == [2]
    assert await take_and_finish(database) == [4]
    assert await take_and_finish(database) == []


async def test_an_update_id_that_jumps_backwards_is_an_update(database: Database) -> None:
    await arrive(database, (1000, 7))
    await arrive(database, (3, 7))
    assert await take_and_finish(database) == [1000]
    assert await take_and_finish(database) == [3]


async def test_a_failing_row_holds_its_chat_until_it_is_parked_and_no_other(database: Database) -> None:
    await arrive(database, (1, 7), (2, 7), (3, 8))
    now = NOW
    for attempt in range(1, 6):
        async with database.transaction() as session:
            item = next(item for item in await inbox.take(session, 1, now) if item.chat_id == 7)
            assert item.update_id == 1
            assert await inbox.fail(session, item, "boom", now) == (attempt == 5)
        if attempt == 1:
            assert await take_and_finish(database) == [3]
        now += timedelta(seconds=2**attempt)
    assert await take_and_finish(database, now=now) == [2]
    async with database.snapshot() as session:
        assert await tallies.count_by_state(session, "inbox") == {"parked": 1, "done": 2}


async def test_two_workers_never_hold_the_same_chat(database: Database) -> None:
    await arrive(database, (1, 7), (2, 7), (3, 8))
    async with database.transaction() as first:
        assert [item.update_id for item in await inbox.take(first, 1, NOW)] == [1]
        try:
            async with asyncio.timeout(0.2), database.transaction() as second:
                others = [item.update_id for item in await inbox.take(second, 10, NOW)]
        except TimeoutError:
            assert database.is_sqlite, "only SQLite lets a second worker wait"
            others = [3]
    assert others == [3]


async def add_calls(database: Database, *calls: Call) -> None:
    async with database.transaction() as session:
        await outbox.add(session, calls, NOW)


def text(chat: int, words: str, kind: str = "reply") -> Call:
    return Call(BOT, chat, "SendMessage", {"chat_id": chat, "text": words}, kind)


async def claim(
    database: Database, worker: str = "a", limit: int = 10, now: datetime = NOW, *, broadcast: bool = False
) -> list[outbox.OutboxItem]:
    async with database.transaction() as session:
        return await outbox.claim(session, worker, limit, now, broadcast=broadcast)


async def record(database: Database, outcome: Outcome, worker: str = "a") -> None:
    async with database.transaction() as session:
        await outbox.record(session, worker, [outcome], NOW)


def words(items: list[outbox.OutboxItem]) -> list[str]:
    return [item.arguments["text"] for item in items]


async def test_replies_leave_in_the_order_of_their_chat(database: Database) -> None:
    await add_calls(database, text(7, "one"), text(7, "two"), text(8, "other"))
    first = await claim(database)
    assert words(first) == ["one", "other"]
    assert await claim(database) == []
    await record(database, Outcome(first[0].id, "sent", message_id=11))
    assert words(await claim(database)) == ["two"]


async def test_a_failed_row_never_blocks_its_chat(database: Database) -> None:
    await add_calls(database, text(7, "one"), text(7, "two"))
    (first,) = await claim(database)
    await record(database, Outcome(first.id, "failed", error="blocked"))
    assert words(await claim(database)) == ["two"]


async def test_a_row_to_be_tried_again_keeps_its_place(database: Database) -> None:
    await add_calls(database, text(7, "one"), text(7, "two"))
    (first,) = await claim(database)
    later = NOW + timedelta(seconds=3)
    await record(database, Outcome(first.id, "pending", attempts=1, not_before=later))
    assert await claim(database) == []
    assert words(await claim(database, now=later)) == ["one"]


async def test_answers_and_replies_do_not_wait_for_broadcasts(database: Database) -> None:
    await add_calls(
        database,
        text(7, "news", "broadcast"),
        text(7, "more", "broadcast"),
        text(7, "hi"),
        text(7, "ok", "answer"),
    )
    assert words(await claim(database)) == ["hi", "ok"]
    (news,) = await claim(database, broadcast=True)
    assert words([news]) == ["news"]
    assert await claim(database, broadcast=True) == []
    await record(database, Outcome(news.id, "sent", message_id=5))
    assert words(await claim(database, broadcast=True)) == ["more"]


async def test_eighty_claimers_at_once_double_nothing(database: Database) -> None:
    await add_calls(database, *(text(chat, str(chat)) for chat in range(100)))
    claimed = await asyncio.gather(*(claim(database, f"w{n}", 3) for n in range(80)))
    ids = [item.id for items in claimed for item in items]
    assert len(ids) == len(set(ids)) == 100


async def test_a_lost_sender_s_replies_are_sent_again_and_its_broadcasts_are_not(database: Database) -> None:
    await add_calls(database, text(7, "hi"), text(8, "news", "broadcast"))
    await claim(database)
    await claim(database, broadcast=True)
    async with database.transaction() as session:
        assert await outbox.recover(session, NOW) == 0
        assert await outbox.recover(session, NOW + outbox.LEASE + timedelta(seconds=1)) == 2
    assert words(await claim(database)) == ["hi"]
    async with database.snapshot() as session:
        assert await tallies.count_by_state(session, "outbox") == {"sending": 1, "unknown": 1}


async def test_a_claim_whose_answer_was_lost_is_due_again(database: Database) -> None:
    await add_calls(database, text(1, "in hand"), text(2, "never known of"))
    first, second = await claim(database, "alive")
    async with database.transaction() as session:
        await outbox.keep(session, "alive", {first.id}, NOW)
    assert [item.id for item in await claim(database, "alive")] == [second.id]


async def test_a_sender_that_outlived_its_claim_records_nothing(database: Database) -> None:
    await add_calls(database, text(7, "hi"))
    (held,) = await claim(database, "late")
    async with database.transaction() as session:
        await outbox.recover(session, NOW, everything=True)
    await record(database, Outcome(held.id, "failed"), "late")
    assert words(await claim(database, "new")) == ["hi"]


async def test_a_message_is_found_again_by_its_name(database: Database) -> None:
    await add_calls(database, Call(BOT, 7, "SendMessage", {"text": "0%"}, name="progress"))
    (item,) = await claim(database)
    await record(database, Outcome(item.id, "sent", message_id=31))
    async with database.snapshot() as session:
        assert await outbox.find_message(session, 7, "progress") == 31
        assert await outbox.find_message(session, 8, "progress") is None


async def enqueue(database: Database, kind: str = "export") -> int:
    async with database.transaction() as session:
        return await jobs.enqueue(session, kind, {"n": 1}, bot_id=BOT, chat_id=7, now=NOW)


async def claim_job(database: Database, worker: str, now: datetime = NOW) -> jobs.JobItem | None:
    async with database.transaction() as session:
        return next(iter(await jobs.claim(session, worker, 1, now)), None)


async def test_a_job_s_result_enters_the_inbox_once(database: Database) -> None:
    job_id = await enqueue(database)
    job = await claim_job(database, "a")
    assert job is not None
    assert await claim_job(database, "b") is None
    for expected in (True, False):
        async with database.transaction() as session:
            assert await jobs.finish(session, "a", job, {"file": 3}, NOW) is expected
    async with database.transaction() as session:
        (item,) = await inbox.take(session, 5, NOW)
    assert (item.update_id, item.chat_id) == (-job_id, 7)
    assert item.body == {"job": job_id, "kind": "export", "payload": {"n": 1}, "result": {"file": 3}}


async def test_a_job_whose_worker_went_silent_is_retaken_and_the_late_result_is_dropped(
    database: Database,
) -> None:
    await enqueue(database)
    slow = await claim_job(database, "slow")
    retaken = await claim_job(database, "fresh", NOW + jobs.LEASE + timedelta(seconds=1))
    assert slow is not None
    assert retaken is not None
    async with database.transaction() as session:
        assert not await jobs.finish(session, "slow", slow, {"late": True}, NOW)
        assert not await jobs.extend(session, "slow", slow, NOW)
        assert await jobs.finish(session, "fresh", retaken, {"late": False}, NOW)
    async with database.transaction() as session:
        (item,) = await inbox.take(session, 5, NOW)
    assert item.body["result"] == {"late": False}


async def test_a_job_that_keeps_failing_is_given_up_and_the_chat_is_told(database: Database) -> None:
    await enqueue(database)
    now = NOW
    for _ in range(jobs.MAX_ATTEMPTS):
        job = await claim_job(database, "a", now)
        assert job is not None
        async with database.transaction() as session:
            assert await jobs.fail(session, "a", job, "broken", now)
        now += timedelta(seconds=10)
    assert await claim_job(database, "a", now) is None
    async with database.transaction() as session:
        (item,) = await inbox.take(session, 5, now)
    assert item.body["failed"] is True


async def test_standings_are_kept_replaced_and_removed(database: Database) -> None:
    async with database.transaction() as session:
        await states.save(session, {"a": Standing("asking", {"draft": 5}), "b": Standing("menu")})
    async with database.transaction() as session:
        await states.save(session, {"a": Standing("card", {"draft": 6}), "b": Standing()})
    async with database.snapshot() as session:
        assert await states.load(session, ["a", "b", "c"]) == {"a": Standing("card", {"draft": 6})}


PLANS = ("hashjoin", "mergejoin", "hashagg", "sort", "material", "bitmapscan")
"""Without these PostgreSQL joins row by row, as it may of itself in tables it holds for small."""


async def test_no_more_is_claimed_than_asked_for_whatever_the_plan(database: Database) -> None:
    async with database.transaction() as session:
        letters = [Call(BOT, chat, "SendMessage", {}, kind="broadcast") for chat in range(40)]
        replies = [Call(BOT, chat, "SendMessage", {}) for chat in range(40)]
        await outbox.add(session, [*letters, *replies], NOW)
        for chat in range(10):
            await jobs.enqueue(session, "export", {}, bot_id=BOT, chat_id=chat, now=NOW)
        if not database.is_sqlite:
            for plan in PLANS:
                await session.execute(sqlalchemy.text(f"SET LOCAL enable_{plan} = off"))
        assert len(await outbox.claim(session, "w", 2, NOW, broadcast=True)) == 2
        assert len(await outbox.claim(session, "w", 3, NOW)) == 3
        assert len(await jobs.claim(session, "w", 2, NOW)) == 2
