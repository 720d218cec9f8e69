"""SQLite on the event loop itself, in the shape SQLAlchemy's asyncio adapter expects of aiosqlite.

aiosqlite hands each call to a thread and back: 16 hand-overs a turn, several times what SQLite itself
takes (docs/decisions/0006). Our statements last microseconds, a commit a fraction of a millisecond. What
could last (another program's write lock) is waited for without holding up the loop; what does last (an
export) runs in a process of its own.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

WRITE = "BEGIN IMMEDIATE"
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05


class InlineCursor:
    """A cursor whose coroutines never suspend, but for the wait for a write lock."""

    def __init__(self, cursor: sqlite3.Cursor, busy_seconds: float) -> None:
        self._cursor, self._busy_seconds = cursor, busy_seconds

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """Of the columns, as PEP 249 has it."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the row inserted last."""
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` fetches unless told."""
        return self._cursor.arraysize

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._cursor.arraysize = value

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        """Runs one statement; a write transaction begins when the lock is free, or raises after a while."""
        if statement != WRITE:
            self._cursor.execute(statement, parameters)
            return
        deadline, pause = time.monotonic() + self._busy_seconds, FIRST_PAUSE
        while True:
            try:
                self._cursor.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        """Runs one statement for each set of parameters."""
        self._cursor.executemany(statement, parameters)

    async def fetchone(self) -> Any:
        """The next row."""
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """The next rows."""
        return self._cursor.fetchmany(size or self._cursor.arraysize)

    async def fetchall(self) -> Sequence[Any]:
        """All rows left."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """Frees the statement."""
        self._cursor.close()

    async def __aiter__(self) -> AsyncIterator[Any]:
        for row in self._cursor:
            yield row


class InlineConnection:
    """A connection used by the thread of its event loop only."""

    def __init__(self, path: str, busy_seconds: float) -> None:
        # SQLAlchemy looks for both names, as aiosqlite has them.
        self._conn = self._connection = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )
        self._busy_seconds = busy_seconds

    def cursor(self) -> InlineCursor:
        """A new cursor."""
        return InlineCursor(self._conn.cursor(), self._busy_seconds)

    async def create_function(self, *args: Any, **options: Any) -> None:
        """Makes a Python function known to SQL."""
        self._conn.create_function(*args, **options)

    async def commit(self) -> None:
        """Ends the transaction; with synchronous=FULL the disk has it then."""
        self._conn.commit()

    async def rollback(self) -> None:
        """Undoes the transaction."""
        self._conn.rollback()

    async def close(self) -> None:
        """Closes the file."""
        self._conn.close()

    def stop(self) -> None:
        """Closes the file at once."""
        self._conn.close()


async def connect_inline(path: str, busy_seconds: float) -> InlineConnection:
    """A connection to that file, for SQLAlchemy's `async_creator_fn`."""
    return InlineConnection(path, busy_seconds)
