"""Queries about broadcasts themselves: fired once, moved from state to state, listed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from sqlalchemy import case, select, update
from sqlmodel import SQLModel, col

from storage.audiences import Audience
from storage.broadcasts import Broadcast
from storage.database import Session
from storage.dialects import insert_unless_there, word

BROADCASTS = SQLModel.metadata.tables[str(Broadcast.__tablename__)]


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the letters of a broadcast are made from: whom it means and what it says, fixed once it runs."""

    audience: Audience
    id: int
    key: str | None
    kind: str
    notice: str
    template: str
    text: str
    due_at: datetime
    useful_until: datetime | None

    @classmethod
    def of(cls, broadcast: Broadcast) -> Self:
        """That of a broadcast as its table has it."""
        audience, *others = (getattr(broadcast, name) for name in MAILED)
        return cls(Audience.from_json(audience), *others)


MAILED = tuple(field.name for field in fields(Mailing))
# Asked for at every turn of the sender.
RUNNING = (
    select(*(BROADCASTS.c[name] for name in MAILED))
    .where(BROADCASTS.c.ended_at.is_(None), BROADCASTS.c.state == word("running"))
    .order_by(BROADCASTS.c.id)
)


async def claim_key(session: Session, broadcast: Broadcast) -> int | None:
    """Stores a broadcast with a key and returns its id; None when another has that key, or is taking it."""
    connection = await session.connection()
    row = broadcast.model_dump(exclude={"id"})
    statement = insert_unless_there(connection, BROADCASTS).values(row).returning(BROADCASTS.c.id)
    found = (await connection.execute(statement)).first()
    return found[0] if found else None


async def add(session: Session, broadcast: Broadcast) -> Broadcast:
    """Stores a broadcast without a key and gives it its id."""
    session.add(broadcast)
    await session.flush()
    return broadcast


async def get(session: Session, broadcast_id: int) -> Broadcast | None:
    """The broadcast of that id, as it stands now."""
    return await session.get(Broadcast, broadcast_id, populate_existing=True)


async def of_keys(session: Session, keys: Sequence[str]) -> dict[str, Broadcast]:
    """Those of the keyed broadcasts that have been fired or skipped."""
    found = await session.scalars(select(Broadcast).where(col(Broadcast.key).in_(keys)))
    return {str(row.key): row for row in found}


async def running(session: Session) -> list[Mailing]:
    """What is being sent, oldest first."""
    connection = await session.connection()
    rows = await connection.execute(RUNNING)
    return [Mailing(Audience.from_json(audience), *others) for audience, *others in rows]


async def unended(session: Session) -> list[Broadcast]:
    """What was begun and has not come to its end, oldest first; calls of it may be under way."""
    found = await session.scalars(
        select(Broadcast)
        .where(col(Broadcast.ended_at).is_(None))
        .where(col(Broadcast.state).in_(("running", "paused", "cancelled")))
        .order_by(col(Broadcast.id))
    )
    return list(found)


async def end(session: Session, broadcast_id: int, wall: datetime) -> bool:
    """Notes that nothing of it is left to be sent; False when that was noted before. `wall` is real time."""
    state = col(Broadcast.state)
    found = await session.execute(
        update(Broadcast)
        .where(col(Broadcast.id) == broadcast_id, col(Broadcast.ended_at).is_(None))
        .values(state=case((state == "cancelled", state), else_="done"), ended_at=wall, shown_at=wall)
        .returning(col(Broadcast.id))
    )
    return found.first() is not None


async def move(
    session: Session, broadcast_id: int, before: Sequence[str], after: str, **columns: Any
) -> bool:
    """Moves a broadcast to another state; False when it was in none of the states `before`."""
    found = await session.execute(
        update(Broadcast)
        .where(col(Broadcast.id) == broadcast_id, col(Broadcast.state).in_(before))
        .values(state=after, **columns)
        .returning(col(Broadcast.id))
    )
    return found.first() is not None


async def change(session: Session, broadcast_id: int, **columns: Any) -> None:
    """Overwrites columns."""
    await session.execute(update(Broadcast).where(col(Broadcast.id) == broadcast_id).values(**columns))


async def recent(session: Session, notice: str, *, limit: int) -> list[Broadcast]:
    """What was sent under a notice, newest first; drafts left out, also those put away."""
    found = await session.scalars(
        select(Broadcast)
        .where(col(Broadcast.notice) == notice, col(Broadcast.started_at).is_not(None))
        .where(col(Broadcast.state).not_in(("skipped", "past")))
        .order_by(col(Broadcast.id).desc())
        .limit(limit)
    )
    return list(found)
