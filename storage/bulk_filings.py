"""Many filings of one organization at once, in a few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel, col

from storage.database import Session
from storage.filings import Filing, FilingVersion
from storage.people import Audit, Organization

_FILINGS = SQLModel.metadata.tables[str(Filing.__tablename__)]
_VERSIONS = SQLModel.metadata.tables[str(FilingVersion.__tablename__)]
_AUDIT = SQLModel.metadata.tables[str(Audit.__tablename__)]


async def hold(session: Session, organization_id: int) -> None:
    """Keeps other imports for the organization waiting until this transaction ends."""
    await session.execute(
        select(col(Organization.id)).where(col(Organization.id) == organization_id).with_for_update()
    )


async def of_form(
    session: Session, organization_id: int, notice: str, form: str
) -> list[tuple[int, str, dict[str, Any]]]:
    """Id, state and answers of the organization's drafts and filings on that form, oldest first.

    Of one being corrected, the answers that are filed count.
    """
    found = await session.execute(
        select(col(Filing.id), col(Filing.state), col(Filing.answers), col(FilingVersion.answers))
        .outerjoin(
            FilingVersion,
            (col(FilingVersion.filing_id) == col(Filing.id)) & col(FilingVersion.current),
        )
        .where(
            col(Filing.organization_id) == organization_id,
            col(Filing.notice) == notice,
            col(Filing.form) == form,
            col(Filing.state).in_(("draft", "filed")),
        )
        .order_by(col(Filing.id))
    )
    return [(row[0], row[1], row[3] or row[2]) for row in found]


async def add_filed(
    session: Session,
    common: Mapping[str, Any],
    rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    now: datetime,
    details: Mapping[str, Any],
) -> list[int]:
    """Files each of `rows` (answers, projected columns) as a first version; returns the new ids.

    `common` holds notice, form, organization_id and author_id. Each filing gets its audit row with `details`.
    """
    if not rows:
        return []
    connection = await session.connection()
    fixed = {
        **common,
        "state": "filed",
        "correcting": False,
        "version": 1,
        "revision": 0,
        "created_at": now,
        "updated_at": now,
        "filed_at": now,
    }
    statement = insert(_FILINGS).returning(_FILINGS.c.id, sort_by_parameter_order=True)
    made = await connection.execute(statement, [{**fixed, "answers": dict(answers)} for answers, _ in rows])
    ids = [int(row[0]) for row in made]
    shared = {
        "version": 1,
        "notice": common["notice"],
        "form": common["form"],
        "organization_id": common["organization_id"],
        "current": True,
        "filed_at": now,
        "filed_by": common["author_id"],
        "name": "",
        "region": "",
        "nature": "",
        "money": None,
        "people": None,
        "beneficiaries": None,
    }
    versions = [
        {**shared, **columns, "filing_id": number, "answers": dict(answers)}
        for number, (answers, columns) in zip(ids, rows, strict=True)
    ]
    await connection.execute(insert(_VERSIONS), versions)
    trail = {
        "at": now,
        "person_id": common["author_id"],
        "action": "filing_submitted",
        "object_type": "filing",
        "details": {"revision": 0, "version": 1, **details},
    }
    await connection.execute(insert(_AUDIT), [{**trail, "object_id": number} for number in ids])
    return ids
