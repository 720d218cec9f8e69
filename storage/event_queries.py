"""Events that wait to be told: stored with what they tell of, taken together for each person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, true, update
from sqlmodel import SQLModel, col

from storage.broadcasts import Event
from storage.database import Session
from storage.identities import MEMBERSHIP, ROLE
from storage.organizations import OrganizationItem
from storage.people import Person, StaffRole

EVENT = SQLModel.metadata.tables[str(Event.__tablename__)]
ADD = insert(EVENT)
TOLD_BETWEEN = (
    select(EVENT.c.person_id, func.max(EVENT.c.told_at).label("last"))
    .where(EVENT.c.person_id.in_(bindparam("persons", expanding=True)), EVENT.c.kind == bindparam("kind"))
    .where(EVENT.c.told_at > bindparam("since"), EVENT.c.told_at <= bindparam("until"))
    .group_by(EVENT.c.person_id)
)
MEMBERS_OF = select(MEMBERSHIP.c.person_id).where(
    MEMBERSHIP.c.organization_id == bindparam("organization"), MEMBERSHIP.c.state == "active"
)
STAFF_OVER = (
    select(ROLE.c.person_id)
    .where(
        ROLE.c.revoked_at.is_(None),
        or_(
            (ROLE.c.role == "province") & (ROLE.c.scope == bindparam("province")),
            (ROLE.c.role == "city") & (ROLE.c.scope == bindparam("city")),
        ),
    )
    .distinct()
)


async def add(
    session: Session,
    times: Mapping[int, datetime],
    kind: str,
    details: dict[str, Any],
    happened_at: datetime,
) -> None:
    """One event for each of those persons (id → when waiting for more ends)."""
    rows = [
        {
            "person_id": person_id,
            "kind": kind,
            "details": details,
            "happened_at": happened_at,
            "tell_at": tell_at,
        }
        for person_id, tell_at in sorted(times.items())
    ]
    if rows:
        connection = await session.connection()
        await connection.execute(ADD, rows)


async def told_between(
    session: Session, person_ids: Iterable[int], kind: str, since: datetime, until: datetime
) -> dict[int, datetime]:
    """When those of the persons who heard of that kind of event in that time did so last."""
    connection = await session.connection()
    asked = {"persons": list(person_ids), "kind": kind, "since": since, "until": until}
    rows = await connection.execute(TOLD_BETWEEN, asked)
    return {row.person_id: row.last for row in rows}


async def take_waiting(
    session: Session, channel: str, now: datetime, *, limit: int, kinds: Sequence[str] | None = None
) -> dict[int, list[Event]]:
    """By chat: all waiting events of up to `limit` persons for whom waiting is over; they count as told.

    Where `kinds` are given, only events of those.
    """
    waits = and_(col(Event.told_at).is_(None), true() if kinds is None else col(Event.kind).in_(kinds))
    due = (
        select(col(Event.person_id))
        .join(Person, col(Person.id) == col(Event.person_id))
        .where(waits, col(Event.tell_at) <= now)
        .where(col(Person.channel) == channel, col(Person.unreachable_since).is_(None))
        .distinct()
        .limit(limit)
    )
    persons = list(await session.scalars(due))
    if not persons:
        return {}
    told = await session.execute(
        update(Event)
        .where(col(Event.person_id).in_(persons), waits)
        .values(told_at=now)
        .returning(col(Event.id))
    )
    ids = [row[0] for row in told]
    rows = await session.execute(
        select(Event, col(Person.chat_id))
        .join(Person, col(Person.id) == col(Event.person_id))
        .where(col(Event.id).in_(ids))
        .order_by(col(Event.id))
    )
    found: dict[int, list[Event]] = {}
    for event, chat_id in rows:
        found.setdefault(chat_id, []).append(event)
    return found


async def members_of(session: Session, organization_id: int) -> list[int]:
    """The persons who act for an organization."""
    connection = await session.connection()
    found = await connection.execute(MEMBERS_OF, {"organization": organization_id})
    return list(found.scalars())


async def staff_over(session: Session, organization: OrganizationItem, province: str) -> list[int]:
    """The staff of that province, or of a city in it, on whose lists an organization stands."""
    home = organization.home
    has_city = organization.level != "province" and home.startswith(province[:2])
    asked = {"province": province, "city": f"{home[:4]}00" if has_city else None}
    connection = await session.connection()
    return list((await connection.execute(STAFF_OVER, asked)).scalars())


async def staff_in(session: Session, prefix: str) -> dict[int, list[tuple[str, str]]]:
    """Staff whose scope's code begins so: their roles as (role, scope)."""
    rows = await session.execute(
        select(col(StaffRole.person_id), col(StaffRole.role), col(StaffRole.scope)).where(
            col(StaffRole.revoked_at).is_(None), col(StaffRole.scope).startswith(prefix)
        )
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for person_id, role, scope in rows:
        found.setdefault(person_id, []).append((role, scope))
    return found
