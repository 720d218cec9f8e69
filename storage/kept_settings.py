"""Values that survive a restart, such as the trial clock's offset."""

from sqlalchemy import select
from sqlmodel import SQLModel

from storage.database import Session
from storage.dialects import insert_or_replace
from storage.queues import KeptSetting

KEPT = SQLModel.metadata.tables[str(KeptSetting.__tablename__)]


async def recall(session: Session, key: str) -> str | None:
    """The kept value; None when there is none."""
    connection = await session.connection()
    value = await connection.execute(select(KEPT.c.value).where(KEPT.c.key == key))
    return value.scalar_one_or_none()


async def keep(session: Session, key: str, value: str) -> None:
    """Keeps a value in place of the one kept before."""
    connection = await session.connection()
    await connection.execute(insert_or_replace(connection, KEPT, "key"), {"key": key, "value": value})
