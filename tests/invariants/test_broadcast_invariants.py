"""Invariants 4 and 5: one row a recipient, the sum always the audience, no row's message leaving twice."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import col

import notices
from bot.clock import real_now
from bot.deliveries import Deliveries
from bot.sending import settle_lost
from reminders import casting, firing
from reminders.ladder import rungs
from storage import broadcast_queries, ledger, ledger_figures, obligations, outbox
from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.outbox import OutboxItem, Outcome
from tests.conftest import ENGINES
from tests.faults.crowd import settle_in
from tests.invariants.conftest import PROFILE
from tests.invariants.grounds import Ground

CROWD = 12
MORNING = datetime(2021, 10, 13, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
CATALOG = notices.load()
RUNG = next(
    rung
    for notice in CATALOG.notices
    if notice.slug == "jiangsu-2021"
    for rung in rungs(notice)
    if rung.reminder.name == "nothing" and rung.due.day == MORNING.day
)
ENDINGS = ("sent", "failed", "gone", "unknown", "again")


class StillClock:
    """A clock moved by the machine."""

    moment = MORNING

    def now(self) -> datetime:
        return self.moment


class Sendings(RuleBasedStateMachine):
    """A rung is fired, paused, cancelled, sent in part; calls end in all ways; the sender dies."""

    engine = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.ground = Ground(self.engine)
        self.clock = StillClock()
        self.deliveries = Deliveries(CATALOG, self.clock, "webchat", 42)  # type: ignore[arg-type]
        self.under_way: list[OutboxItem] = []
        self.broadcast = 0
        self.arrived: Counter[int] = Counter()
        self.ground.run(self._people())

    async def _people(self) -> None:
        async with self.ground.database.transaction() as session:
            await settle_in(session, "webchat", list(range(1, CROWD + 1)))

    @rule()
    def two_fire_it_at_once(self) -> None:
        async def fire() -> int | None:
            async with self.ground.database.transaction() as session:
                return await firing.fire(session, RUNG, self.clock.now(), real_now())

        async def race() -> list[int | None]:
            return await asyncio.gather(fire(), fire())

        fired = [number for number in self.ground.run(race()) if number is not None]
        assert len(fired) == (0 if self.broadcast else 1)
        self.broadcast = self.broadcast or fired[0]

    @rule(days=st.integers(-1, 1))
    def the_clock_jumps(self, days: int) -> None:
        self.clock.moment = MORNING + timedelta(days=days)

    @rule(person=st.integers(1, CROWD))
    def somebody_mutes(self, person: int) -> None:
        async def mute() -> None:
            async with self.ground.database.transaction() as session:
                await obligations.mute(session, person, "jiangsu-2021", MORNING)

        self.ground.run(mute())

    @precondition(lambda self: self.broadcast)
    @rule(verb=st.sampled_from(["pause", "resume", "resume", "cancel"]))
    def staff_tap(self, verb: str) -> None:
        async def tap() -> None:
            async with self.ground.database.transaction() as session:
                row = await broadcast_queries.get(session, self.broadcast)
                assert row is not None
                if verb == "pause":
                    await casting.pause(session, row)
                elif verb == "resume":
                    await casting.resume(session, row)
                else:
                    await casting.cancel(session, row, real_now())

        self.ground.run(tap())

    @rule(count=st.integers(1, 5))
    def some_are_begun(self, count: int) -> None:
        async def take() -> list[OutboxItem]:
            async with self.ground.database.transaction() as session:
                return await self.deliveries.take(session, "machine", count)

        self.under_way += self.ground.run(take())

    @precondition(lambda self: self.under_way)
    @rule(endings=st.lists(st.sampled_from(ENDINGS), min_size=1, max_size=4))
    def some_end(self, endings: list[str]) -> None:
        ended = list(zip(self.under_way, endings, strict=False))
        self.under_way = self.under_way[len(ended) :]
        outcomes, gone = [], set()
        for item, ending in ended:
            if ending in ("sent", "unknown"):
                self.arrived[item.chat_id] += 1
            if ending == "gone":
                gone.add(item.id)
            state = {"gone": "failed", "again": "pending"}.get(ending, ending)
            later = real_now() if state == "pending" else None
            outcomes.append(Outcome(item.id, state, item.attempts + 1, not_before=later))

        async def record() -> None:
            async with self.ground.database.transaction() as session:
                await ledger.settle(session, outcomes, frozenset(gone), real_now())
                await outbox.record(session, "machine", outcomes, real_now())

        self.ground.run(record())

    @rule(how_many_arrived=st.integers(0, 5))
    def the_sender_dies(self, how_many_arrived: int) -> None:
        for item in self.under_way[:how_many_arrived]:
            self.arrived[item.chat_id] += 1
        self.under_way = []

        async def start_again() -> None:
            async with self.ground.database.transaction() as session:
                await settle_lost(session, everything=True)

        self.ground.run(start_again())

    @invariant()
    def all_adds_up(self) -> None:
        async def look() -> None:
            async with self.ground.database.snapshot() as session:
                broadcasts = list(await session.scalars(select(Broadcast)))
                rows = list(
                    await session.scalars(
                        select(BroadcastRecipient).order_by(col(BroadcastRecipient.person_id))
                    )
                )
                assert [row.id for row in broadcasts] == ([self.broadcast] if self.broadcast else [])
                people = [row.person_id for row in rows]
                assert people == (list(range(1, CROWD + 1)) if self.broadcast else [])
                for row in rows:
                    assert self.arrived[row.person_id] <= 1
                    if row.state == "sent":
                        assert self.arrived[row.person_id] == 1
                    if row.state in ("pending", "skipped", "failed"):
                        assert not self.arrived[row.person_id]
                for item in broadcasts:
                    tally = await ledger_figures.tally(session, item.id or 0)
                    assert tally.total == item.total == CROWD
                    assert sum(tally.as_json().values()) == CROWD
                    if item.state == "cancelled" and not self.under_way:
                        assert tally.pending == 0

        self.ground.run(look())

    def teardown(self) -> None:
        self.ground.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_recipient_is_accounted_for_whatever_happens(engine: str) -> None:
    machine = type("Sendings", (Sendings,), {"engine": engine})
    run_state_machine_as_test(machine, settings=PROFILE)
