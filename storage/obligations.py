"""What persons owe: their organizations with the drafts and filings of one form; and what they muted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import delete, select
from sqlmodel import SQLModel, col

from storage.broadcasts import MutedNotice
from storage.database import Session
from storage.dialects import insert_unless_there
from storage.filings import Filing
from storage.people import Membership, Organization

MUTED = SQLModel.metadata.tables[str(MutedNotice.__tablename__)]


@dataclass(slots=True)
class Standing:
    """One organization of a person under one form: its drafts, and how many filings count."""

    organization: Organization
    drafts: list[Filing] = field(default_factory=list)
    filed: int = 0


async def standings(
    session: Session, person_ids: Sequence[int], notice: str, form: str, kinds: Sequence[str]
) -> dict[int, list[Standing]]:
    """By person: the organizations of those kinds they act for, oldest first."""
    ties = await session.execute(
        select(col(Membership.person_id), Organization)
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(
            col(Membership.person_id).in_(person_ids),
            col(Membership.state) == "active",
            col(Organization.kind).in_(kinds),
        )
        .order_by(col(Organization.id))
    )
    by_organization: dict[int, Standing] = {}
    by_person: dict[int, list[Standing]] = {}
    for person_id, organization in ties:
        standing = by_organization.setdefault(cast(int, organization.id), Standing(organization))
        by_person.setdefault(person_id, []).append(standing)
    filings = await session.scalars(
        select(Filing)
        .where(
            col(Filing.organization_id).in_(by_organization),
            col(Filing.notice) == notice,
            col(Filing.form) == form,
            col(Filing.state).in_(("draft", "filed")),
        )
        .order_by(col(Filing.id).desc())
    )
    for filing in filings:
        standing = by_organization[filing.organization_id]
        if filing.state == "filed":
            standing.filed += 1
        else:
            standing.drafts.append(filing)
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
