"""The audit trail: written in the transaction of the change it tells of."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import SQLModel, col

from storage.database import Session
from storage.people import Audit

ADD = insert(SQLModel.metadata.tables[str(Audit.__tablename__)])


async def record(
    session: Session,
    action: str,
    object_type: str,
    object_id: int | None,
    *,
    person_id: int | None,
    at: datetime,
    **details: Any,
) -> None:
    """Adds one row; `details` must be JSON."""
    row = {
        "at": at,
        "person_id": person_id,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "details": details,
    }
    connection = await session.connection()
    await connection.execute(ADD, row)


async def count(session: Session, person_id: int, action: str, since: datetime) -> int:
    """How many rows of that action the person caused after `since`."""
    found = await session.scalar(
        select(func.count())
        .select_from(Audit)
        .where(col(Audit.person_id) == person_id, col(Audit.action) == action, col(Audit.at) > since)
    )
    return found or 0
