"""What is filed under a notice, as rows for its tables; streamed, since a province files thousands."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Float, case, cast, extract, literal, select, type_coerce
from sqlmodel import col

from storage.database import Session
from storage.filings import FilingVersion
from storage.people import Organization
from storage.scopes import Scope

BATCH = 1000


class FiledRow(NamedTuple):
    """The filed state of one filing with its organization.

    `region` and `home` are division codes, money is in fen, `filed_at` the moment in seconds since 1970.
    `answers` and `organization_answers` are as stored, None when they were not asked for.
    """

    filing_id: int
    filed_at: float
    name: str
    region: str
    nature: str
    money: int | None
    people: int | None
    beneficiaries: int | None
    answers: Mapping[str, Any] | None
    organization_id: int
    kind: str
    organization_name: str
    credit_code: str | None
    type: str
    level: str
    home: str
    contact: str
    phone: str
    verified: bool
    organization_answers: Mapping[str, Any] | None


async def filed_rows(
    session: Session,
    notice: str,
    form: str,
    scope: Scope | None,
    *,
    organization: int | None = None,
    answers: bool = True,
) -> AsyncIterator[list[FiledRow]]:
    """Batches of what is filed: organizations of the province first, then by home, organization and filing.

    Without a scope: all of the notice, wherever an organization is registered; `organization` is the id of
    the only one whose filings are wanted. `answers=False` leaves the
    answers out, which spares reading them where the typed columns are enough.
    """
    query = (
        select(*_columns(answers))
        .join(Organization, col(Organization.id) == col(FilingVersion.organization_id))
        .where(col(FilingVersion.notice) == notice, col(FilingVersion.form) == form)
        .where(col(FilingVersion.current))
        .order_by(
            case((col(Organization.level) == "province", 0), else_=1),
            col(Organization.home),
            col(Organization.id),
            col(FilingVersion.filing_id),
        )
    )
    if scope:
        query = query.where(scope.condition())
    if organization is not None:
        query = query.where(col(FilingVersion.organization_id) == organization)
    # Straight from the connection: the ORM's loading of plain columns takes longer than reading them.
    found = await (await session.connection()).stream(query)
    async for batch in found.partitions(BATCH):
        yield list(map(FiledRow._make, batch))


async def filed_forms(session: Session, organizations: Sequence[int]) -> set[tuple[int, str, str]]:
    """What those organizations have filed anything under: their id, the notice's slug, the form's name."""
    query = (
        select(col(FilingVersion.organization_id), col(FilingVersion.notice), col(FilingVersion.form))
        .where(col(FilingVersion.organization_id).in_(organizations), col(FilingVersion.current))
        .distinct()
    )
    return {(number, notice, form) for number, notice, form in await session.execute(query)}


def _columns(answers: bool) -> list[Any]:
    nothing = literal(None)
    return [
        col(FilingVersion.filing_id),
        cast(extract("epoch", col(FilingVersion.filed_at)), Float),
        col(FilingVersion.name),
        col(FilingVersion.region),
        col(FilingVersion.nature),
        col(FilingVersion.money),
        col(FilingVersion.people),
        col(FilingVersion.beneficiaries),
        col(FilingVersion.answers) if answers else nothing,
        col(Organization.id),
        col(Organization.kind),
        col(Organization.name),
        col(Organization.credit_code),
        col(Organization.type),
        col(Organization.level),
        col(Organization.home),
        col(Organization.contact),
        col(Organization.phone),
        type_coerce(col(Organization.verified_at).is_not(None), Boolean()),
        col(Organization.answers) if answers else nothing,
    ]
