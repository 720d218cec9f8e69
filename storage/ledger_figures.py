"""What the ledger adds up to: how a broadcast stands, and whom it did not reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlmodel import col

from storage.asked import asked
from storage.audiences import Audience, persons
from storage.broadcasts import Broadcast
from storage.database import Session
from storage.ledger import BROADCAST, LEDGER, REMINDING
from storage.people import Membership, Organization
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

    `contact` and `phone` are the organization's, `own_contact` and `own_phone` what the recipient gave.
    """

    organization: str
    home: str
    contact: str
    phone: str
    own_contact: str
    own_phone: str
    reason: str
    person_id: int


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


async def count_lately(session: Session, audience: Audience, since: datetime) -> int:
    """How many the audience means to whom a reminder of its notice has gone that was begun after `since`."""
    connection = await session.connection()
    query = (
        select(func.count(LEDGER.c.person_id.distinct()))
        .join(BROADCAST, BROADCAST.c.id == LEDGER.c.broadcast_id)
        .where(LEDGER.c.person_id.in_(select(persons(audience).subquery().c.person_id)))
        .where(LEDGER.c.state.in_(("sending", "sent", "unknown")))
        .where(BROADCAST.c.notice == audience.notice, BROADCAST.c.kind.in_(REMINDING))
        .where(or_(BROADCAST.c.created_at > since, BROADCAST.c.due_at > since))
    )
    return (await connection.execute(query)).scalar_one()


async def missed(session: Session, broadcast: Broadcast, scope: Scope, *, limit: int) -> list[Missed]:
    """Who in that scope was not reached, with the contacts to call: a row for each organization; by home."""
    audience = Audience.from_json(broadcast.audience)
    connection = await session.connection()
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
        )
        .join(LEDGER, LEDGER.c.person_id == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.state) == "active")
        .where(LEDGER.c.broadcast_id == broadcast.id, LEDGER.c.reason.in_(NOT_REACHED))
        .where(col(Organization.kind).in_(audience.kinds))
        .where(asked(audience.scope, audience.notice, audience.form, beyond=audience.beyond))
        .order_by(col(Organization.home), col(Organization.id), LEDGER.c.id)
        .limit(limit)
    )
    if scope != audience.scope:
        query = query.where(scope.condition())
    if audience.organization:
        query = query.where(col(Organization.id) == audience.organization)
    if audience.county:
        query = query.where(col(Organization.home) == audience.county)
    return [Missed(*row) for row in await connection.execute(query)]
