"""SQLite on the event loop itself, in the shape that SQLAlchemy's asyncio classes have.

A thread, or SQLAlchemy's own bridge between coroutines and drivers, takes several times what SQLite itself
takes (docs/decisions/0006). Our statements last microseconds, a commit a fraction of a millisecond. What
could last (another program's write lock) is waited for without holding up the loop; what does last (an
export) runs in a process of its own.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any, Literal

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Result,
    ScalarResult,
    create_engine,
    event,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncResult
from sqlalchemy.orm import Session
from sqlalchemy.orm.session import JoinTransactionMode

Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05
# As with an AsyncSession, a result may be read when its transaction has ended.
BUFFERED = {"prebuffer_rows": True}


class InlineConnection:
    """What this project asks of an AsyncConnection, answered at once."""

    def __init__(self, connection: Connection) -> None:
        self.sync_connection = connection

    @property
    def dialect(self) -> Dialect:
        """Of the SQL it understands."""
        return self.sync_connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        """Runs one statement, for each set of parameters."""
        return self.sync_connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[Any]:
        """Runs SQL as it stands."""
        return self.sync_connection.exec_driver_sql(statement, parameters)

    async def stream(self, statement: Any, parameters: Any = None) -> AsyncResult[Any]:
        """The rows of one statement, read as they are asked for."""
        return AsyncResult(self.sync_connection.execute(statement, parameters))

    async def run_sync(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Calls `work` with the plain connection."""
        return work(self.sync_connection, *arguments)


class InlineSession:
    """What this project asks of an AsyncSession, answered at once."""

    def __init__(self, connection: Connection, *, inside: bool = False) -> None:
        self.sync_connection = connection
        # A flush that fails undoes what the session has joined: of a savepoint's session, only a savepoint.
        self._joins: JoinTransactionMode = "create_savepoint" if inside else "rollback_only"
        self.info: dict[Any, Any] = {}
        """Notes that live as long as the session."""
        self._connection = InlineConnection(connection)
        self._session: Session | None = None

    @property
    def sync_session(self) -> Session:
        """The plain session, from the first time it is asked for: many transactions only touch tables."""
        if self._session is None:
            # The transaction is not the session's to end: whoever began it does.
            self._session = Session(
                self.sync_connection, join_transaction_mode=self._joins, expire_on_commit=False
            )
        return self._session

    def add(self, row: object) -> None:
        """Stores a row with the next flush."""
        self.sync_session.add(row)

    def add_all(self, rows: Iterable[object]) -> None:
        """Stores rows with the next flush."""
        self.sync_session.add_all(rows)

    async def connection(self) -> InlineConnection:
        """The connection of the transaction."""
        return self._connection

    async def execute(self, statement: Any, parameters: Any = None) -> Result[Any]:
        """Runs one statement; entities in its result belong to the session."""
        return self.sync_session.execute(statement, parameters, execution_options=BUFFERED)

    async def scalars(self, statement: Any, parameters: Any = None) -> ScalarResult[Any]:
        """The first column of each row."""
        return self.sync_session.scalars(statement, parameters, execution_options=BUFFERED)

    async def scalar(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of the first row."""
        return self.sync_session.scalar(statement, parameters)

    async def get(self, entity: type[Any], key: Any, **options: Any) -> Any:
        """The row of that key, from the session where it has it."""
        return self.sync_session.get(entity, key, **options)

    async def flush(self) -> None:
        """Writes what was added or changed."""
        if self._session is not None:
            self._session.flush()

    def end(self) -> None:
        """Writes what was added or changed, for good as far as the transaction around it is."""
        if self._session is not None:
            self._session.commit()

    def close(self) -> None:
        """Lets go of the rows it knows."""
        if self._session is not None:
            self._session.close()


class InlineEngine:
    """One SQLite file, used by the thread of its event loop only."""

    def __init__(self, address: URL, synchronous: str, busy_seconds: float, **options: Any) -> None:
        self.sync_engine = create_engine(
            address,
            connect_args={"timeout": 0, "isolation_level": None, "check_same_thread": False},
            # A pool that made somebody wait would hold up the loop, and whoever should give back.
            max_overflow=-1,
            **options,
        )
        self._busy_seconds = busy_seconds
        self._kept: Connection | None = None
        _teach(self.sync_engine, synchronous)

    @asynccontextmanager
    async def transaction(self, begin: Begin, *, foreign_keys: bool = True) -> AsyncIterator[InlineSession]:
        """A transaction that ends with the block, in which foreign keys hold or not.

        Raises OperationalError where another program held the write lock for too long.
        """
        with self._writer() if begin == "BEGIN IMMEDIATE" else self.sync_engine.connect() as connection:
            driver = connection.connection.driver_connection
            with nullcontext() if foreign_keys else _without_foreign_keys(driver):
                await self._begin(driver, begin)
                with connection.begin(), _session_on(connection) as session:
                    yield session

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """The writer's connection, kept over transactions: a pool's care costs twice what SQLite does."""
        connection, self._kept = self._kept or self.sync_engine.connect(), None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._kept = connection

    async def _begin(self, driver: Any, begin: Begin) -> None:
        deadline, pause = time.monotonic() + self._busy_seconds, FIRST_PAUSE
        while True:
            try:
                driver.execute(begin)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise OperationalError(begin, None, error) from error
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def dispose(self) -> None:
        """Closes all connections."""
        if self._kept is not None:
            self._kept.close()
        self.sync_engine.dispose()


@contextmanager
def _without_foreign_keys(driver: Any) -> Iterator[None]:
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


@contextmanager
def inline_savepoint(session: InlineSession) -> Iterator[InlineSession]:
    """A session of its own inside the transaction of `session`; if it raises, only its work is undone."""
    connection = session.sync_connection
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT inside")
    try:
        with _session_on(connection, inside=True) as inner:
            yield inner
        driver.execute("RELEASE inside")
    except BaseException:
        # SQLite ends a transaction itself when the disk is full: then this raises, and all is undone.
        connection.exec_driver_sql("ROLLBACK TO inside")
        connection.exec_driver_sql("RELEASE inside")
        raise


@contextmanager
def _session_on(connection: Connection, *, inside: bool = False) -> Iterator[InlineSession]:
    session = InlineSession(connection, inside=inside)
    try:
        yield session
        session.end()
    finally:
        session.close()


def _teach(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
