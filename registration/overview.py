"""What staff see of their scope: figures, filings, organizations that filed nothing."""

from collections import defaultdict
from dataclasses import dataclass

import divisions
from notices.model import Notice
from registration.actors import Actor
from registration.refusals import NotYours
from storage import filing_queries, organizations
from storage.database import Session
from storage.filings import Filing, FilingVersion
from storage.people import Organization
from storage.scopes import Scope

PROVINCE_LEVEL = "province"


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one place: of a city for the province, of a county for a city.

    `code` is "" for organizations registered at province level, which belong to no city, and for those
    without a home.
    """

    code: str
    name: str
    organizations: int
    filed_organizations: int
    filings: int


def kinds_of(notice: Notice) -> tuple[str, ...]:
    """The kinds of party that file something under the notice."""
    return tuple(dict.fromkeys(kind for filing in notice.filings for kind in filing.filers))


async def lines(session: Session, actor: Actor, notice: Notice, scope: Scope) -> list[Line]:
    """The figures in a scope, by city or by county; raises NotYours for a scope beyond the actor's."""
    actor.require_scope(scope)
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in await filing_queries.progress(session, notice.slug, kinds_of(notice), scope):
        place = _place(row.home, row.level, scope)
        for index, figure in enumerate((row.organizations, row.filed_organizations, row.filings)):
            sums[place][index] += figure
    return [
        Line(code, divisions.get(code).name if code else "", *figures)
        for code, figures in sorted(sums.items(), key=lambda item: (item[0] == "", item[0]))
    ]


def _place(home: str, level: str, scope: Scope) -> str:
    if scope.role == "city":
        return home
    if level == PROVINCE_LEVEL or not home:
        return ""
    inside = divisions.path(home)
    return inside[1].code if len(inside) > 1 else home


async def filed(
    session: Session, actor: Actor, notice: Notice, scope: Scope, *, limit: int, offset: int
) -> tuple[list[tuple[FilingVersion, Organization]], int]:
    """A page of what is filed in a scope, and how many there are in all."""
    actor.require_scope(scope)
    total = await filing_queries.count_filed_in_scope(session, notice.slug, scope)
    rows = await filing_queries.filed_in_scope(session, notice.slug, scope, limit=limit, offset=offset)
    return rows, total


async def missing(
    session: Session, actor: Actor, notice: Notice, scope: Scope, *, limit: int, offset: int
) -> list[Organization]:
    """A page of organizations in scope that have nothing filed."""
    actor.require_scope(scope)
    return await filing_queries.without_filing(
        session, notice.slug, kinds_of(notice), scope, limit=limit, offset=offset
    )


async def seen(session: Session, actor: Actor, filing_id: int) -> tuple[Filing, FilingVersion, Organization]:
    """A filed filing with its organization, for staff; raises NotYours beyond the actor's scopes."""
    filing = await filing_queries.get(session, filing_id)
    version = await filing_queries.current_version(session, filing_id) if filing else None
    organization = await organizations.get(session, version.organization_id) if version else None
    if filing is None or version is None or organization is None or not actor.sees(organization):
        raise NotYours
    return filing, version, organization
