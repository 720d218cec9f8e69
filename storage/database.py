"""The database: one engine, one transaction at a time on SQLite, migrations at start.

SQLite needs three things said aloud: foreign keys are off by default, a transaction that reads before it
writes fails at once under WAL whatever the timeout (hence BEGIN IMMEDIATE), and a commit is only safe
against loss of power with synchronous=FULL.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, Self, cast

from pydantic_core import to_json
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from storage import migrations
from storage.inline_sqlite import InlineEngine, InlineSession, inline_savepoint

Session = AsyncSession
Synchronous = Literal["FULL", "NORMAL"]
DatabaseError = DBAPIError

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class UnsupportedDatabase(ValueError):
    """The address names no database this program knows, or is no address at all."""


class Database:
    """An open database; `transaction` is the only way in."""

    def __init__(self, engine: AsyncEngine | InlineEngine) -> None:
        self._engine = engine
        self._one_writer = asyncio.Lock()

    @classmethod
    def open(
        cls, url: str, *, synchronous: Synchronous = "FULL", busy_seconds: float = 10, pool: int = 10
    ) -> Self:
        """Opens `sqlite:///path` or `postgresql://…`; nothing is connected before the first transaction.

        `busy_seconds` is how long SQLite waits for another program's write lock before the transaction
        fails. Raises UnsupportedDatabase.
        """
        address = driver_url(url)
        # An error's text goes to the logs: it may name the statement, never what people wrote.
        options: dict[str, Any] = {
            "json_serializer": _as_json,
            "hide_parameters": True,
        }
        if address.get_backend_name() == "sqlite":
            return cls(InlineEngine(address, synchronous, busy_seconds, **options))
        options |= {"pool_pre_ping": True, "pool_size": pool, "max_overflow": 5}
        return cls(create_async_engine(address, **options))

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, where there is one writer at a time."""
        return isinstance(self._engine, InlineEngine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises.

        On SQLite, transactions of this process queue here in their order. Never open one inside another.
        """
        if isinstance(self._engine, InlineEngine):
            async with self._one_writer, self._engine.transaction("BEGIN IMMEDIATE") as session:
                yield cast(Session, session)
            return
        async with AsyncSession(self._engine, expire_on_commit=False) as served, served.begin():
            yield served

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """A transaction that only reads, and never waits for writers; for exports and pages of figures."""
        if isinstance(self._engine, InlineEngine):
            async with self._engine.transaction("BEGIN") as session:
                yield cast(Session, session)
            return
        async with AsyncSession(self._engine, expire_on_commit=False) as served, served.begin():
            yield served

    @asynccontextmanager
    async def savepoint(self, session: Session) -> AsyncIterator[Session]:
        """A session of its own inside the transaction of `session`; if it raises, only its work is undone."""
        if isinstance(session, InlineSession):
            with inline_savepoint(session) as inner:
                yield cast(Session, inner)
            return
        connection = await session.connection()
        async with (
            AsyncSession(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as inside,
            inside.begin(),
        ):
            yield inside

    @asynccontextmanager
    async def own_connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection kept for as long as the block lasts, for locks that live with it; PostgreSQL's."""
        async with cast(AsyncEngine, self._engine).connect() as connection:
            yield connection

    async def upgrade(self) -> None:
        """Brings the schema to the newest revision, in one transaction; two processes may call it at once."""
        if isinstance(self._engine, InlineEngine):
            # A changed table is made anew and the old one dropped, which would take along what points at it
            # (sqlite.org/lang_altertable.html, 7); the upgrade looks at the keys in the end.
            writing = self._engine.transaction("BEGIN IMMEDIATE", foreign_keys=False)
            async with self._one_writer, writing as session:
                await (await session.connection()).run_sync(migrations.upgrade)
            return
        async with self.transaction() as served:
            await (await served.connection()).run_sync(migrations.upgrade)

    async def close(self) -> None:
        """Closes all connections."""
        await self._engine.dispose()


def _as_json(value: object) -> str:
    return to_json(value).decode()


def is_transaction_lost(error: Exception) -> bool:
    """True where the database failed, not the statement: nothing more can be done in this transaction."""
    return isinstance(error, DBAPIError) and not isinstance(
        error, IntegrityError | DataError | ProgrammingError
    )


def is_database_unwell(error: Exception) -> bool:
    """True where the server has no room, no resources or no time left for anybody, whatever was asked of it.

    These are the classes 08, 53, 57P, 58 and XX of SQLSTATE (PostgreSQL, appendix A).
    """
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return str(state).startswith(("08", "53", "57P", "58", "XX"))


def driver_url(url: str) -> URL:
    """The address with the driver this program uses; raises UnsupportedDatabase."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UnsupportedDatabase(url) from error
    driver = DRIVERS.get(address.drivername.partition("+")[0])
    if driver is None:
        raise UnsupportedDatabase(url)
    return address.set(drivername=driver)
