"""Where conversations stand: mode and ids by key, read and written many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import SQLModel

from storage.database import Session
from storage.dialects import insert_or_replace
from storage.queues import ConversationState

STATES = SQLModel.metadata.tables[str(ConversationState.__tablename__)]


LOAD = select(STATES.c.key, STATES.c.state, STATES.c.data).where(
    STATES.c.key.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation's mode and the ids it works on; without either it is as good as never begun."""

    state: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.state is not None or bool(self.data)


async def load(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """The standings of these keys; a key without one is left out."""
    connection = await session.connection()
    rows = await connection.execute(LOAD, {"keys": list(keys)})
    return {key: Standing(state, data) for key, state, data in rows}


async def save(session: Session, standings: Mapping[str, Standing]) -> None:
    """Writes standings; an empty one is deleted."""
    connection = await session.connection()
    kept = [
        {"key": key, "state": standing.state, "data": dict(standing.data)}
        for key, standing in standings.items()
        if standing
    ]
    gone: Iterable[str] = [key for key, standing in standings.items() if not standing]
    if kept:
        await connection.execute(insert_or_replace(connection, STATES, "key"), kept)
    if gone:
        await connection.execute(delete(STATES).where(STATES.c.key.in_(gone)))
