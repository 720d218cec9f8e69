"""Who acts for an organization: the first contact at once, anybody else when a member agrees."""

from datetime import datetime, timedelta
from typing import Any

from registration.actors import Actor
from registration.refusals import (
    AlreadyDecided,
    AlreadyMember,
    NotYours,
    RequestPending,
    RequestRefused,
)
from storage import audit, organizations
from storage.database import Session
from storage.identities import MembershipItem
from storage.organizations import OrganizationItem, Tie

ASK_AGAIN_AFTER = timedelta(days=1)


async def found(
    session: Session, actor: Actor, organization: OrganizationItem, now: datetime
) -> MembershipItem:
    """The membership of whoever registered the organization: nobody is there to ask."""
    return await organizations.put_membership(
        session,
        person_id=actor.id,
        organization_id=organization.id,
        state="active",
        contact=organization.contact,
        phone=organization.phone,
        created_at=now,
        decided_at=now,
    )


def require_askable(actor: Actor, organization_id: int, now: datetime) -> MembershipItem | None:
    """The refused membership to revive, None when there is none yet.

    Raises AlreadyMember, RequestPending, or RequestRefused within a day of the refusal.
    """
    row = next((item for item in actor.memberships if item.organization_id == organization_id), None)
    if row is None:
        return None
    if row.state == "active":
        raise AlreadyMember
    if row.state == "pending":
        raise RequestPending
    if row.decided_at is not None and now < row.decided_at + ASK_AGAIN_AFTER:
        raise RequestRefused
    return row


async def ask(
    session: Session, actor: Actor, organization: OrganizationItem, facts: dict[str, Any], now: datetime
) -> MembershipItem:
    """A request to act for a registered organization, to be decided by its members."""
    refused = require_askable(actor, organization.id, now)
    row = await organizations.put_membership(
        session,
        refused.id if refused else None,
        person_id=actor.id,
        organization_id=organization.id,
        state="pending",
        contact=str(facts.get("contact", "")),
        phone=str(facts.get("phone", "")),
        decided_at=None,
        decided_by=None,
        **({} if refused else {"created_at": now}),
    )
    await audit.record(session, "membership_requested", "membership", row.id, person_id=actor.id, at=now)
    return row


async def count(session: Session, organization_id: int, channel: str) -> int:
    """How many persons of that channel act for an organization."""
    return await organizations.count_members(session, organization_id, channel)


async def decide(session: Session, actor: Actor, membership_id: int, *, approve: bool, now: datetime) -> Tie:
    """Approves or refuses a request, as any approved member may.

    Returns the request as it stood, with its organization and who asked. Raises NotYours, or AlreadyDecided.
    """
    tie = await organizations.find_tie(session, membership_id)
    if tie is None or tie.organization.id not in actor.organizations or tie.person.id == actor.id:
        raise NotYours
    state = "active" if approve else "refused"
    if not await organizations.decide(session, membership_id, state, actor.id, now):
        raise AlreadyDecided
    await audit.record(
        session, f"membership_{state}", "membership", membership_id, person_id=actor.id, at=now
    )
    return tie
