"""Updates that come twice, again after a restart, while the program ends, or to two programs at once."""

import asyncio
import signal

from storage.database import Database
from tests.bot.process import Program
from tests.faults.conftest import Start
from tests.faults.peeking import count, query, states, until
from tests.faults.slow import BEGUN, answer_slowly
from tests.faults.telegram_server import Telegram

WORDS = 100  # as many as the server delivers at most


async def test_04_05_replayed_updates_have_no_effect_at_once_or_after_a_restart(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Faults 4 and 5: the last 100 updates come again while the program runs, and after it was killed."""
    people = [telegram.meet(chat) for chat in (1, 2)]
    async with start() as program:
        for number in range(WORDS // 2):
            for person in people:
                await person.says(f"/help {number}")
            if number % 10 == 5:
                await asyncio.gather(*(telegram.control("replays", count=10) for _ in range(3)))
        await telegram.takes(WORDS, seconds=180)
        await telegram.control("replays", count=WORDS)
        await until(telegram.all_confirmed)

        async def all_recorded() -> bool:
            return await states(database, "outbox") == {"sent": WORDS}

        # What was sent and is not recorded at the kill is rightly sent again: that is fault 3.
        await until(all_recorded)
        await telegram.stays_silent()
        program.kill()
        assert await program.dies() == -9
    before = await tables(database)
    assert before["inbox"] == before["outbox"] == WORDS
    await telegram.control("replays", count=WORDS)
    async with start():
        await until(telegram.all_confirmed)
        await telegram.stays_silent(0.5)
    assert await tables(database) == before
    assert await states(database, "inbox") == {"done": WORDS}


async def tables(database: Database) -> dict[str, int]:
    return {name: await count(database, name) for name in ("inbox", "outbox", "person", "audit")}


async def in_mid_handler(telegram: Telegram, program: Program, word: str) -> None:
    """A person writes, and the program is told to end while it works on it."""
    await telegram.meet(1).says(word)

    async def begun() -> bool:
        return BEGUN in program.errors.read_text()

    await until(begun)
    program.send(signal.SIGTERM)
    assert await program.dies() == 0


async def test_06_a_polite_end_in_mid_handler_lets_the_answer_leave(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Fault 6: SIGTERM in mid-handler, with time to drain."""
    async with start(prepare=answer_slowly, XINGCUN_DRAIN_SECONDS="40") as program:
        await in_mid_handler(telegram, program, "drained")
    assert telegram.taken() == ["heard drained"]
    assert await query(database, "SELECT state, attempts FROM inbox") == [("done", 0)]
    assert await states(database, "outbox") == {"sent": 1}


async def test_06_an_end_that_cannot_wait_leaves_the_update_for_the_next_start(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Fault 6: SIGTERM in mid-handler, without time to drain."""
    async with start(prepare=answer_slowly, XINGCUN_DRAIN_SECONDS="0") as program:
        await in_mid_handler(telegram, program, "replayed")
    assert telegram.taken() == []
    assert await states(database, "inbox") == {"new": 1}
    async with start(prepare=answer_slowly):
        assert await telegram.takes(1) == ["heard replayed"]
        await telegram.stays_silent(0.5)
    assert await states(database, "inbox") == {"done": 1}


async def test_08_a_second_poller_ends_the_program_loudly(telegram: Telegram, start: Start) -> None:
    """Fault 8: another program polls with the same token."""
    async with start() as program:
        telegram.faults.add("refuse", method="getUpdates", code=409, description="Conflict: terminated")
        await telegram.meet(1).says("/help")
        assert await program.dies() == 1
        complaint = program.errors.read_text().strip().splitlines()[-1]
        assert "另一个程序正在用同一个 BOT_TOKEN" in complaint
