"""Which organizations stand in a scope, and whom an audience means: by hand, against the database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from storage import audiences, export_rows, ledger
from storage.audiences import Audience
from storage.broadcasts import Broadcast
from storage.database import Session
from storage.filings import Filing, FilingVersion
from storage.people import Membership, Organization, Person, StaffRole
from storage.scopes import Scope

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PLACES = {
    "of Xuzhou": ("320300", "city"),
    "of a county of Xuzhou": ("320382", "county"),
    "of the province, in Xuzhou": ("320300", "province"),
    "of Nanjing": ("320100", "city"),
    "of nowhere yet": ("", "city"),
    "of another province": ("140100", "city"),
}
INSIDE = {
    ("city", "320300"): {"of Xuzhou", "of a county of Xuzhou"},
    ("city", "320100"): {"of Nanjing"},
    ("province", "320000"): set(PLACES) - {"of another province"},
}


def organization(name: str, home: str, level: str) -> Organization:
    return Organization(
        kind="organization",
        name=name,
        folded_name=name,
        home=home,
        level=level,
        created_at=NOW,
        created_by=1,
    )


async def add_people(session: Session, count: int) -> None:
    session.add_all(Person(id=n, channel="c", chat_id=n, created_at=NOW) for n in range(1, count + 1))
    await session.flush()


async def add_filed(session: Session, owner: Organization) -> None:
    said = {"notice": "n", "form": "f", "organization_id": owner.id}
    filing = Filing(**said, author_id=1, state="filed", created_at=NOW, updated_at=NOW)
    session.add(filing)
    await session.flush()
    facts = {"name": "助学", "region": "320324", "nature": "education", "money": 1, "people": 1}
    version = {"filing_id": filing.id, "version": 1, "filed_at": NOW, "filed_by": 1, "current": True}
    session.add(FilingVersion(**said, **facts, **version, beneficiaries=1))
    await session.flush()


@pytest.mark.parametrize("scope", INSIDE)
async def test_an_organization_stands_in_its_city_and_province_a_provincial_one_in_no_city(
    session: Session, scope: tuple[str, str]
) -> None:
    await add_people(session, 1)
    session.add_all(organization(name, *place) for name, place in PLACES.items())
    await session.flush()
    asked = Scope(*scope)  # type: ignore[arg-type]
    rows = list(await session.scalars(select(Organization)))
    found = await session.scalars(select(col(Organization.name)).where(asked.condition()))
    assert set(found) == INSIDE[scope]
    assert {row.name for row in rows if asked.covers(row)} == INSIDE[scope]
    for row in rows:
        await add_filed(session, row)
    batches = [batch async for batch in export_rows.filed_rows(session, "n", "f", asked)]
    assert {filed.organization_name for batch in batches for filed in batch} == INSIDE[scope]


async def test_who_acts_for_two_organizations_or_holds_two_roles_is_meant_once(session: Session) -> None:
    """A person hears of a notice once, whatever ties they have to it."""
    await add_people(session, 2)
    owing = [organization(name, "320300", "city") for name in ("甲会", "乙会")]
    session.add_all(owing)
    await session.flush()
    for one in owing:
        session.add(Membership(person_id=1, organization_id=one.id or 0, state="active", created_at=NOW))
    for scope in ("320300", "320100"):
        session.add(StaffRole(person_id=2, role="city", scope=scope, granted_at=NOW))
    await session.flush()
    for number, (name, person) in enumerate((("owing", 1), ("staff", 2)), 1):
        audience = Audience(name, "n", "", ("organization",), "province", "320000")  # type: ignore[arg-type]
        session.add(
            Broadcast(id=number, kind="letter", notice="n", state="running", created_at=NOW, due_at=NOW)
        )
        await session.flush()
        assert list((await session.execute(audiences.persons(audience))).scalars()) == [person]
        assert await ledger.plan(session, number, audience) == 1
