"""The database: what commits, what does not, what it refuses."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage.database import Database, DatabaseError, UnsupportedDatabase, driver_url
from storage.people import Membership
from storage.queues import KeptSetting


async def read_kept(database: Database) -> dict[str, str]:
    async with database.snapshot() as session:
        return {row.key: row.value for row in await session.scalars(select(KeptSetting))}


async def test_a_transaction_that_ends_well_is_kept(database: Database) -> None:
    async with database.transaction() as session:
        session.add(KeptSetting(key="a", value="1"))
    assert await read_kept(database) == {"a": "1"}


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.transaction() as session:
            session.add(KeptSetting(key="a", value="1"))
            await session.flush()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await write_and_fail()
    assert await read_kept(database) == {}


async def test_transactions_that_read_then_write_do_not_lose_each_others_work(database: Database) -> None:
    async with database.transaction() as session:
        session.add(KeptSetting(key="n", value="0"))

    async def count_up() -> None:
        async with database.transaction() as session:
            row = (await session.scalars(select(KeptSetting).with_for_update())).one()
            row.value = str(int(row.value) + 1)

    await asyncio.gather(*(count_up() for _ in range(20)))
    assert await read_kept(database) == {"n": "20"}


async def test_a_row_may_not_point_at_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            session.add(
                Membership(person_id=1, organization_id=1, state="active", created_at=datetime.now(UTC))
            )


async def test_a_snapshot_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.transaction() as session:
        session.add(KeptSetting(key="a", value="1"))
        await session.flush()
        async with asyncio.timeout(2):
            assert await read_kept(database) == {}


async def test_sqlite_keeps_every_commit_through_a_power_cut_unless_told_otherwise(
    database_kind: str, database_url: str
) -> None:
    if database_kind != "sqlite":
        assert driver_url(database_url).drivername == "postgresql+asyncpg"
        return
    database = Database.open(database_url)
    async with database.snapshot() as session:
        connection = await session.connection()
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == 2
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1
    await database.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", ""])
def test_an_address_it_does_not_know_is_refused(url: str) -> None:
    with pytest.raises(UnsupportedDatabase):
        Database.open(url)


async def test_an_error_names_the_statement_and_never_what_people_wrote(database: Database) -> None:
    """Its text goes to the logs."""
    with pytest.raises(DatabaseError) as failed:
        async with database.transaction() as session:
            await session.execute(text("SELECT nowhere FROM person WHERE name = :name"), {"name": "李明"})
    assert "nowhere" in str(failed.value)
    assert "李明" not in str(failed.value)
