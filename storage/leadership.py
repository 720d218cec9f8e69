"""One process at a time receives and sends: with one bot token there can be one poller and one pace.

On PostgreSQL a session's advisory lock says who; it ends with the connection, so with the process. On SQLite
the caller sees to it that a file is opened by one process only.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

LEADER_LOCK = 20_211_021


class Leadership:
    """The lock while it is held."""

    def __init__(self, connection: AsyncConnection | None) -> None:
        self._connection = connection

    async def holds(self) -> bool:
        """False once the connection that carried the lock is gone."""
        if self._connection is None:
            return True
        try:
            await self._connection.execute(text("SELECT 1"))
            await self._connection.commit()
        except (DBAPIError, OSError):
            return False
        return True


@asynccontextmanager
async def seek_leadership(database: Database) -> AsyncIterator[Leadership | None]:
    """Tries once; None when another process leads."""
    if database.is_sqlite:
        yield Leadership(None)
        return
    async with database.own_connection() as connection:
        won = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK})
        await connection.commit()
        if not won:
            yield None
            return
        try:
            yield Leadership(connection)
        finally:
            await connection.invalidate()
