"""Queries about questions: the asker's own, and those that wait for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlmodel import col

from storage.database import Session
from storage.organizations import OF_ORGANIZATION, OrganizationItem
from storage.people import Organization, Person, StaffRole
from storage.questions import Question
from storage.scopes import Scope


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and for which organization it was asked if for any."""

    question: Question
    organization: OrganizationItem | None


async def add(session: Session, question: Question) -> Question:
    """Stores a question and gives it its id."""
    session.add(question)
    await session.flush()
    return question


async def get(session: Session, question_id: int) -> Question | None:
    """The question of that id."""
    return await session.get(Question, question_id)


async def latest(session: Session, person_id: int, since: datetime) -> Question | None:
    """The newest question of that person after `since` that was about the notices at all."""
    found = await session.scalars(
        select(Question)
        .where(
            col(Question.person_id) == person_id,
            col(Question.asked_at) > since,
            col(Question.outcome) != "declined",
        )
        .order_by(col(Question.id).desc())
        .limit(1)
    )
    return found.one_or_none()


async def rate(session: Session, question_id: int, *, helpful: bool) -> None:
    """Notes the asker's opinion; a later one replaces it."""
    await session.execute(update(Question).where(col(Question.id) == question_id).values(helpful=helpful))


async def pass_on(
    session: Session, question_id: int, organization_id: int | None, region: str, now: datetime
) -> bool:
    """Puts a question before staff; False when it is there already."""
    return await _move(
        session,
        question_id,
        "",
        state="waiting",
        organization_id=organization_id,
        region=region,
        passed_on_at=now,
    )


async def answer(
    session: Session, question_id: int, words: str, office: str, person_id: int, now: datetime
) -> bool:
    """Stores the staff's answer; False when it does not wait any more."""
    return await _move(
        session,
        question_id,
        "waiting",
        state="answered",
        answer=words,
        office=office,
        answered_by=person_id,
        answered_at=now,
    )


async def _move(session: Session, question_id: int, before: str, **columns: Any) -> bool:
    moved = await session.execute(
        update(Question)
        .where(col(Question.id) == question_id, col(Question.state) == before)
        .values(**columns)
        .returning(col(Question.id))
    )
    return moved.first() is not None


async def count_waiting_of(session: Session, person_id: int) -> int:
    """How many of that person's questions wait for staff."""
    counted = await session.scalar(
        select(func.count())
        .select_from(Question)
        .where(col(Question.state) == "waiting", col(Question.person_id) == person_id)
    )
    return counted or 0


async def find_passed_on(session: Session, question_id: int, channel: str) -> Asking | None:
    """A question that was put before staff by somebody this bot can reach; None for any other."""
    found = await session.execute(
        _asked().where(
            col(Question.id) == question_id, col(Question.state) != "", col(Person.channel) == channel
        )
    )
    row = found.first()
    return _asking(row) if row else None


async def waiting(
    session: Session, scopes: Sequence[Scope], channel: str, *, limit: int, offset: int
) -> list[Asking]:
    """What waits in those scopes from askers this bot can reach, oldest first."""
    rows = await session.execute(
        _asked()
        .where(col(Question.state) == "waiting", col(Person.channel) == channel, _within(scopes))
        .order_by(col(Question.id))
        .limit(limit)
        .offset(offset)
    )
    return [_asking(row) for row in rows]


async def count_waiting(session: Session, scopes: Sequence[Scope], channel: str) -> int:
    """How many wait in those scopes."""
    if not scopes:
        return 0
    found = _asked().where(col(Question.state) == "waiting", col(Person.channel) == channel, _within(scopes))
    return await session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _asking(row: Row[*tuple[Any, ...]]) -> Asking:
    return Asking(row[0], OrganizationItem(*row[1:]) if row[1] is not None else None)


def _asked() -> Select[*tuple[Any, ...]]:
    return (
        select(Question, *OF_ORGANIZATION)
        .join(Person, col(Person.id) == col(Question.person_id))
        .outerjoin(Organization, col(Organization.id) == col(Question.organization_id))
    )


def _within(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """Questions whose organization stands in a scope, or which have none and belong to its province."""
    alone = col(Question.organization_id).is_(None)
    conditions: list[ColumnElement[bool]] = []
    for scope in scopes:
        conditions.append(and_(~alone, scope.condition()))
        if scope.role == "province":
            region = col(Question.region)
            conditions.append(and_(alone, or_(region == "", region.startswith(scope.prefix))))
    return or_(*conditions)


async def staff_chats(session: Session, channel: str) -> list[tuple[int, StaffRole]]:
    """The chats of all reachable staff, each with a role."""
    rows = await session.execute(
        select(col(Person.chat_id), StaffRole)
        .join(StaffRole, col(StaffRole.person_id) == col(Person.id))
        .where(
            col(StaffRole.revoked_at).is_(None),
            col(Person.channel) == channel,
            col(Person.unreachable_since).is_(None),
        )
        .order_by(col(StaffRole.id))
    )
    return [(row[0], row[1]) for row in rows]
