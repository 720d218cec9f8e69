"""What staff see of their scope: figures, filings, organizations that filed nothing."""

from collections import defaultdict
from dataclasses import dataclass

import divisions
from notices import Catalog
from notices.model import Notice
from registration.actors import Actor
from registration.refusals import NotYours
from registration.windows import find_form
from storage import filing_queries, organizations
from storage.database import Session
from storage.filing_queries import FilingItem
from storage.filings import FilingVersion
from storage.organizations import OrganizationItem
from storage.scopes import Scope

PROVINCE_LEVEL = "province"
BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one place: of a city for the province, of a county for a city.

    `code` is "" for organizations registered at province level, which belong to no city, for those without a
    home, and for those registered `beyond` the province, which file under its notice all the same.
    """

    code: str
    name: str
    organizations: int
    filed_organizations: int
    filings: int
    beyond: bool = False


def kinds_of(notice: Notice) -> tuple[str, ...]:
    """The kinds of party that file something under the notice."""
    return tuple(dict.fromkeys(kind for filing in notice.filings for kind in filing.filers))


async def lines(session: Session, actor: Actor, notice: Notice, scope: Scope) -> list[Line]:
    """The figures in a scope, by city or by county; raises NotYours for a scope beyond the actor's."""
    actor.require_scope(scope)
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = await filing_queries.progress(
        session, notice.slug, kinds_of(notice), scope, beyond=_is_whole(notice, scope)
    )
    for row in rows:
        place = _place(row.home, row.level, scope)
        for index, figure in enumerate((row.organizations, row.filed_organizations, row.filings)):
            sums[place][index] += figure
    in_order = sorted(sums, key=lambda place: (place in ("", BEYOND), place))
    return [_line(place, sums[place]) for place in in_order]


def _line(place: str, figures: list[int]) -> Line:
    organizations, filed_organizations, filings = figures
    beyond = place == BEYOND
    code = "" if beyond else place
    name = divisions.get(code).name if code else ""
    return Line(code, name, organizations, filed_organizations, filings, beyond)


def _is_whole(notice: Notice, scope: Scope) -> bool:
    """Whether the scope sees all of the notice, also what was filed from beyond: its own province does."""
    return scope == Scope("province", notice.province)


def _place(home: str, level: str, scope: Scope) -> str:
    if scope.role == "city":
        return home
    if home and not home.startswith(scope.prefix):
        return BEYOND
    if level == PROVINCE_LEVEL or not home:
        return ""
    inside = divisions.path(home)
    return inside[1].code if len(inside) > 1 else home


async def filed(
    session: Session, actor: Actor, notice: Notice, scope: Scope, *, limit: int, offset: int
) -> tuple[list[tuple[FilingVersion, OrganizationItem]], int]:
    """A page of what is filed in a scope, and how many there are in all."""
    actor.require_scope(scope)
    inside = None if _is_whole(notice, scope) else scope
    total = await filing_queries.count_filed_in_scope(session, notice.slug, inside)
    rows = await filing_queries.filed_in_scope(session, notice.slug, inside, limit=limit, offset=offset)
    return rows, total


async def missing(
    session: Session, actor: Actor, notice: Notice, scope: Scope, *, limit: int, offset: int
) -> list[OrganizationItem]:
    """A page of organizations the notice asks in a scope that have nothing filed."""
    actor.require_scope(scope)
    return await filing_queries.without_filing(
        session,
        notice.slug,
        kinds_of(notice),
        scope,
        beyond=_is_whole(notice, scope),
        limit=limit,
        offset=offset,
    )


async def seen(
    session: Session, actor: Actor, catalog: Catalog, filing_id: int
) -> tuple[FilingItem, FilingVersion, OrganizationItem]:
    """A filed filing with its organization, for staff; raises NotYours beyond the actor's scopes."""
    filing = await filing_queries.get(session, filing_id)
    version = await filing_queries.current_version(session, filing_id) if filing else None
    organization = await organizations.get(session, version.organization_id) if version else None
    if filing is None or version is None or organization is None:
        raise NotYours
    notice, _ = find_form(catalog, filing.notice, filing.form)
    if not actor.sees(organization) and not any(_is_whole(notice, scope) for scope in actor.scopes):
        raise NotYours
    return filing, version, organization
