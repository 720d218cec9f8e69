"""The ledger: who is to get a broadcast, whose turn it is, and how it ended for each.

A row waits here as `pending`, not in the outbox: its text is made the moment its turn comes. Then it is
`sending`, with an outbox row that carries the call, until that call has ended.

Reasons of rows that were not reached: `unreachable` (blocked the bot or gone), `other_channel`, `muted`,
`refused` (by Telegram), `unconfirmed` (nobody knows whether it arrived), `late` (no longer useful),
`cancelled`. Reasons of rows that need nothing: `settled` (what was asked for has been done meanwhile),
`lately` (another reminder of the same notice, begun within `LATELY`, has gone to the same person).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import SQLModel

from storage.audiences import Audience, persons
from storage.broadcast_queries import Mailing
from storage.broadcasts import Broadcast, BroadcastRecipient, MutedNotice
from storage.database import Session
from storage.dialects import word
from storage.outbox import OUTBOX, Outcome
from storage.people import Person

TABLES = SQLModel.metadata.tables
LEDGER = TABLES[str(BroadcastRecipient.__tablename__)]
BROADCAST, MUTED, PERSON = (TABLES[str(t.__tablename__)] for t in (Broadcast, MutedNotice, Person))
INSTANT = LEDGER.c.ended_at.type
PENDING, SENDING = word("pending"), word("sending")
LATELY = timedelta(hours=2)
REMINDING = ("reminder", "chase")


class Turn(NamedTuple):
    """A ledger row whose turn has come, with what decides whether it is still to be sent."""

    id: int
    person_id: int
    attempts: int
    chat_id: int
    channel: str
    reachable: bool
    muted: bool
    lately: bool


async def plan(session: Session, broadcast_id: int, audience: Audience) -> int:
    """Resolves the audience into ledger rows, in one statement; returns how many."""
    people = persons(audience).subquery()
    rows = select(literal(broadcast_id), people.c.person_id, literal("pending"), literal(""), literal(0))
    connection = await session.connection()
    columns = ["broadcast_id", "person_id", "state", "reason", "attempts"]
    return (await connection.execute(insert(LEDGER).from_select(columns, rows))).rowcount


async def take(
    session: Session, broadcast: Mailing, limit: int, now: datetime, wall: datetime, *, after: int = 0
) -> list[Turn]:
    """The next rows of a running broadcast with an id above `after`, locked until the transaction ends.

    They stay pending until `begin` or `skip`. `wall` is real time.
    """
    connection = await session.connection()
    rows = await connection.execute(
        DUE,
        {
            "broadcast": broadcast.id,
            "notice": broadcast.notice,
            "now": wall,
            "since": now - LATELY,
            "limit": limit,
            "after": after,
        },
    )
    return [Turn._make(row) for row in rows]


def _due() -> Select[Any]:
    muted = exists().where(MUTED.c.person_id == PERSON.c.id, MUTED.c.notice == bindparam("notice"))
    return (
        select(
            LEDGER.c.id,
            LEDGER.c.person_id,
            LEDGER.c.attempts,
            PERSON.c.chat_id,
            PERSON.c.channel,
            PERSON.c.unreachable_since.is_(None),
            muted,
            _lately(),
        )
        .join(PERSON, PERSON.c.id == LEDGER.c.person_id)
        .where(LEDGER.c.broadcast_id == bindparam("broadcast"), LEDGER.c.state == PENDING)
        .where(LEDGER.c.id > bindparam("after"))
        .where(or_(LEDGER.c.not_before.is_(None), LEDGER.c.not_before <= bindparam("now", type_=INSTANT)))
        .order_by(LEDGER.c.id)
        .limit(bindparam("limit"))
        .with_for_update(of=LEDGER, skip_locked=True)
    )


def _lately() -> ColumnElement[bool]:
    """Whether another reminder of the same notice has just gone to the same person."""
    other, since = LEDGER.alias("other"), bindparam("since", type_=INSTANT)
    return exists().where(
        other.c.person_id == LEDGER.c.person_id,
        other.c.broadcast_id != LEDGER.c.broadcast_id,
        other.c.state.in_(("sending", "sent", "unknown")),
        BROADCAST.c.id == other.c.broadcast_id,
        or_(BROADCAST.c.created_at > since, BROADCAST.c.due_at > since),
        BROADCAST.c.notice == bindparam("notice"),
        BROADCAST.c.kind.in_(REMINDING),
    )


DUE = _due()
BEGIN = (
    update(LEDGER)
    .where(LEDGER.c.id == bindparam("row"), LEDGER.c.state == PENDING)
    .values(state=SENDING, outbox_id=bindparam("call"), not_before=None)
)
SKIP = (
    update(LEDGER)
    .where(LEDGER.c.id == bindparam("row"))
    .values(state="skipped", reason=bindparam("why"), ended_at=bindparam("at", type_=INSTANT))
)
SETTLE = (
    update(LEDGER)
    .where(LEDGER.c.outbox_id.in_(bindparam("calls", expanding=True)), LEDGER.c.state == SENDING)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        attempts=bindparam("tried"),
        error=bindparam("told", type_=LEDGER.c.error.type),
        not_before=bindparam("later", type_=INSTANT),
        ended_at=bindparam("at", type_=INSTANT),
    )
)


async def begin(session: Session, carried: Mapping[int, int]) -> None:
    """These rows (ledger id → outbox id) are being sent."""
    if carried:
        connection = await session.connection()
        await connection.execute(BEGIN, [{"row": row, "call": call} for row, call in carried.items()])


async def skip(session: Session, reasons: Mapping[int, str], now: datetime) -> None:
    """These rows (ledger id → reason) are not sent after all."""
    if reasons:
        connection = await session.connection()
        await connection.execute(SKIP, [{"row": row, "why": why, "at": now} for row, why in reasons.items()])


async def skip_rest(session: Session, broadcast_id: int, reason: str, now: datetime) -> int:
    """Nothing of a broadcast that is still pending is sent; returns how many rows."""
    connection = await session.connection()
    statement = (
        update(LEDGER)
        .where(LEDGER.c.broadcast_id == broadcast_id, LEDGER.c.state == PENDING)
        .values(state="skipped", reason=reason, ended_at=now)
    )
    return (await connection.execute(statement)).rowcount


async def settle(session: Session, outcomes: Sequence[Outcome], gone: frozenset[int], now: datetime) -> None:
    """Writes how calls of broadcasts ended into their rows; `gone` are the calls whose chat is out of reach.

    A call to be made again gives its row back: the person is looked at anew when its turn comes again, and
    the outbox row, which said what was true before, is taken away. In a broadcast cancelled meanwhile no turn
    comes again: the row is skipped.
    """
    connection = await session.connection()
    again = [outcome.id for outcome in outcomes if outcome.state == "pending"]
    cancelled = await _give_back(session, again) if again else frozenset()
    # Most calls end alike, and what they write is the same.
    alike: dict[_Ending, list[int]] = {}
    for outcome in outcomes:
        ending = _ending(outcome, outcome.id in gone, outcome.id in cancelled)
        alike.setdefault(ending, []).append(outcome.id)
    for ending, calls in alike.items():
        at = None if ending.new_state == "pending" else now
        await connection.execute(SETTLE, {**ending._asdict(), "calls": calls, "at": at})


async def _give_back(session: Session, again: Sequence[int]) -> frozenset[int]:
    """Takes the calls away that are to be made again; returns those of broadcasts cancelled meanwhile."""
    connection = await session.connection()
    ours = and_(LEDGER.c.state == SENDING, LEDGER.c.outbox_id.in_(again))
    # Locked, so that no cancelling passes by a row that is about to be pending again.
    calls = (
        select(LEDGER.c.outbox_id, BROADCAST.c.state)
        .join(BROADCAST, BROADCAST.c.id == LEDGER.c.broadcast_id)
        .where(ours)
        .with_for_update(read=True, of=BROADCAST)
    )
    found = (await connection.execute(calls)).all()
    await connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_([call for call, _ in found])))
    return frozenset(call for call, state in found if state == "cancelled")


class _Ending(NamedTuple):
    """What becomes of a row, as `SETTLE` binds it."""

    new_state: str
    why: str
    tried: int
    told: str | None
    later: datetime | None


def _ending(outcome: Outcome, gone: bool, cancelled: bool) -> _Ending:
    if cancelled:
        return _Ending("skipped", "cancelled", outcome.attempts, outcome.error, None)
    reason = _reason(outcome, gone)
    return _Ending(outcome.state, reason, outcome.attempts, outcome.error, outcome.not_before)


def _reason(outcome: Outcome, gone: bool) -> str:
    if outcome.state == "failed":
        return "unreachable" if gone else "refused"
    return "unconfirmed" if outcome.state == "unknown" else ""


async def follow(session: Session, now: datetime) -> int:
    """Rows whose call was settled by `outbox.recover` end as it did; returns how many."""
    settled = select(OUTBOX.c.id).where(OUTBOX.c.id == LEDGER.c.outbox_id, OUTBOX.c.state == "unknown")
    statement = (
        update(LEDGER)
        .where(LEDGER.c.state == SENDING, settled.exists())
        .values(state="unknown", reason="unconfirmed", ended_at=now)
    )
    connection = await session.connection()
    return (await connection.execute(statement)).rowcount
