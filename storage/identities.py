"""Who writes: persons, their memberships and staff roles, and the invites that grant roles."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlmodel import col

from storage.database import Session
from storage.people import Invite, Membership, Person, StaffRole


@dataclass(frozen=True, slots=True)
class Identity:
    """A person with the ties that hold at this moment."""

    person: Person
    memberships: tuple[Membership, ...]
    roles: tuple[StaffRole, ...]


LOAD = (
    select(Person, Membership, StaffRole)
    .outerjoin(Membership, col(Membership.person_id) == col(Person.id))
    .outerjoin(
        StaffRole, and_(col(StaffRole.person_id) == col(Person.id), col(StaffRole.revoked_at).is_(None))
    )
    .where(col(Person.channel) == bindparam("channel"), col(Person.chat_id) == bindparam("chat_id"))
    .order_by(col(Membership.id), col(StaffRole.id))
)


async def load(session: Session, channel: str, chat_id: int) -> Identity | None:
    """The person of that chat, in one statement; None when nobody wrote from there yet."""
    rows = (await session.execute(LOAD, {"channel": channel, "chat_id": chat_id})).all()
    if not rows:
        return None
    memberships = {row[1].id: row[1] for row in rows if row[1] is not None}
    roles = {row[2].id: row[2] for row in rows if row[2] is not None}
    return Identity(rows[0][0], tuple(memberships.values()), tuple(roles.values()))


async def add_person(session: Session, channel: str, chat_id: int, name: str, now: datetime) -> Person:
    """A new row for somebody who writes for the first time."""
    person = Person(channel=channel, chat_id=chat_id, name=name, created_at=now)
    session.add(person)
    await session.flush()
    return person


async def get_person(session: Session, person_id: int) -> Person | None:
    """The person of that id."""
    return await session.get(Person, person_id)


async def is_staff_of(session: Session, person_id: int, code: str) -> bool:
    """Whether the person holds a role over that province or city at this moment."""
    found = await session.scalar(
        select(col(StaffRole.id))
        .where(col(StaffRole.person_id) == person_id, col(StaffRole.revoked_at).is_(None))
        .where(col(StaffRole.scope).in_((code, f"{code[:2]}0000")))
        .limit(1)
    )
    return found is not None


async def note_reachable(session: Session, person_id: int) -> None:
    """Somebody who could not be reached has written again."""
    await session.execute(update(Person).where(col(Person.id) == person_id).values(unreachable_since=None))


async def note_consent(session: Session, person_id: int, now: datetime | None) -> None:
    """When the person agreed that contact data are kept; None takes it back."""
    await session.execute(update(Person).where(col(Person.id) == person_id).values(consented_at=now))


async def add_invite(
    session: Session, code_hash: str, role: str, scope: str, *, expires_at: datetime, now: datetime
) -> None:
    """A new invite, known by the hash of its code alone."""
    session.add(Invite(code_hash=code_hash, role=role, scope=scope, expires_at=expires_at, created_at=now))
    await session.flush()


async def redeem_invite(session: Session, code_hash: str, person_id: int, at: datetime) -> Invite | None:
    """Uses up the invite with that hash, unless it is used, late or unknown; then None."""
    return (
        await session.scalars(
            update(Invite)
            .where(
                col(Invite.code_hash) == code_hash,
                col(Invite.redeemed_at).is_(None),
                col(Invite.expires_at) > at,
            )
            .values(redeemed_at=at, redeemed_by=person_id)
            .returning(Invite)
        )
    ).one_or_none()


async def grant_role(session: Session, person_id: int, role: str, scope: str, now: datetime) -> None:
    """Gives the person the role, anew where it had been revoked."""
    row = (
        await session.scalars(
            select(StaffRole).where(
                col(StaffRole.person_id) == person_id,
                col(StaffRole.role) == role,
                col(StaffRole.scope) == scope,
            )
        )
    ).one_or_none()
    if row is None:
        row = StaffRole(person_id=person_id, role=role, scope=scope, granted_at=now)
    row.revoked_at = None
    session.add(row)
    await session.flush()
