"""A turn's savepoint: what undoes it, and that nothing else is undone with it."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from storage.database import Database, DatabaseError, Session, is_transaction_lost
from storage.queues import KeptSetting

KEPT = SQLModel.metadata.tables[str(KeptSetting.__tablename__)]
ENDING = """
CREATE TRIGGER ending BEFORE INSERT ON kept_setting WHEN NEW.key = 'fatal'
BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END
"""


async def keep(session: Session, key: str) -> None:
    """Writes a plain row."""
    await (await session.connection()).execute(insert(KEPT), {"key": key, "value": ""})


async def kept(database: Database) -> list[str]:
    """The keys of all rows, in order."""
    async with database.snapshot() as session:
        return list(await session.scalars(select(KeptSetting.key).order_by(col(KeptSetting.key))))


async def take_turn(database: Database, session: Session, work: Callable[[Session], Awaitable[None]]) -> None:
    """Does the work as a turn does."""
    async with database.savepoint(session) as turn:
        await work(turn)


async def fail(turn: Session) -> None:
    """Writes rows of either kind, one of them only with the next flush, and raises."""
    turn.add(KeptSetting(key="row", value=""))
    await turn.flush()
    await keep(turn, "plain")
    turn.add(KeptSetting(key="waiting", value=""))
    raise RuntimeError


async def clash_at_once(turn: Session) -> None:
    """Adds a row that is there already."""
    await clash_in_the_end(turn)
    await turn.flush()


async def clash_in_the_end(turn: Session) -> None:
    """The same, of which the turn itself hears nothing."""
    await keep(turn, "plain")
    turn.add(KeptSetting(key="before", value=""))


async def pass_over(turn: Session) -> None:
    """SQLite ends the whole transaction, as on a full disk, and the turn goes on as if nothing were."""
    with pytest.raises(DatabaseError):
        await keep(turn, "fatal")


@pytest.mark.parametrize(
    ("work", "error"),
    [(fail, RuntimeError), (clash_at_once, IntegrityError), (clash_in_the_end, IntegrityError)],
)
async def test_what_fails_undoes_its_own_rows_and_no_others(
    database: Database, work: Callable[[Session], Awaitable[None]], error: type[Exception]
) -> None:
    async with database.transaction() as session:
        await keep(session, "before")
        with pytest.raises(error) as failed:
            await take_turn(database, session, work)
        assert not is_transaction_lost(failed.value)
        async with database.savepoint(session) as turn:
            turn.add(KeptSetting(key="next", value=""))
    assert await kept(database) == ["before", "next"]


async def test_a_transaction_that_sqlite_ended_is_lost_even_where_a_turn_passed_over_it(
    database: Database, database_kind: str
) -> None:
    """Whatever was written afterwards would stand alone, without what came before it."""
    if database_kind != "sqlite":
        return
    async with database.transaction() as session:
        await session.execute(text(ENDING))

    async def work() -> None:
        async with database.transaction() as session:
            await keep(session, "before")
            await take_turn(database, session, pass_over)

    with pytest.raises(DatabaseError) as failed:
        await work()
    assert is_transaction_lost(failed.value)
    assert await kept(database) == []
