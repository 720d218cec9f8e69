"""Queries about organizations, memberships and registrations that are being filled."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlmodel import SQLModel, col

from storage.database import Session
from storage.identities import MEMBERSHIP, OF_MEMBERSHIP, OF_PERSON, PERSON, MembershipItem, PersonItem
from storage.people import Membership, Organization, Person, RegistrationDraft
from storage.revisions import write_at_revision

ORGANIZATIONS = SQLModel.metadata.tables[str(Organization.__tablename__)]


@dataclass(frozen=True, slots=True)
class OrganizationItem:
    """An organization as when it was read; the columns mean what they mean in `Organization`."""

    id: int
    kind: str
    name: str
    credit_code: str | None
    type: str
    level: str
    home: str
    contact: str
    phone: str
    answers: dict[str, Any]
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tie:
    """A membership with the two it ties together."""

    membership: MembershipItem
    organization: OrganizationItem
    person: PersonItem


OF_ORGANIZATION = tuple(ORGANIZATIONS.c[item.name] for item in fields(OrganizationItem))
ADD = insert(ORGANIZATIONS).returning(*OF_ORGANIZATION)
GET = (
    select(*OF_ORGANIZATION)
    .where(ORGANIZATIONS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(ORGANIZATIONS.c.id)
)
TIE = (
    select(*OF_MEMBERSHIP, *OF_ORGANIZATION, *OF_PERSON)
    .join_from(MEMBERSHIP, ORGANIZATIONS)
    .join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
    .where(MEMBERSHIP.c.id == bindparam("membership"))
)


async def get(session: Session, organization_id: int) -> OrganizationItem | None:
    """The organization of that id."""
    found = await get_many(session, (organization_id,))
    return found[0] if found else None


async def get_many(session: Session, ids: tuple[int, ...]) -> list[OrganizationItem]:
    """The organizations of those ids, oldest first."""
    connection = await session.connection()
    return [OrganizationItem(*row) for row in await connection.execute(GET, {"ids": ids})]


async def look_alikes(
    session: Session, kind: str, folded_name: str, credit_code: str | None
) -> list[OrganizationItem]:
    """Organizations of that kind that bear the name or the code, oldest first."""
    same = [col(Organization.folded_name) == folded_name] if folded_name else []
    if credit_code:
        same.append(col(Organization.credit_code) == credit_code)
    if not same:
        return []
    found = await session.execute(
        select(*OF_ORGANIZATION)
        .where(col(Organization.kind) == kind, or_(*same))
        .order_by(col(Organization.id))
    )
    return [OrganizationItem(*row) for row in found]


async def add(session: Session, **columns: Any) -> OrganizationItem:
    """Stores a new organization."""
    connection = await session.connection()
    return OrganizationItem(*(await connection.execute(ADD, columns)).one())


async def change(session: Session, organization_id: int, **columns: Any) -> None:
    """Overwrites those columns."""
    await session.execute(
        update(Organization).where(col(Organization.id) == organization_id).values(**columns)
    )


async def find_tie(session: Session, membership_id: int) -> Tie | None:
    """The membership of that id, with its organization and its person."""
    connection = await session.connection()
    row = (await connection.execute(TIE, {"membership": membership_id})).one_or_none()
    if row is None:
        return None
    first, last = len(OF_MEMBERSHIP), len(OF_MEMBERSHIP) + len(OF_ORGANIZATION)
    return Tie(MembershipItem(*row[:first]), OrganizationItem(*row[first:last]), PersonItem(*row[last:]))


async def put_membership(session: Session, known: int | None = None, **columns: Any) -> MembershipItem:
    """Stores a new membership, or overwrites the `known` one."""
    written = insert(MEMBERSHIP) if known is None else update(MEMBERSHIP).where(MEMBERSHIP.c.id == known)
    connection = await session.connection()
    return MembershipItem(
        *(await connection.execute(written.values(columns).returning(*OF_MEMBERSHIP))).one()
    )


async def decide(session: Session, membership_id: int, state: str, decided_by: int, now: datetime) -> bool:
    """Decides a pending membership; False when somebody else was faster."""
    found = await session.execute(
        update(Membership)
        .where(col(Membership.id) == membership_id, col(Membership.state) == "pending")
        .values(state=state, decided_by=decided_by, decided_at=now)
        .returning(col(Membership.id))
    )
    return found.first() is not None


async def count_members(session: Session, organization_id: int, channel: str) -> int:
    """How many persons of that channel act for an organization."""
    found = await session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.organization_id) == organization_id, col(Membership.state) == "active")
        .where(col(Person.channel) == channel)
    )
    return found or 0


async def add_draft(session: Session, draft: RegistrationDraft) -> RegistrationDraft:
    """Stores a registration that begins."""
    session.add(draft)
    await session.flush()
    return draft


async def get_draft(session: Session, draft_id: int) -> RegistrationDraft | None:
    """The registration draft of that id, as it is by now."""
    return await session.get(RegistrationDraft, draft_id, populate_existing=True)


async def open_draft(session: Session, person_id: int) -> RegistrationDraft | None:
    """The newest registration this person has not finished."""
    found = await session.scalars(
        select(RegistrationDraft)
        .where(col(RegistrationDraft.person_id) == person_id, col(RegistrationDraft.state) == "open")
        .order_by(col(RegistrationDraft.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def write_draft(session: Session, draft_id: int, revision: int, **columns: Any) -> bool:
    """Overwrites columns of an open draft that still is at `revision`; False when it has moved on."""
    return await write_at_revision(session, RegistrationDraft, draft_id, revision, columns, state="open")
