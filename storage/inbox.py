"""The inbox: each raw update once, worked on in the order of its chat.

A worker takes rows and works on them in one transaction. The row locks of that transaction are its claim:
they end with the worker, so that nobody waits for a dead one and a lost one cannot write late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlmodel import SQLModel

from storage.database import Session
from storage.dialects import insert_unless_there, word
from storage.outbox import has_open_reply
from storage.queues import InboxRow

INBOX = SQLModel.metadata.tables[str(InboxRow.__tablename__)]
COLUMNS = ("id", "bot_id", "update_id", "chat_id", "body", "attempts")
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A row to be worked on. Results of jobs have a negative `update_id`.

    When it was taken, `open_rows` rows were open, itself among them; `waits` says that a reply to its chat
    had still to leave.
    """

    id: int
    bot_id: int
    update_id: int
    chat_id: int
    body: dict[str, Any]
    attempts: int
    open_rows: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update to be stored. `chat_id` is 0 where the update belongs to no chat."""

    update_id: int
    chat_id: int
    body: dict[str, Any]


async def store(session: Session, bot_id: int, arrivals: Iterable[Arrival], now: datetime) -> None:
    """Stores updates; those stored before are left as they are."""
    rows = [
        {
            "bot_id": bot_id,
            "update_id": arrival.update_id,
            "chat_id": arrival.chat_id,
            "body": arrival.body,
            "state": "new",
            "attempts": 0,
            "received_at": now,
        }
        for arrival in arrivals
    ]
    if rows:
        connection = await session.connection()
        await connection.execute(insert_unless_there(connection, INBOX), rows)


def _oldest_of_each_chat() -> Any:
    is_new = INBOX.c.state == word("new")
    oldest = select(func.min(INBOX.c.id)).where(is_new).group_by(INBOX.c.chat_id)
    every = INBOX.alias("every")
    open_rows = select(func.count(every.c.id)).where(every.c.state == word("new")).scalar_subquery()
    moment = bindparam("now", type_=INBOX.c.not_before.type)
    return (
        select(*(INBOX.c[name] for name in COLUMNS), open_rows, has_open_reply(INBOX.c.chat_id))
        .where(is_new, INBOX.c.id.in_(oldest))
        .where(or_(INBOX.c.not_before.is_(None), INBOX.c.not_before <= moment))
        .order_by(INBOX.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


TAKE = _oldest_of_each_chat()
FINISH = (
    update(INBOX)
    .where(INBOX.c.id == bindparam("row"))
    .values(state="done", done_at=bindparam("moment", type_=INBOX.c.done_at.type))
)


async def take(session: Session, limit: int, now: datetime) -> list[InboxItem]:
    """The oldest open row of each of up to `limit` chats, locked until the transaction ends.

    A row that waits for its next attempt holds up its chat; a parked one does not.
    """
    connection = await session.connection()
    rows = await connection.execute(TAKE, {"now": now, "limit": limit})
    return [InboxItem(*row) for row in rows]


async def finish(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Marks rows as done."""
    if not ids:
        return
    connection = await session.connection()
    await connection.execute(FINISH, [{"row": row, "moment": now} for row in ids])


async def fail(session: Session, item: InboxItem, error: str, now: datetime) -> bool:
    """Counts a failed attempt: tried again after 1, 2, 4, 8 seconds, then parked. True when parked."""
    attempts = item.attempts + 1
    parked = attempts >= MAX_ATTEMPTS
    values: dict[str, Any] = {"attempts": attempts, "error": error}
    if parked:
        values |= {"state": "parked", "done_at": now}
    else:
        values["not_before"] = now + timedelta(seconds=2 ** (attempts - 1))
    connection = await session.connection()
    await connection.execute(update(INBOX).where(INBOX.c.id == item.id).values(values))
    return parked
