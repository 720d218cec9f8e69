"""A reminder to many while Telegram refuses, stalls and breaks off, and the program is killed at any moment.

Faults 20-25 and 32, invariants 4 and 5. `XINGCUN_TEST_BROADCAST=2000x20` sets recipients and kills; without
it they are few enough for every run.
"""

import asyncio
import functools
import os
import random
from collections import Counter

import pytest

import bot.app
from bot.answers import KeepingSession
from storage.database import Database
from tests.faults.conftest import Start
from tests.faults.crowd import settle_in
from tests.faults.peeking import count, query, until
from tests.faults.telegram_server import TOKEN, Telegram
from webchat.faults import Call, chat_of

RECIPIENTS, KILLS = map(int, os.environ.get("XINGCUN_TEST_BROADCAST", "200x4").split("x"))
RATE = 200
# So many calls may have left before the first of them heard that it is to stop.
UNDER_WAY = 30
STOP_SECONDS = 2
STATES = {"sent", "failed", "unknown", "pending", "skipped"}


def give_up_soon() -> None:
    """In the program: a call without an answer is given up after two seconds, not sixty."""
    bot.app.KeepingSession = functools.partial(KeepingSession, timeout=2)  # type: ignore[assignment,attr-defined]


async def gather_crowd(telegram: Telegram, database: Database, chats: list[int]) -> None:
    """All of them have written once, long ago, and are registered."""
    for some in range(0, len(chats), 100):
        await asyncio.gather(*(telegram.meet(chat).says("/start") for chat in chats[some : some + 100]))
    last = 0
    while await telegram.waiting():
        address = f"{telegram.server.api_url}/bot{TOKEN}/getUpdates"
        async with telegram.http.get(address, params={"offset": last + 1}) as answer:
            last = (await answer.json())["result"][-1]["update_id"]
        async with telegram.http.get(address, params={"offset": last + 1, "limit": 1}):
            pass
    async with database.transaction() as session:
        await settle_in(session, "telegram", chats)


class Trouble:
    """What goes wrong for whom: each kind strikes chats of its own."""

    def __init__(self, telegram: Telegram, chats: list[int], chance: random.Random) -> None:
        each = max(2, len(chats) // 50)
        struck = chance.sample(chats, 7 * each)
        self.slowed, self.blocked, self.gone, self.stalled, self.cut, self.refused, self.broken = (
            struck[number * each : (number + 1) * each] for number in range(7)
        )
        add = functools.partial(telegram.faults.add, method="sendMessage")
        self.slowed = self.slowed[:4]
        for chat in self.slowed:
            add("refuse", code=429, retry_after=STOP_SECONDS, chat=chat)
        for chat in self.blocked:
            add("refuse", code=403, times=None, chat=chat)
        for chat in self.gone:
            add("refuse", code=400, times=None, chat=chat)
        for chat in self.stalled:
            add("stall_after", seconds=5, chat=chat)
        for chat in self.cut:
            add("break_after", chat=chat)
        for chat in self.refused:
            add("refuse", code=502, times=2, chat=chat)
        for chat in self.broken:
            add("break_before", chat=chat)


async def ledger_of(database: Database) -> dict[int, tuple[str, str]]:
    """By chat: state and reason; fails when a chat has two rows."""
    rows = await query(
        database,
        "SELECT p.chat_id, r.state, r.reason FROM broadcast_recipient r JOIN person p ON p.id = r.person_id",
    )
    assert len({row[0] for row in rows}) == len(rows), "two rows for one recipient"
    return {row[0]: (row[1], row[2]) for row in rows}


async def assert_adds_up(database: Database, audience: int) -> None:
    """Once planned the ledger holds the whole audience, whatever has happened since."""
    found = await query(database, "SELECT total FROM broadcast WHERE state <> 'skipped' AND total > 0")
    ledger = await ledger_of(database)
    assert [row[0] for row in found] == ([audience] if found else [])
    assert len(ledger) == (audience if found else 0)
    assert {state for state, _ in ledger.values()} <= STATES | {"sending"}


async def is_over(database: Database) -> bool:
    """Whether the broadcast has ended."""
    return [tuple(row) for row in await query(database, "SELECT state FROM broadcast WHERE total > 0")] == [
        ("done",)
    ]


def assert_stops_were_kept(calls: list[Call], deaths: list[float]) -> None:
    """Within one life of the program only what was under way arrives until retry_after has ended.

    Counted, not timed: a busy machine may hold up a call that has left. At this rate, a sender that goes on
    sends over ten times as many.
    """
    for stop in (call for call in calls if call.outcome == "refused 429" and call.done):
        start, end = stop.done or 0, (stop.done or 0) + STOP_SECONDS - 0.1
        end = min([end, *(death for death in deaths if death > start)])
        assert len([call for call in calls if start < call.at < end]) < UNDER_WAY


@pytest.mark.timeout(60 + RECIPIENTS // 4 + 10 * KILLS)
async def test_20_to_25_and_32_every_recipient_is_accounted_for_and_none_hears_twice(
    telegram: Telegram, database: Database, start: Start
) -> None:
    chance = random.Random(20211020)
    chats = list(range(1, RECIPIENTS + 1))
    await gather_crowd(telegram, database, chats)
    trouble = Trouble(telegram, chats, chance)
    deaths: list[float] = []
    begin = functools.partial(
        start,
        prepare=give_up_soon,
        XINGCUN_NOW="2021-10-13T09:05",
        XINGCUN_RATE_OVERALL=str(RATE),
    )
    # Each life ends once so many more calls have come in, at any moment of what follows.
    for moment in sorted(chance.sample(range(1, RECIPIENTS * 9 // 10), KILLS)):
        async with begin() as program:
            async with asyncio.timeout(60):
                while len(telegram.calls()) < moment:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            await asyncio.sleep(chance.random() * 0.1)
            program.kill()
            await program.dies()
            deaths.append(telegram.faults.clock())
        await assert_adds_up(database, RECIPIENTS)
    async with begin():
        await until(lambda: is_over(database), 30 + RECIPIENTS / 20)
    await assert_adds_up(database, RECIPIENTS)

    ledger = await ledger_of(database)
    seen = Counter(chat_of(call.arguments) for call in telegram.faults.accepted("sendMessage"))
    states = Counter(state for state, _ in ledger.values())
    print(f"\n{RECIPIENTS} recipients, {KILLS} kills: {dict(states)}, calls {len(telegram.calls())}")
    assert sum(states.values()) == RECIPIENTS
    assert set(states) <= STATES - {"pending", "skipped"}
    assert max(seen.values()) == 1, "somebody heard it twice"
    assert {seen[chat] for chat, (state, _) in ledger.items() if state == "sent"} == {1}
    assert {seen[chat] for chat, (state, _) in ledger.items() if state == "failed"} <= {0}
    for chat in trouble.blocked + trouble.gone:
        assert ledger[chat] in [("failed", "unreachable"), ("unknown", "unconfirmed")]
    for chat in trouble.slowed + trouble.refused:
        assert ledger[chat][0] in ("sent", "unknown")
    for chat in trouble.stalled + trouble.cut + trouble.broken:
        assert ledger[chat] == ("unknown", "unconfirmed")
    assert states["sent"] > RECIPIENTS / 2
    unreachable = await query(database, "SELECT chat_id FROM person WHERE unreachable_since IS NOT NULL")
    assert {row[0] for row in unreachable} == {chat for chat in ledger if ledger[chat][1] == "unreachable"}
    assert_stops_were_kept(telegram.calls(), deaths)


async def test_20_a_stop_asked_of_everybody_is_kept_over_a_restart(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Fault 20: killed inside a stop, the next life lets nothing leave either, not even a reply."""
    chats = [1, 2, 3]
    await gather_crowd(telegram, database, chats)
    telegram.faults.add("refuse", code=429, retry_after=900, times=len(chats), method="sendMessage")

    async def is_kept() -> bool:
        return await count(database, "kept_setting WHERE key = 'stopped_until'") == 1

    async def is_claimed() -> bool:
        return await count(database, "outbox WHERE chat_id = 4 AND state = 'sending'") == 1

    async with start(XINGCUN_NOW="2021-10-13T09:05") as program:
        await until(is_kept, 60)
        program.kill()
        await program.dies()
    before = len(telegram.calls())
    await telegram.meet(4).says("/help")
    async with start(XINGCUN_NOW="2021-10-13T09:05") as program:
        await until(is_claimed, 60)
        await telegram.stays_silent()
        assert len(telegram.calls()) == before
        program.kill()
        await program.dies()
