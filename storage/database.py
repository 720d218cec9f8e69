"""The database: one engine, one transaction at a time on SQLite, migrations at start.

SQLite needs three things said aloud: foreign keys are off by default, a transaction that reads before it
writes fails at once under WAL whatever the timeout (hence BEGIN IMMEDIATE), and a commit is only safe
against loss of power with synchronous=FULL.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal, Self

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from storage import migrations
from storage.inline_sqlite import connect_inline

Session = AsyncSession
Synchronous = Literal["FULL", "NORMAL"]
DatabaseError = DBAPIError

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class UnsupportedDatabase(ValueError):
    """The address names no database this program knows, or is no address at all."""


class Database:
    """An open database; `transaction` is the only way in."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reading=True)
        self._one_writer: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None

    @classmethod
    def open(
        cls, url: str, *, synchronous: Synchronous = "FULL", busy_seconds: float = 10, pool: int = 10
    ) -> Self:
        """Opens `sqlite:///path` or `postgresql://…`; nothing is connected before the first transaction.

        `busy_seconds` is how long SQLite waits for another program's write lock before the transaction
        fails. Raises UnsupportedDatabase.
        """
        address = async_url(url)
        # An error's text goes to the logs: it may name the statement, never what people wrote.
        options: dict[str, Any] = {
            "json_serializer": partial(json.dumps, ensure_ascii=False),
            "hide_parameters": True,
        }
        if address.get_backend_name() == "sqlite":
            path = address.database or ""
            options["connect_args"] = {
                "async_creator_fn": lambda *_, **__: connect_inline(path, busy_seconds)
            }
        else:
            options |= {"pool_pre_ping": True, "pool_size": pool, "max_overflow": 5}
        engine = create_async_engine(address, **options)
        if address.get_backend_name() == "sqlite":
            _teach_sqlite(engine, synchronous)
        return cls(engine)

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, where there is one writer at a time."""
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises.

        On SQLite, transactions of this process queue here in their order. Never open one inside another.
        """
        if self._one_writer is None:
            async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
            return
        async with (
            self._one_writer,
            AsyncSession(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """A transaction that only reads, and never waits for writers; for exports and pages of figures."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def savepoint(self, session: Session) -> AsyncIterator[Session]:
        """A session of its own inside the transaction of `session`; if it raises, only its work is undone."""
        connection = await session.connection()
        async with (
            AsyncSession(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as inner,
            inner.begin(),
        ):
            yield inner

    @asynccontextmanager
    async def own_connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection kept for as long as the block lasts, for locks that live with it."""
        async with self._engine.connect() as connection:
            yield connection

    async def upgrade(self) -> None:
        """Brings the schema to the newest revision, in one transaction; two processes may call it at once."""
        async with self._engine.begin() as connection:
            await connection.run_sync(migrations.upgrade)

    async def close(self) -> None:
        """Closes all connections."""
        await self._engine.dispose()


def is_transaction_lost(error: Exception) -> bool:
    """True where the database failed, not the statement: nothing more can be done in this transaction."""
    return isinstance(error, DBAPIError) and not isinstance(
        error, IntegrityError | DataError | ProgrammingError
    )


def async_url(url: str) -> URL:
    """The address with the driver this program uses; raises UnsupportedDatabase."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UnsupportedDatabase(url) from error
    driver = DRIVERS.get(address.drivername.partition("+")[0])
    if driver is None:
        raise UnsupportedDatabase(url)
    return address.set(drivername=driver)


def _teach_sqlite(engine: AsyncEngine, synchronous: Synchronous) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
