"""A lock that another connection holds, a disk that is full, a kill in mid-migration."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage.database import Database
from tests.bot.process import run_program
from tests.faults.conftest import Start
from tests.faults.peeking import count, query, states, until
from tests.faults.telegram_server import Telegram
from tests.faults.trouble import IMPATIENCE, die_while_migrating, fill_the_disk, wait_briefly_for_locks

# How patient the program is, and for how many seconds the lock is held.
LOCKS = [
    pytest.param(wait_briefly_for_locks, 10 * IMPATIENCE, id="shortened"),
    pytest.param(
        None,
        30,
        id="30 s",
        marks=pytest.mark.skipif(
            not os.environ.get("XINGCUN_TEST_LONG"), reason="waits 30 s: XINGCUN_TEST_LONG=1"
        ),
    ),
]


@asynccontextmanager
async def held_by_another(url: str) -> AsyncIterator[None]:
    """Another program keeps everybody from writing."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
        return
    server = await asyncpg.connect(url)
    async with server.transaction():
        await server.execute("LOCK TABLE inbox, outbox IN EXCLUSIVE MODE")
        yield
    await server.close()


@pytest.mark.parametrize(("prepare", "seconds"), LOCKS)
async def test_30_a_long_lock_acknowledges_nothing_and_delays_only(
    telegram: Telegram,
    database: Database,
    database_url: str,
    start: Start,
    prepare: Callable[[], None] | None,
    seconds: float,
) -> None:
    """Fault 30: the lock lasts several times as long as the program waits for it."""
    person = telegram.meet(1)
    async with start(prepare=prepare):
        await person.says("/help 1")
        await telegram.takes(1)
        await until(telegram.all_confirmed)
        async with held_by_another(database_url):
            await person.says("/help 2")
            await asyncio.sleep(seconds)
            assert await telegram.waiting() == 1, "it was acknowledged before it was stored"
            assert len(telegram.taken()) == 1
        assert len(await telegram.takes(2)) == 2
        await until(telegram.all_confirmed)
        await telegram.stays_silent(0.5)
    assert await states(database, "inbox") == {"done": 2}
    assert await states(database, "outbox") == {"sent": 2}


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_31_on_a_full_disk_nothing_is_acknowledged_and_lost(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Fault 31: the disk fills up while people write; with room again each is answered."""
    people = [telegram.meet(chat) for chat in range(1, 9)]
    rounds = 0
    async with start(prepare=fill_the_disk) as program:
        while "OperationalError" not in program.errors.read_text():
            assert rounds < 60, "the disk is never full"
            for person in people:
                await person.says(f"/help {rounds}")
            rounds += 1
            await asyncio.sleep(0.1)
        for person in people:
            await person.says(f"/help {rounds}")
        rounds += 1
        assert program.process.is_alive()
        stored = {row[0] for row in await query(database, "SELECT update_id FROM inbox")}
        assert await telegram.waiting() >= rounds * len(people) - len(stored)
        program.kill()
        await program.dies()
    async with start():
        await until(telegram.all_confirmed)

        async def all_done() -> bool:
            return (await states(database, "inbox")) == {"done": rounds * len(people)}

        await until(all_done)

        async def all_sent() -> bool:
            return (await states(database, "outbox")) == {"sent": rounds * len(people)}

        await until(all_sent)
    for person in range(1, 9):
        assert len(telegram.taken(person)) >= rounds


async def test_35_a_kill_in_mid_migration_leaves_nothing_in_the_way(
    empty_url: str, data_folder: Path
) -> None:
    """Fault 35: the first start dies between two tables; the next one makes them all."""
    with pytest.raises(AssertionError, match="did not start"):
        async with run_program(data_folder, prepare=die_while_migrating, XINGCUN_DATABASE_URL=empty_url):
            pass
    database = Database.open(empty_url)
    tables = (
        "sqlite_master WHERE type = 'table'"
        if database.is_sqlite
        else "pg_tables WHERE schemaname = 'public'"
    )
    assert await query(database, f"SELECT count(*) FROM {tables}") == [(0,)]
    async with run_program(data_folder, XINGCUN_DATABASE_URL=empty_url) as program:
        assert program.address
    assert await count(database, "outbox") == 0
    await database.close()
