"""Who writes: persons, their memberships and staff roles, and the invites that grant roles."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update
from sqlmodel import SQLModel, col

from storage.database import Session
from storage.people import Invite, Membership, Person, StaffRole

TABLES = SQLModel.metadata.tables
PERSON, MEMBERSHIP, ROLE = (TABLES[str(table.__tablename__)] for table in (Person, Membership, StaffRole))


@dataclass(frozen=True, slots=True)
class PersonItem:
    """A person as when it was read; the columns mean what they mean in `Person`."""

    id: int
    channel: str
    chat_id: int
    name: str
    consented_at: datetime | None
    unreachable_since: datetime | None


@dataclass(frozen=True, slots=True)
class MembershipItem:
    """A tie to an organization as when it was read; the columns mean what they mean in `Membership`."""

    id: int
    organization_id: int
    state: str
    contact: str
    phone: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """A person with the ties that hold at this moment; roles as (role, scope)."""

    person: PersonItem
    memberships: tuple[MembershipItem, ...]
    roles: tuple[tuple[str, str], ...]


# Built once, and read as plain rows: each turn begins with it (docs/performance.md).
OF_PERSON = tuple(PERSON.c[item.name] for item in fields(PersonItem))
OF_MEMBERSHIP = tuple(MEMBERSHIP.c[item.name] for item in fields(MembershipItem))
ADD = insert(PERSON).returning(*OF_PERSON)
GET = select(*OF_PERSON).where(PERSON.c.id == bindparam("person"))
LOAD = (
    select(*OF_PERSON, *OF_MEMBERSHIP, ROLE.c.role, ROLE.c.scope)
    .select_from(PERSON)
    .outerjoin(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
    .outerjoin(ROLE, and_(ROLE.c.person_id == PERSON.c.id, ROLE.c.revoked_at.is_(None)))
    .where(PERSON.c.channel == bindparam("channel"), PERSON.c.chat_id == bindparam("chat_id"))
    .order_by(MEMBERSHIP.c.id, ROLE.c.id)
)


async def load(session: Session, channel: str, chat_id: int) -> Identity | None:
    """The person of that chat, in one statement; None when nobody wrote from there yet."""
    connection = await session.connection()
    rows = (await connection.execute(LOAD, {"channel": channel, "chat_id": chat_id})).all()
    if not rows:
        return None
    first, last = len(OF_PERSON), len(OF_PERSON) + len(OF_MEMBERSHIP)
    memberships = {row[first]: MembershipItem(*row[first:last]) for row in rows if row[first] is not None}
    roles = {(row.role, row.scope): None for row in rows if row.role is not None}
    return Identity(PersonItem(*rows[0][:first]), tuple(memberships.values()), tuple(roles))


async def add_person(session: Session, channel: str, chat_id: int, name: str, now: datetime) -> PersonItem:
    """A new row for somebody who writes for the first time."""
    connection = await session.connection()
    columns = {"channel": channel, "chat_id": chat_id, "name": name, "created_at": now}
    return PersonItem(*(await connection.execute(ADD, columns)).one())


async def get_person(session: Session, person_id: int) -> PersonItem | None:
    """The person of that id."""
    connection = await session.connection()
    row = (await connection.execute(GET, {"person": person_id})).one_or_none()
    return PersonItem(*row) if row else None


async def is_staff_of(session: Session, person_id: int, codes: Sequence[str]) -> bool:
    """Whether the person holds a role over one of these provinces or cities at this moment."""
    found = await session.scalar(
        select(col(StaffRole.id))
        .where(col(StaffRole.person_id) == person_id, col(StaffRole.revoked_at).is_(None))
        .where(col(StaffRole.scope).in_(codes))
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
