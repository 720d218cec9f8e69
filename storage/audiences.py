"""Who is meant by an audience's name, as one statement: for planning, for counting, for looking again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, Self

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlmodel import col

from storage.asked import asked
from storage.broadcasts import MutedNotice
from storage.database import Session
from storage.filings import Filing, FilingVersion
from storage.identities import OF_PERSON, PersonItem
from storage.organizations import OF_ORGANIZATION, OrganizationItem
from storage.people import Membership, Organization, Person, StaffRole
from storage.scopes import Role, Scope

Name = Literal["nothing_filed", "draft_only", "owing", "all_filed", "everyone", "staff"]
Part = Literal["", "province_level", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Persons by what their organizations stand at, or by their role.

    `nothing_filed` have neither filing nor draft, `draft_only` a draft but no filing, `owing` either of the
    two, `all_filed` a filing; `everyone` acts for any organization of those `kinds`; no kinds are all kinds.
    `staff` holds a role inside the scope. `form` "" means any form of the notice. `beyond` widens it to who
    takes part from elsewhere (`storage.asked`). `county`, `organization` (whose name is `title`) and `part`
    narrow it, the last to those of a province that stand in no city, being registered at `province_level` or
    without a home, or to those of `elsewhere`.
    """

    name: Name
    notice: str
    form: str
    kinds: tuple[str, ...]
    role: Role
    scope_code: str
    county: str = ""
    organization: int = 0
    title: str = ""
    beyond: bool = False
    part: Part = ""

    @property
    def scope(self) -> Scope:
        """The scope in which all of it lies."""
        return Scope(self.role, self.scope_code)

    def as_json(self) -> dict[str, Any]:
        """As a JSON column keeps it."""
        return {**asdict(self), "kinds": list(self.kinds)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of `as_json`."""
        return cls(**{**stored, "kinds": tuple(stored["kinds"])})


@dataclass(frozen=True, slots=True)
class Reach:
    """How many persons an audience has, and of those: on another channel, out of reach, reminders muted."""

    persons: int
    other_channel: int
    unreachable: int
    muted: int

    @property
    def lost(self) -> int:
        """How many get nothing for one of these reasons."""
        return self.other_channel + self.unreachable + self.muted


def persons(audience: Audience) -> Select[int]:
    """The ids of the persons it means, each once, oldest first."""
    if audience.name == "staff":
        return _staff(audience)
    query = (
        select(col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.state) == "active", organizations_of(audience))
    )
    return query.group_by(col(Membership.person_id)).order_by(col(Membership.person_id))


def organizations_of(audience: Audience) -> ColumnElement[bool]:
    """The organizations it means, as a condition on their table."""
    filed = exists().where(
        col(FilingVersion.organization_id) == col(Organization.id),
        col(FilingVersion.notice) == audience.notice,
        col(FilingVersion.current),
    )
    drafted = exists().where(
        col(Filing.organization_id) == col(Organization.id),
        col(Filing.notice) == audience.notice,
        col(Filing.state) == "draft",
    )
    if audience.form:
        filed = filed.where(col(FilingVersion.form) == audience.form)
        drafted = drafted.where(col(Filing.form) == audience.form)
    standing: dict[str, list[ColumnElement[bool]]] = {
        "nothing_filed": [~filed, ~drafted],
        "draft_only": [~filed, drafted],
        "owing": [~filed],
        "all_filed": [filed],
        "everyone": [],
    }
    return and_(whichever(audience), *standing[audience.name])


def whichever(audience: Audience) -> ColumnElement[bool]:
    """The organizations among which it looks, wherever they stand, as a condition on their table."""
    home = col(Organization.home)
    conditions = [asked(audience.scope, audience.notice, audience.form, beyond=audience.beyond)]
    if audience.kinds:
        conditions.append(col(Organization.kind).in_(audience.kinds))
    if audience.county:
        conditions.append(home == audience.county)
    if audience.organization:
        conditions.append(col(Organization.id) == audience.organization)
    inside = home.startswith(audience.scope.prefix)
    if audience.part == "province_level":
        conditions.append(or_(home == "", and_(inside, col(Organization.level) == "province")))
    elif audience.part == "elsewhere":
        conditions.append(and_(home != "", ~inside))
    return and_(*conditions)


def _staff(audience: Audience) -> Select[int]:
    query = select(col(StaffRole.person_id)).where(
        col(StaffRole.revoked_at).is_(None), col(StaffRole.scope).startswith(audience.scope.prefix)
    )
    return query.group_by(col(StaffRole.person_id)).order_by(col(StaffRole.person_id))


async def still_in(session: Session, audience: Audience, person_ids: Sequence[int]) -> set[int]:
    """Which of these persons it means at this moment."""
    connection = await session.connection()
    return set((await connection.execute(_still_in(audience), {"these": person_ids})).scalars())


@lru_cache
def _still_in(audience: Audience) -> Select[int]:
    """Asked for every few letters of a broadcast: it is not made anew each time."""
    column = col(StaffRole.person_id) if audience.name == "staff" else col(Membership.person_id)
    return persons(audience).where(column.in_(bindparam("these", expanding=True)))


async def count_organizations(session: Session, audience: Audience) -> int:
    """How many organizations it means; 0 for staff."""
    if audience.name == "staff":
        return 0
    query = select(func.count()).select_from(Organization).where(organizations_of(audience))
    return await session.scalar(query) or 0


async def list_organizations(
    session: Session, audience: Audience, *, limit: int, offset: int
) -> list[OrganizationItem]:
    """A page of the organizations it means, by home."""
    found = await session.execute(
        select(*OF_ORGANIZATION)
        .where(organizations_of(audience))
        .order_by(col(Organization.home), col(Organization.id))
        .limit(limit)
        .offset(offset)
    )
    return [OrganizationItem(*row) for row in found]


async def first_person(session: Session, audience: Audience, channel: str) -> PersonItem | None:
    """Somebody it means who can be reached on that channel, as a sample."""
    found = await session.execute(
        select(*OF_PERSON)
        .where(col(Person.id).in_(select(persons(audience).subquery().c.person_id)))
        .where(col(Person.channel) == channel, col(Person.unreachable_since).is_(None))
        .order_by(col(Person.id))
        .limit(1)
    )
    row = found.one_or_none()
    return PersonItem(*row) if row else None


def open_to_reminders(audience: Audience, channel: str) -> Select[int]:
    """The ids of those of its persons whom a reminder would reach: on that channel, not gone, not muted."""
    people = persons(audience).subquery()
    return (
        select(people.c.person_id)
        .join(Person, col(Person.id) == people.c.person_id)
        .where(col(Person.channel) == channel, col(Person.unreachable_since).is_(None))
        .where(people.c.person_id.not_in(_muted(audience)))
    )


def _muted(audience: Audience) -> Select[int]:
    return select(col(MutedNotice.person_id)).where(col(MutedNotice.notice) == audience.notice)


async def measure(session: Session, audience: Audience, channel: str) -> Reach:
    """How many persons it means, and how many of them cannot or will not be reached."""
    people = persons(audience).subquery()
    here = col(Person.channel) == channel
    gone = col(Person.unreachable_since).is_not(None)
    count = func.count()
    row = (
        await session.execute(
            select(
                count,
                count.filter(~here),
                count.filter(here & gone),
                count.filter(here & ~gone & col(Person.id).in_(_muted(audience))),
            )
            .select_from(people)
            .join(Person, col(Person.id) == people.c.person_id)
        )
    ).one()
    return Reach(*row)
