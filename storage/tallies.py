"""How full the queues are, for the log, the start-up line and the tests."""

from sqlalchemy import func, select
from sqlmodel import SQLModel

from storage.database import Session


async def count_by_state(session: Session, queue: str) -> dict[str, int]:
    """How many rows of `inbox`, `outbox` or `job` are in each state."""
    table = SQLModel.metadata.tables[queue]
    rows = await session.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {row[0]: row[1] for row in rows}
