"""What persons owe: their organizations with the drafts and filings of one form; and what they muted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, select
from sqlmodel import SQLModel, col

from storage.asked import BEGUN
from storage.broadcasts import MutedNotice
from storage.database import Session
from storage.dialects import insert_unless_there
from storage.filings import Filing
from storage.people import Membership, Organization

TABLES = SQLModel.metadata.tables
MUTED, MEMBERSHIP, ORGANIZATION, FILING = (
    TABLES[str(table.__tablename__)] for table in (MutedNotice, Membership, Organization, Filing)
)


@dataclass(slots=True)
class Standing:
    """One organization of a person under one form: its newest draft, if any, and how many filings count.

    It has `begun` when anything of that form was written and not put away.
    """

    organization_id: int
    organization: str
    home: str = ""
    begun: bool = False
    draft_id: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    filed: int = 0


TIES = (
    select(MEMBERSHIP.c.person_id, ORGANIZATION.c.id, ORGANIZATION.c.name, ORGANIZATION.c.home)
    .join(ORGANIZATION, ORGANIZATION.c.id == MEMBERSHIP.c.organization_id)
    .where(
        MEMBERSHIP.c.person_id.in_(bindparam("persons", expanding=True)),
        MEMBERSHIP.c.state == "active",
        ORGANIZATION.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(ORGANIZATION.c.id)
)
FILINGS = (
    select(
        FILING.c.organization_id,
        FILING.c.id,
        FILING.c.state,
        case((FILING.c.state == "draft", FILING.c.answers)),
    )
    .where(
        FILING.c.organization_id.in_(bindparam("organizations", expanding=True)),
        FILING.c.notice == bindparam("notice"),
        FILING.c.form == bindparam("form"),
        FILING.c.state.in_(BEGUN),
    )
    .order_by(FILING.c.id)
)


async def standings(
    session: Session, person_ids: Sequence[int], notice: str, form: str, kinds: Sequence[str]
) -> dict[int, list[Standing]]:
    """By person: the organizations of those kinds they act for, oldest first."""
    connection = await session.connection()
    ties = await connection.execute(TIES, {"persons": person_ids, "kinds": kinds})
    by_organization: dict[int, Standing] = {}
    by_person: dict[int, list[Standing]] = {}
    for person_id, organization_id, name, home in ties:
        standing = by_organization.setdefault(organization_id, Standing(organization_id, name, home))
        by_person.setdefault(person_id, []).append(standing)
    filings = await connection.execute(
        FILINGS, {"organizations": list(by_organization), "notice": notice, "form": form}
    )
    for organization_id, filing_id, state, answers in filings:
        standing = by_organization[organization_id]
        standing.begun = True
        if state == "filed":
            standing.filed += 1
        elif state == "draft":
            standing.draft_id, standing.answers = filing_id, answers
    return by_person


async def muted_notices(session: Session, person_id: int) -> set[str]:
    """The notices of which the person wants no reminders."""
    return set(
        await session.scalars(select(col(MutedNotice.notice)).where(col(MutedNotice.person_id) == person_id))
    )


async def muted_organizations(session: Session, organization_ids: Sequence[int], notice: str) -> set[int]:
    """Those of the organizations all of whose contacts muted the notice."""
    rows = await session.execute(
        select(col(Membership.organization_id), col(MutedNotice.id))
        .outerjoin(
            MutedNotice,
            (col(MutedNotice.person_id) == col(Membership.person_id)) & (col(MutedNotice.notice) == notice),
        )
        .where(col(Membership.organization_id).in_(organization_ids), col(Membership.state) == "active")
    )
    muted: dict[int, bool] = {}
    for organization_id, mute in rows:
        muted[organization_id] = muted.get(organization_id, True) and mute is not None
    return {organization_id for organization_id, all_muted in muted.items() if all_muted}


async def mute(session: Session, person_id: int, notice: str, now: datetime) -> None:
    """No reminders of that notice from now on; again is harmless."""
    connection = await session.connection()
    row = {"person_id": person_id, "notice": notice, "muted_at": now}
    await connection.execute(insert_unless_there(connection, MUTED), row)


async def unmute(session: Session, person_id: int, notice: str) -> None:
    """Reminders of that notice again."""
    await session.execute(
        delete(MutedNotice).where(col(MutedNotice.person_id) == person_id, col(MutedNotice.notice) == notice)
    )
