"""A rung fires once, whoever fires it; the ledger has one row a recipient, and always adds up."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select

import notices
from reminders import casting, firing, letters
from reminders.ladder import SHANGHAI, rungs
from storage import broadcast_queries, ledger, ledger_figures, outbox
from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.database import Database, Session
from storage.outbox import Call, OutboxItem, Outcome
from storage.people import Membership, Organization, Person
from storage.queues import OutboxRow

NOW = datetime(2021, 10, 13, 9, 40, tzinfo=SHANGHAI)
CATALOG = notices.load()
RUNG = next(item for item in rungs(CATALOG.notice("jiangsu-2021")) if item.key == "jiangsu-2021/nothing/7")


async def settle_town(session: Session, count: int) -> None:
    """That many contacts, each with an organization that has filed nothing."""
    numbers = range(1, count + 1)
    await session.execute(
        insert(Person), [{"id": n, "channel": "webchat", "chat_id": n, "created_at": NOW} for n in numbers]
    )
    await session.execute(
        insert(Organization),
        [
            {
                "id": n,
                "kind": "organization",
                "name": f"第{n}协会",
                "folded_name": f"第{n}协会",
                "level": "city",
                "home": "320300",
                "created_at": NOW,
                "created_by": n,
            }
            for n in numbers
        ],
    )
    await session.execute(
        insert(Membership),
        [{"person_id": n, "organization_id": n, "state": "active", "created_at": NOW} for n in numbers],
    )


async def fire(database: Database, now: datetime = NOW) -> firing.Fired:
    async with database.transaction() as session:
        return await firing.fire_due(session, CATALOG, now, now)


async def counts(database: Database) -> tuple[int, int]:
    async with database.snapshot() as session:
        broadcasts = await session.scalar(select(func.count()).select_from(Broadcast))
        rows = await session.scalar(select(func.count()).select_from(BroadcastRecipient))
    return broadcasts or 0, rows or 0


async def test_schedulers_and_staff_at_the_same_moment_fire_once(
    database: Database, database_url: str
) -> None:
    others = [Database.open(database_url, synchronous="NORMAL") for _ in range(3)]
    async with database.transaction() as session:
        await settle_town(session, 5)

    async def by_hand(one: Database) -> int | None:
        async with one.transaction() as session:
            return await firing.fire(session, RUNG, NOW, NOW)

    await asyncio.gather(*(fire(one) for one in others), *(by_hand(one) for one in others))
    async with database.snapshot() as session:
        fired = list(await session.scalars(select(Broadcast).where(Broadcast.key == RUNG.key)))
        assert [(row.state, row.total) for row in fired] == [("running", 5)]
        tally = await ledger_figures.tally(session, fired[0].id or 0)
    assert (tally.total, tally.pending) == (5, 5)
    for other in others:
        await other.close()


@pytest.mark.parametrize("days", [(-1, 0, 1), (1, 0, -1), (0, 0, 1)])
async def test_a_clock_that_jumps_a_day_fires_nothing_twice(
    database: Database, days: tuple[int, ...]
) -> None:
    async with database.transaction() as session:
        await settle_town(session, 3)
    await fire(database)
    before = await counts(database)
    for shift in days:
        await fire(database, NOW + timedelta(days=shift))
    assert await counts(database) == before


async def test_the_same_recipient_cannot_stand_in_the_ledger_twice(database: Database) -> None:
    async with database.transaction() as session:
        await settle_town(session, 1)
    await fire(database)
    async with database.transaction() as session:
        row = (await session.scalars(select(BroadcastRecipient))).first()
        assert row is not None
        number = row.broadcast_id
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.transaction() as session:
            await session.execute(
                insert(BroadcastRecipient),
                [{"broadcast_id": number, "person_id": 1, "state": "pending", "reason": "", "attempts": 0}],
            )


async def test_a_call_under_way_at_a_cancelling_and_then_to_be_made_again_is_not(
    database: Database,
) -> None:
    async with database.transaction() as session:
        await settle_town(session, 3)
        number = await firing.fire(session, RUNG, NOW, NOW) or 0
    items = await begin_some(database, number, 2)
    async with database.transaction() as session:
        broadcast = await broadcast_queries.get(session, number)
        assert broadcast is not None
        await casting.cancel(session, broadcast, NOW)
    async with database.transaction() as session:
        outcomes = [Outcome(items[0].id, "pending", 1, not_before=NOW), Outcome(items[1].id, "sent", 1)]
        await ledger.settle(session, outcomes, frozenset(), NOW)
    async with database.snapshot() as session:
        tally = await ledger_figures.tally(session, number)
    assert (tally.sent, tally.skipped, tally.pending) == (1, 2, 0)
    assert tally.because("cancelled") == 2
    assert not await begin_some(database, number, 2)


ENDINGS = st.lists(
    st.sampled_from(["sent", "failed", "unknown", "pending", "crash", "pause", "cancel"]), max_size=12
)


@given(endings=ENDINGS, size=st.integers(1, 4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_the_ledger_adds_up_to_its_audience(
    database: Database, endings: list[str], size: int
) -> None:
    """Invariants 4 and 5, over any order of endings, crashes, pauses and stops."""
    await empty(database)
    async with database.transaction() as session:
        await settle_town(session, 6)
    await fire(database)
    async with database.snapshot() as session:
        broadcast = (
            await session.scalars(select(Broadcast).where(Broadcast.key == "jiangsu-2021/nothing/7"))
        ).one()
    number = broadcast.id or 0
    seen: list[int] = []
    for ending in endings:
        await one_turn(database, number, ending, size, seen)
        async with database.snapshot() as session:
            tally = await ledger_figures.tally(session, number)
        assert tally.total == broadcast.total == 6
        assert tally.sent + tally.failed + tally.unknown + tally.pending + tally.skipped == 6
    assert len(seen) == len(set(seen))


async def one_turn(database: Database, number: int, ending: str, size: int, seen: list[int]) -> None:
    if ending in ("pause", "cancel"):
        after = {"pause": "paused", "cancel": "cancelled"}[ending]
        async with database.transaction() as session:
            moved = await broadcast_queries.move(session, number, ["running", "paused"], after)
            if ending == "cancel" and moved:
                await ledger.skip_rest(session, number, "cancelled", NOW)
            if ending == "pause":
                await broadcast_queries.move(session, number, ["paused"], "running")
        return
    items = await begin_some(database, number, size)
    async with database.transaction() as session:
        if ending == "crash":
            await outbox.recover(session, NOW, everything=True)
            await ledger.follow(session, NOW)
            return
        if ending in ("sent", "unknown"):
            seen += [item.chat_id for item in items]
        outcomes = [Outcome(item.id, ending, 1) for item in items]
        await ledger.settle(session, outcomes, frozenset(), NOW)
        await outbox.record(session, "w", outcomes, NOW)


async def begin_some(database: Database, number: int, size: int) -> list[OutboxItem]:
    """Up to that many letters of the broadcast are claimed, as the sender would."""
    async with database.transaction() as session:
        found = await letters.take(session, CATALOG, "webchat", size, NOW, NOW)
        found = [letter for letter in found if letter.broadcast.id == number]
        calls = [(Call(1, item.chat_id, "SendMessage", {}, "broadcast"), 0) for item in found]
        items = await outbox.add_claimed(session, "w", calls, NOW)
        await ledger.begin(
            session, {letter.recipient: item.id for letter, item in zip(found, items, strict=True)}
        )
    return items


async def empty(database: Database) -> None:
    """As new, for the next example."""
    async with database.transaction() as session:
        for table in (BroadcastRecipient, Broadcast, OutboxRow, Membership, Organization, Person):
            await session.execute(delete(table))
