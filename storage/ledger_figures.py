"""What the ledger adds up to: how a broadcast stands, and whom it did not reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.audiences import Audience, open_to_reminders, whichever
from storage.broadcasts import Broadcast
from storage.database import Session
from storage.ledger import BROADCAST, LEDGER, REMINDING
from storage.people import Membership, Organization, Person, StaffRole
from storage.scopes import Scope

NOT_REACHED = ("unreachable", "other_channel", "muted", "refused", "unconfirmed", "late", "cancelled")


@dataclass(frozen=True, slots=True)
class Tally:
    """How a broadcast stands; `total` is the audience as resolved, always the sum of the five."""

    total: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    pending: int = 0
    skipped: int = 0
    reasons: Mapping[str, int] | None = None

    def as_json(self) -> dict[str, int]:
        """The counts, to tell whether anything has moved."""
        return {name: getattr(self, name) for name in ("sent", "failed", "unknown", "pending", "skipped")}

    @property
    def missed(self) -> int:
        """How many were not reached."""
        return self.because(*NOT_REACHED)

    def because(self, *reasons: str) -> int:
        """How many ended for one of those reasons."""
        return sum((self.reasons or {}).get(reason, 0) for reason in reasons)


@dataclass(frozen=True, slots=True)
class Missed:
    """A recipient who was not reached, with the organization and both contacts, as staff need it to call.

    `contact` and `phone` are the organization's, `own_contact` and `own_phone` what the recipient gave. Staff
    have no organization: `home` is then where they hold a role. `covered` when it has reached a colleague.
    """

    organization: str
    home: str
    contact: str
    phone: str
    own_contact: str
    own_phone: str
    reason: str
    person_id: int
    covered: bool = False


async def tally(session: Session, broadcast_id: int) -> Tally:
    """How many recipients are in each state, and for which reasons."""
    connection = await session.connection()
    state = case((LEDGER.c.state == "sending", "pending"), else_=LEDGER.c.state)
    rows = await connection.execute(
        select(state, LEDGER.c.reason, func.count())
        .where(LEDGER.c.broadcast_id == broadcast_id)
        .group_by(state, LEDGER.c.reason)
    )
    states: dict[str, int] = dict.fromkeys(("sent", "failed", "unknown", "pending", "skipped"), 0)
    reasons: dict[str, int] = {}
    for name, reason, count in rows:
        states[name] += count
        if reason:
            reasons[reason] = reasons.get(reason, 0) + count
    return Tally(total=sum(states.values()), reasons=reasons, **states)


async def count_lately(session: Session, audience: Audience, channel: str, since: datetime) -> int:
    """How many would be reached to whom a reminder of the notice has gone that was begun after `since`."""
    connection = await session.connection()
    query = (
        select(func.count(LEDGER.c.person_id.distinct()))
        .join(BROADCAST, BROADCAST.c.id == LEDGER.c.broadcast_id)
        .where(LEDGER.c.person_id.in_(open_to_reminders(audience, channel)))
        .where(LEDGER.c.state.in_(("sending", "sent", "unknown")))
        .where(BROADCAST.c.notice == audience.notice, BROADCAST.c.kind.in_(REMINDING))
        .where(or_(BROADCAST.c.created_at > since, BROADCAST.c.due_at > since))
    )
    return (await connection.execute(query)).scalar_one()


async def missed(session: Session, broadcast: Broadcast, scope: Scope, *, limit: int) -> list[Missed]:
    """Who in that scope was not reached, with the contacts to call: a row for each organization; by home."""
    audience = Audience.from_json(broadcast.audience)
    rows = _missed_staff(scope) if audience.name == "staff" else _missed_contacts(audience, scope)
    connection = await session.connection()
    query = rows.where(LEDGER.c.broadcast_id == broadcast.id, LEDGER.c.reason.in_(NOT_REACHED)).limit(limit)
    return [Missed(*row) for row in await connection.execute(query)]


def _missed_contacts(audience: Audience, scope: Scope) -> Select[Any]:
    query = (
        select(
            col(Organization.name),
            col(Organization.home),
            col(Organization.contact),
            col(Organization.phone),
            col(Membership.contact),
            col(Membership.phone),
            LEDGER.c.reason,
            LEDGER.c.person_id,
            _colleague_reached(),
        )
        .join(LEDGER, LEDGER.c.person_id == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.state) == "active", whichever(audience))
        .order_by(col(Organization.home), col(Organization.id), LEDGER.c.id)
    )
    return query if scope == audience.scope else query.where(scope.condition())


def _colleague_reached() -> ColumnElement[bool]:
    """Whether it has reached somebody else who acts for the organization."""
    tie, other = aliased(Membership), LEDGER.alias("other")
    return exists().where(
        col(tie.organization_id) == col(Organization.id),
        col(tie.state) == "active",
        other.c.person_id == col(tie.person_id),
        other.c.broadcast_id == LEDGER.c.broadcast_id,
        other.c.state == "sent",
    )


def _missed_staff(scope: Scope) -> Select[Any]:
    none = literal("")
    return (
        select(
            none,
            col(StaffRole.scope),
            none,
            none,
            col(Person.name),
            none,
            LEDGER.c.reason,
            LEDGER.c.person_id,
        )
        .join(LEDGER, LEDGER.c.person_id == col(StaffRole.person_id))
        .join(Person, col(Person.id) == col(StaffRole.person_id))
        .where(col(StaffRole.revoked_at).is_(None), col(StaffRole.scope).startswith(scope.prefix))
        .order_by(col(StaffRole.scope), LEDGER.c.id)
    )
