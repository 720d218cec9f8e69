"""The outbox: each Bot API call to make, in the order of its chat, and how it ended.

Order is kept among the replies of a chat and among its broadcast messages; replies do not wait for
broadcast messages, and callback answers wait for nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select, update
from sqlmodel import SQLModel

from storage.database import Session
from storage.dialects import locked_once, word
from storage.queues import OutboxRow

OUTBOX = SQLModel.metadata.tables[str(OutboxRow.__tablename__)]
LEASE = timedelta(seconds=120)
OPEN = (word("pending"), word("sending"))
# The first condition says nothing new, but for the planner: it is the index's own.
SENDING = (OUTBOX.c.state.in_(OPEN), OUTBOX.c.state == word("sending"))
ADD = OUTBOX.insert()
ADD_CLAIMED = ADD.returning(OUTBOX.c.id, sort_by_parameter_order=True)


class Call(NamedTuple):
    """A Bot API call to be made; the fields are those of `OutboxRow`."""

    bot_id: int
    chat_id: int
    method: str
    arguments: dict[str, Any]
    kind: str = "reply"
    name: str | None = None
    edits: str | None = None


class OutboxItem(NamedTuple):
    """A call that this sender has claimed."""

    id: int
    bot_id: int
    chat_id: int
    kind: str
    method: str
    arguments: dict[str, Any]
    edits: str | None
    attempts: int


class Outcome(NamedTuple):
    """How a call ended: `sent`, `failed`, `unknown`, or `pending` again, not before `not_before`."""

    id: int
    state: str
    attempts: int = 0
    message_id: int | None = None
    error: str | None = None
    not_before: datetime | None = None


def _as_row(call: Call, now: datetime) -> dict[str, Any]:
    return {**call._asdict(), "state": "pending", "attempts": 0, "created_at": now}


async def add(session: Session, calls: Iterable[Call], now: datetime) -> None:
    """Adds calls; they leave after the transaction has been committed."""
    rows = [_as_row(call, now) for call in calls]
    if rows:
        connection = await session.connection()
        await connection.execute(ADD, rows)


def has_open_reply(chat: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a reply to that chat has still to leave, or is on its way; for other tables' statements."""
    return exists().where(OUTBOX.c.state.in_(OPEN), OUTBOX.c.kind == word("reply"), OUTBOX.c.chat_id == chat)


async def add_claimed(
    session: Session, worker: str, calls: Sequence[tuple[Call, int]], now: datetime
) -> list[OutboxItem]:
    """Adds calls that `worker` makes at once, each with the attempts made before; in their order."""
    if not calls:
        return []
    held = {"state": "sending", "claim": worker, "claimed_until": now + LEASE}
    rows = [{**_as_row(call, now), **held, "attempts": attempts} for call, attempts in calls]
    connection = await session.connection()
    ids = (await connection.execute(ADD_CLAIMED, rows)).scalars()
    return [
        OutboxItem(
            row, call.bot_id, call.chat_id, call.kind, call.method, call.arguments, call.edits, attempts
        )
        for row, (call, attempts) in zip(ids, calls, strict=True)
    ]


async def keep(session: Session, worker: str, in_hand: Collection[int], now: datetime) -> None:
    """Renews the claims of the calls a living sender has in hand.

    Others under its name were claimed by a commit whose answer never came: they were never made, and are due.
    """
    connection = await session.connection()
    ours = and_(*SENDING, OUTBOX.c.claim == worker)
    held = OUTBOX.c.id.in_(in_hand)
    await connection.execute(update(OUTBOX).where(ours, held).values(claimed_until=now + LEASE))
    given_back = {"state": "pending", "claim": None, "claimed_until": None}
    await connection.execute(update(OUTBOX).where(ours, ~held).values(given_back))


def _due() -> ColumnElement[bool]:
    moment = bindparam("now", type_=OUTBOX.c.not_before.type)
    return and_(
        OUTBOX.c.state == word("pending"),
        or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= moment),
    )


def _claim(ids: Select[Any]) -> Any:
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.state == word("pending"))
        .values(
            state=word("sending"),
            claim=bindparam("worker"),
            claimed_until=bindparam("until", type_=OUTBOX.c.claimed_until.type),
        )
        .returning(*(OUTBOX.c[name] for name in OutboxItem._fields))
    )


def _claim_interactive() -> Any:
    reply, answer = word("reply"), word("answer")
    oldest = (
        select(func.min(OUTBOX.c.id))
        .where(OUTBOX.c.state.in_(OPEN), OUTBOX.c.kind == reply)
        .group_by(OUTBOX.c.chat_id)
    )
    ids = (
        select(OUTBOX.c.id)
        .where(_due(), OUTBOX.c.kind.in_((answer, reply)))
        .where(or_(OUTBOX.c.kind == answer, OUTBOX.c.id.in_(oldest)))
        .order_by(OUTBOX.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    return _claim(locked_once(ids))


def _claim_broadcast() -> Any:
    earlier, broadcast = OUTBOX.alias("earlier"), word("broadcast")
    ids = (
        select(OUTBOX.c.id)
        .where(_due(), OUTBOX.c.kind == broadcast)
        .where(
            ~exists().where(
                earlier.c.kind == broadcast,
                earlier.c.chat_id == OUTBOX.c.chat_id,
                earlier.c.state.in_(OPEN),
                earlier.c.id < OUTBOX.c.id,
            )
        )
        .order_by(OUTBOX.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    return _claim(locked_once(ids))


CLAIM_INTERACTIVE = _claim_interactive()
CLAIM_BROADCAST = _claim_broadcast()


async def claim(
    session: Session, worker: str, limit: int, now: datetime, *, broadcast: bool = False
) -> list[OutboxItem]:
    """Claims up to `limit` calls for `worker`, oldest first: replies and answers, or broadcast messages."""
    connection = await session.connection()
    rows = await connection.execute(
        CLAIM_BROADCAST if broadcast else CLAIM_INTERACTIVE,
        {"now": now, "limit": limit, "worker": worker, "until": now + LEASE},
    )
    return sorted((OutboxItem._make(row) for row in rows), key=lambda item: item.id)


RECORD = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.claim == bindparam("worker"))
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("new_attempts"),
        message_id=func.coalesce(
            bindparam("new_message_id", type_=OUTBOX.c.message_id.type), OUTBOX.c.message_id
        ),
        error=bindparam("new_error", type_=OUTBOX.c.error.type),
        not_before=bindparam("new_not_before", type_=OUTBOX.c.not_before.type),
        ended_at=bindparam("new_ended_at", type_=OUTBOX.c.ended_at.type),
        claim=None,
        claimed_until=None,
    )
)


async def record(session: Session, worker: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Records how calls ended; a call that another sender has retaken meanwhile is left to it."""
    rows = [
        {
            "row": outcome.id,
            "worker": worker,
            "new_state": outcome.state,
            "new_attempts": outcome.attempts,
            "new_message_id": outcome.message_id,
            "new_error": outcome.error,
            "new_not_before": outcome.not_before,
            "new_ended_at": None if outcome.state == "pending" else now,
        }
        for outcome in outcomes
    ]
    if rows:
        connection = await session.connection()
        await connection.execute(RECORD, rows)


async def recover(session: Session, now: datetime, *, everything: bool = False) -> int:
    """Settles calls whose sender is gone, and returns how many there were.

    Nobody knows whether they arrived: a reply is sent again (a doubled question is harmless), a broadcast
    message is not and stays `unknown`. `everything` is for a start at which no other sender can be alive.
    """
    is_broadcast = OUTBOX.c.kind == "broadcast"
    statement = (
        update(OUTBOX)
        .where(*SENDING)
        .values(
            state=case((is_broadcast, "unknown"), else_="pending"),
            ended_at=case((is_broadcast, bindparam("now", type_=OUTBOX.c.ended_at.type)), else_=None),
            attempts=OUTBOX.c.attempts + 1,
            claim=None,
            claimed_until=None,
        )
    )
    if not everything:
        statement = statement.where(
            OUTBOX.c.claimed_until < bindparam("now", type_=OUTBOX.c.claimed_until.type)
        )
    connection = await session.connection()
    return (await connection.execute(statement, {"now": now})).rowcount


async def find_message(session: Session, chat_id: int, name: str) -> int | None:
    """The id of the newest message of that name in the chat; None when none has arrived."""
    connection = await session.connection()
    return (
        await connection.execute(
            select(OUTBOX.c.message_id)
            .where(OUTBOX.c.chat_id == chat_id, OUTBOX.c.name == name, OUTBOX.c.message_id.is_not(None))
            .order_by(OUTBOX.c.id.desc())
            .limit(1)
        )
    ).scalar_one_or_none()


async def redirect(session: Session, old_chat_id: int, new_chat_id: int) -> None:
    """Sends what is still open for a chat to its new id."""
    connection = await session.connection()
    rows = await connection.execute(
        select(OUTBOX.c.id, OUTBOX.c.arguments).where(
            OUTBOX.c.chat_id == old_chat_id, OUTBOX.c.state.in_(OPEN)
        )
    )
    for row_id, arguments in rows.all():
        moved = {**arguments, "chat_id": new_chat_id} if "chat_id" in arguments else arguments
        await connection.execute(
            update(OUTBOX).where(OUTBOX.c.id == row_id).values(chat_id=new_chat_id, arguments=moved)
        )
