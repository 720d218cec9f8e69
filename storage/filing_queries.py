"""Queries about filings and their versions, for those who file and those who look."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, false, func, insert, select, true, update
from sqlmodel import SQLModel, col

from storage.asked import asked
from storage.database import Session
from storage.filings import Filing, FilingVersion
from storage.organizations import OF_ORGANIZATION, OrganizationItem
from storage.people import Organization
from storage.revisions import write_at_revision
from storage.scopes import Scope

VISIBLE = ("draft", "filed", "withdrawn")
FILINGS = SQLModel.metadata.tables[str(Filing.__tablename__)]
VERSIONS = SQLModel.metadata.tables[str(FilingVersion.__tablename__)]


@dataclass(frozen=True, slots=True)
class FilingItem:
    """A filing as it was when it was read; the columns mean what they mean in `Filing`."""

    id: int
    notice: str
    form: str
    organization_id: int
    state: str
    answers: dict[str, Any]
    correcting: bool
    version: int
    revision: int
    filed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the organizations of one home are: all, those that filed, and their filings."""

    home: str
    level: str
    organizations: int
    filed_organizations: int
    filings: int


# Built once: building a statement costs several times what running it does (docs/performance.md).
COLUMNS = tuple(FILINGS.c[item.name] for item in fields(FilingItem))
ADD = insert(FILINGS).returning(*COLUMNS)
GET = select(*COLUMNS).where(FILINGS.c.id == bindparam("filing"))
SIBLINGS = select(*COLUMNS).where(
    FILINGS.c.organization_id == bindparam("organization"),
    FILINGS.c.notice == bindparam("notice"),
    FILINGS.c.form == bindparam("form"),
    FILINGS.c.state.in_(("draft", "filed")),
    FILINGS.c.id != bindparam("filing"),
)
OF_ORGANIZATIONS = (
    select(*COLUMNS)
    .where(
        FILINGS.c.organization_id.in_(bindparam("organizations", expanding=True)),
        FILINGS.c.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(case((FILINGS.c.state == "draft", 0), else_=1), FILINGS.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
ADD_VERSION = insert(VERSIONS)
RETIRE = (
    update(VERSIONS)
    .where(VERSIONS.c.filing_id == bindparam("filing"), VERSIONS.c.current)
    .values(current=false())
)


async def add(session: Session, **columns: Any) -> FilingItem:
    """Stores a new filing."""
    connection = await session.connection()
    return FilingItem(*(await connection.execute(ADD, columns)).one())


async def get(session: Session, filing_id: int) -> FilingItem | None:
    """The filing of that id."""
    connection = await session.connection()
    row = (await connection.execute(GET, {"filing": filing_id})).one_or_none()
    return FilingItem(*row) if row else None


async def write(session: Session, filing_id: int, revision: int, **columns: Any) -> bool:
    """Overwrites columns of a filing that still is at `revision`; False when it has moved on."""
    return await write_at_revision(session, Filing, filing_id, revision, columns)


async def add_version(session: Session, filing_id: int, **columns: Any) -> None:
    """Stores a submitted state as the current one; the one before stays, no longer current."""
    await retire_versions(session, filing_id)
    connection = await session.connection()
    await connection.execute(ADD_VERSION, {"filing_id": filing_id, "current": True, **columns})


async def retire_versions(session: Session, filing_id: int) -> None:
    """Leaves a filing without a current version: nothing of it is exported."""
    connection = await session.connection()
    await connection.execute(RETIRE, {"filing": filing_id})


async def current_version(session: Session, filing_id: int) -> FilingVersion | None:
    """What counts as filed at this moment."""
    found = await session.scalars(
        select(FilingVersion).where(col(FilingVersion.filing_id) == filing_id, col(FilingVersion.current))
    )
    return found.one_or_none()


async def versions(session: Session, filing_id: int) -> list[FilingVersion]:
    """Every submitted state of a filing, oldest first."""
    found = await session.scalars(
        select(FilingVersion)
        .where(col(FilingVersion.filing_id) == filing_id)
        .order_by(col(FilingVersion.version))
    )
    return list(found)


async def of_organizations(
    session: Session,
    organization_ids: Sequence[int],
    *,
    states: Sequence[str] = VISIBLE,
    limit: int,
    offset: int = 0,
) -> list[FilingItem]:
    """Filings of those organizations: drafts first, then the newest."""
    connection = await session.connection()
    asked = {"organizations": organization_ids, "states": states, "limit": limit, "offset": offset}
    return [FilingItem(*row) for row in await connection.execute(OF_ORGANIZATIONS, asked)]


async def count_of_organizations(
    session: Session, organization_ids: Sequence[int], states: Sequence[str] = VISIBLE
) -> int:
    """How many filings `of_organizations` would list in all."""
    found = await session.scalar(
        select(func.count())
        .select_from(Filing)
        .where(col(Filing.organization_id).in_(organization_ids), col(Filing.state).in_(states))
    )
    return found or 0


async def siblings(
    session: Session, filing_id: int, organization_id: int, notice: str, form: str
) -> list[FilingItem]:
    """Other drafts and filings of the same organization on the same form."""
    connection = await session.connection()
    asked = {"filing": filing_id, "organization": organization_id, "notice": notice, "form": form}
    return [FilingItem(*row) for row in await connection.execute(SIBLINGS, asked)]


def _within(scope: Scope | None) -> ColumnElement[bool]:
    return scope.condition() if scope else true()


async def filed_in_scope(
    session: Session, notice: str, scope: Scope | None, *, limit: int, offset: int = 0
) -> list[tuple[FilingVersion, OrganizationItem]]:
    """What is filed under a notice in a scope, by organization, oldest first; without a scope all of it."""
    found = await session.execute(
        select(FilingVersion, *OF_ORGANIZATION)
        .join(Organization, col(Organization.id) == col(FilingVersion.organization_id))
        .where(col(FilingVersion.notice) == notice, col(FilingVersion.current), _within(scope))
        .order_by(col(Organization.home), col(Organization.id), col(FilingVersion.filing_id))
        .limit(limit)
        .offset(offset)
    )
    return [(row[0], OrganizationItem(*row[1:])) for row in found]


async def count_filed_in_scope(session: Session, notice: str, scope: Scope | None) -> int:
    """How many filings `filed_in_scope` would list in all."""
    found = await session.scalar(
        select(func.count())
        .select_from(FilingVersion)
        .join(Organization, col(Organization.id) == col(FilingVersion.organization_id))
        .where(col(FilingVersion.notice) == notice, col(FilingVersion.current), _within(scope))
    )
    return found or 0


async def without_filing(
    session: Session,
    notice: str,
    kinds: Sequence[str],
    scope: Scope,
    *,
    beyond: bool = False,
    limit: int,
    offset: int = 0,
) -> list[OrganizationItem]:
    """Organizations the notice asks in scope, or also `beyond` it, that have nothing filed."""
    filed = select(col(FilingVersion.organization_id)).where(
        col(FilingVersion.notice) == notice, col(FilingVersion.current)
    )
    found = await session.execute(
        select(*OF_ORGANIZATION)
        .where(col(Organization.kind).in_(kinds), asked(scope, notice, beyond=beyond))
        .where(col(Organization.id).not_in(filed))
        .order_by(col(Organization.home), col(Organization.id))
        .limit(limit)
        .offset(offset)
    )
    return [OrganizationItem(*row) for row in found]


async def progress(
    session: Session, notice: str, kinds: Sequence[str], scope: Scope, *, beyond: bool = False
) -> list[Progress]:
    """For each home and registration level: organizations, those that filed, and filings.

    Of those the notice asks in scope, or also `beyond` it (`storage.asked`).
    """
    filed = (
        select(col(FilingVersion.organization_id).label("organization_id"), func.count().label("filings"))
        .where(col(FilingVersion.notice) == notice, col(FilingVersion.current))
        .group_by(col(FilingVersion.organization_id))
        .subquery()
    )
    found = await session.execute(
        select(
            col(Organization.home),
            col(Organization.level),
            func.count(),
            func.count(filed.c.filings),
            func.coalesce(func.sum(filed.c.filings), 0),
        )
        .outerjoin(filed, filed.c.organization_id == col(Organization.id))
        .where(col(Organization.kind).in_(kinds), asked(scope, notice, beyond=beyond))
        .group_by(col(Organization.home), col(Organization.level))
        .order_by(col(Organization.home), col(Organization.level))
    )
    return [Progress(row[0], row[1], row[2], row[3], int(row[4])) for row in found]
