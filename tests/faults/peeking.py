"""What lies in the program's database, seen from beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from storage import tallies
from storage.database import Database


async def states(database: Database, table: str) -> dict[str, int]:
    """How many rows of a queue are in each state."""
    async with database.snapshot() as session:
        return await tallies.count_by_state(session, table)


async def count(database: Database, table: str) -> int:
    """How many rows a table has."""
    return int((await query(database, f"SELECT count(*) FROM {table}"))[0][0])


async def query(database: Database, sql: str, **parameters: Any) -> list[Any]:
    """The rows of a statement that only reads."""
    async with database.snapshot() as session:
        connection = await session.connection()
        return list((await connection.execute(text(sql), parameters)).all())


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Returns when it is so; TimeoutError when it does not come to be."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
