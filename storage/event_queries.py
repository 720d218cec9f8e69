"""Events that wait to be told: stored with what they tell of, taken together for each person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, true, update
from sqlmodel import col

from storage.broadcasts import Event
from storage.database import Session
from storage.people import Membership, Organization, Person, StaffRole


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
        await session.execute(insert(Event), rows)


async def told_between(
    session: Session, person_ids: Iterable[int], kind: str, since: datetime, until: datetime
) -> dict[int, datetime]:
    """When those of the persons who heard of that kind of event in that time did so last."""
    rows = await session.execute(
        select(col(Event.person_id), func.max(col(Event.told_at)).label("last"))
        .where(col(Event.person_id).in_(list(person_ids)), col(Event.kind) == kind)
        .where(col(Event.told_at) > since, col(Event.told_at) <= until)
        .group_by(col(Event.person_id))
    )
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
    return list(
        await session.scalars(
            select(col(Membership.person_id)).where(
                col(Membership.organization_id) == organization_id, col(Membership.state) == "active"
            )
        )
    )


async def staff_over(session: Session, organization: Organization, province: str) -> list[int]:
    """The staff of that province, or of a city in it, on whose lists an organization stands."""
    home = organization.home
    role, scope = col(StaffRole.role), col(StaffRole.scope)
    inside = [(role == "province") & (scope == province)]
    if organization.level != "province" and home.startswith(province[:2]):
        inside.append((role == "city") & (scope == f"{home[:4]}00"))
    return list(
        await session.scalars(
            select(col(StaffRole.person_id))
            .where(col(StaffRole.revoked_at).is_(None), or_(*inside))
            .distinct()
        )
    )


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
