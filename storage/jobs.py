"""Jobs: slow work, done outside any transaction; the result enters the inbox like an update of the chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import SQLModel

from storage import inbox
from storage.database import Session
from storage.dialects import locked_once, word
from storage.queues import JobRow

JOBS = SQLModel.metadata.tables[str(JobRow.__tablename__)]
COLUMNS = ("id", "bot_id", "chat_id", "kind", "payload", "attempts")
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
ENQUEUED = "jobs enqueued"


@dataclass(frozen=True, slots=True)
class JobItem:
    """A job that this worker has claimed."""

    id: int
    bot_id: int
    chat_id: int
    kind: str
    payload: dict[str, Any]
    attempts: int


async def enqueue(
    session: Session, kind: str, payload: Mapping[str, Any], *, bot_id: int, chat_id: int, now: datetime
) -> int:
    """Adds a job to be begun once the transaction is committed; returns its id.

    `now` is real time. The result comes to `handlers.job_results` as an update of `chat_id`.
    """
    connection = await session.connection()
    session.info[ENQUEUED] = True
    row = await connection.execute(
        JOBS.insert().returning(JOBS.c.id),
        {
            "bot_id": bot_id,
            "chat_id": chat_id,
            "kind": kind,
            "payload": dict(payload),
            "state": "new",
            "attempts": 0,
            "created_at": now,
        },
    )
    return int(row.scalar_one())


def _claim() -> Any:
    moment = bindparam("now", type_=JOBS.c.not_before.type)
    new, running = word("new"), word("running")
    waiting = and_(JOBS.c.state == new, or_(JOBS.c.not_before.is_(None), JOBS.c.not_before <= moment))
    lapsed = and_(JOBS.c.state == running, JOBS.c.claimed_until < moment)
    ids = (
        select(JOBS.c.id)
        .where(or_(waiting, lapsed), JOBS.c.state.in_((new, running)))
        .order_by(JOBS.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    return (
        update(JOBS)
        .where(JOBS.c.id.in_(locked_once(ids)))
        .values(
            state=running,
            claim=bindparam("worker"),
            claimed_until=bindparam("until", type_=JOBS.c.claimed_until.type),
            attempts=JOBS.c.attempts + 1,
        )
        .returning(*(JOBS.c[name] for name in COLUMNS))
    )


CLAIM = _claim()


async def claim(session: Session, worker: str, limit: int, now: datetime) -> list[JobItem]:
    """Claims up to `limit` jobs, oldest first; those whose worker let its lease lapse are retaken."""
    connection = await session.connection()
    rows = await connection.execute(
        CLAIM, {"now": now, "limit": limit, "worker": worker, "until": now + LEASE}
    )
    return sorted((JobItem(*row) for row in rows), key=lambda item: item.id)


@dataclass(frozen=True, slots=True)
class DoneJob:
    """A job that has ended well."""

    chat_id: int
    payload: dict[str, Any]
    result: dict[str, Any]


async def find_done(session: Session, job_id: int, kind: str) -> DoneJob | None:
    """What a job of that kind came to, None while there is no such result."""
    connection = await session.connection()
    found = await connection.execute(
        select(JOBS.c.chat_id, JOBS.c.payload, JOBS.c.result).where(
            JOBS.c.id == job_id, JOBS.c.kind == kind, JOBS.c.state == "done"
        )
    )
    row = found.first()
    return DoneJob(row[0], row[1], row[2]) if row and row[2] else None


async def extend(session: Session, worker: str, job: JobItem, now: datetime) -> bool:
    """Renews the lease; False when another worker has retaken the job."""
    return await _update_claimed(session, worker, job, claimed_until=now + LEASE)


async def finish(session: Session, worker: str, job: JobItem, result: dict[str, Any], now: datetime) -> bool:
    """Ends a job and puts its result into the inbox; False (and nothing) when the claim was lost."""
    kept = await _update_claimed(session, worker, job, state="done", result=result, ended_at=now, claim=None)
    if kept:
        await _report(session, job, {"result": result}, now)
    return kept


async def fail(session: Session, worker: str, job: JobItem, error: str, now: datetime) -> bool:
    """Counts a failed attempt: tried again after 2 and 4 seconds, then given up, which the inbox is told."""
    if job.attempts < MAX_ATTEMPTS:
        again = now + timedelta(seconds=2**job.attempts)
        return await _update_claimed(
            session, worker, job, state="new", error=error, not_before=again, claim=None
        )
    kept = await _update_claimed(session, worker, job, state="parked", error=error, ended_at=now, claim=None)
    if kept:
        await _report(session, job, {"failed": True}, now)
    return kept


async def release(session: Session) -> int:
    """Gives back the jobs of a process that has ended, at a start at which no other worker can be alive."""
    connection = await session.connection()
    statement = update(JOBS).where(JOBS.c.state == "running").values(state="new", claim=None)
    return (await connection.execute(statement)).rowcount


async def _update_claimed(session: Session, worker: str, job: JobItem, **values: Any) -> bool:
    connection = await session.connection()
    statement = update(JOBS).where(JOBS.c.id == job.id, JOBS.c.claim == worker, JOBS.c.state == "running")
    return (await connection.execute(statement.values(values))).rowcount == 1


async def _report(session: Session, job: JobItem, ending: dict[str, Any], now: datetime) -> None:
    body = {"job": job.id, "kind": job.kind, "payload": job.payload, **ending}
    await inbox.store(session, job.bot_id, [inbox.Arrival(-job.id, job.chat_id, body)], now)
