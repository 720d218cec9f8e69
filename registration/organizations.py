"""Registering organizations, joining one that is registered, and amending its facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from forms.model import Answer
from notices import Catalog
from registration import memberships
from registration.actors import Actor
from registration.completing import complete_answers
from registration.entries import (
    Entry,
    read_answers,
    registration_entry,
    registration_form,
    with_skips,
    write_answers,
)
from registration.names import fold
from registration.refusals import (
    KnownOrganization,
    NotYours,
    Overtaken,
)
from storage import audit, organizations
from storage.database import Session
from storage.identities import MembershipItem
from storage.organizations import OrganizationItem
from storage.people import RegistrationDraft

COLUMNS = ("name", "credit_code", "type", "level", "home", "contact", "phone")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a finished registration led to; `created` tells a new organization from a request to join."""

    organization: OrganizationItem
    membership: MembershipItem
    created: bool


async def begin(session: Session, actor: Actor, catalog: Catalog, kind: str, now: datetime) -> Entry:
    """A new registration of an organization of that kind."""
    actor.require_consent()
    return await _begin(session, actor, catalog, kind, "register", None, {}, now)


async def begin_amendment(
    session: Session, actor: Actor, catalog: Catalog, organization_id: int, now: datetime
) -> Entry:
    """A change of an organization's facts; raises NotYours."""
    organization = await own(session, actor, organization_id)
    form = registration_form(catalog, organization.kind, "amend")
    answers = write_answers(with_skips(form, read_answers(organization.answers)))
    return await _begin(session, actor, catalog, organization.kind, "amend", organization_id, answers, now)


async def own(session: Session, actor: Actor, organization_id: int) -> OrganizationItem:
    """An organization the actor acts for; raises NotYours."""
    actor.require_member(organization_id)
    organization = await organizations.get(session, organization_id)
    if organization is None:
        raise NotYours
    return organization


async def all_own(session: Session, actor: Actor) -> list[OrganizationItem]:
    """Every organization the actor acts for, oldest first."""
    return await organizations.get_many(session, actor.organizations) if actor.organizations else []


async def name_of(session: Session, organization_id: int) -> str:
    """An organization's name; raises NotYours when there is none of that id."""
    organization = await organizations.get(session, organization_id)
    if organization is None:
        raise NotYours
    return organization.name


async def find_known(session: Session, catalog: Catalog, entry: Entry) -> OrganizationItem | None:
    """The registered organization an entry speaks of, as far as it is filled; None when it seems new.

    A credit code decides. Without one on both sides the name decides, unless the person declared a
    namesake and it has another home.
    """
    if entry.kind != "registration" or entry.purpose == "join":
        return None
    draft = await organizations.get_draft(session, entry.id)
    code, home = entry.value("credit_code"), entry.value("home")
    kind = draft.kind if draft else ""
    name = fold(entry.value("name"))
    for other in await organizations.look_alikes(session, kind, name, code or None):
        if other.id == entry.organization_id:
            continue
        if code and other.credit_code:
            if code == other.credit_code:
                return other
        elif not entry.namesake or (home and home == other.home):
            return other
    return None


async def declare_namesake(session: Session, entry: Entry, now: datetime) -> Entry:
    """Notes that the entry is another organization of the same name as a registered one."""
    if not await organizations.write_draft(session, entry.id, entry.revision, namesake=True, updated_at=now):
        raise Overtaken
    return replace(entry, namesake=True, revision=entry.revision + 1)


async def turn_to_join(
    session: Session, actor: Actor, catalog: Catalog, entry: Entry, now: datetime
) -> Entry:
    """Makes a registration a request to join the known organization it speaks of.

    Raises AlreadyMember, RequestPending or RequestRefused by what stands between the two already.
    """
    known = await find_known(session, catalog, entry)
    if known is None:
        raise NotYours
    memberships.require_askable(actor, known.id, now)
    if not await organizations.write_draft(
        session, entry.id, entry.revision, purpose="join", organization_id=known.id, updated_at=now
    ):
        raise Overtaken
    draft = await organizations.get_draft(session, entry.id)
    return registration_entry(catalog, cast(RegistrationDraft, draft))


async def submit(
    session: Session, actor: Actor, catalog: Catalog, entry: Entry, now: datetime
) -> Registration:
    """Finishes a registration: a new organization, a request to join, or amended facts.

    Raises Incomplete, InvalidAnswer, KnownOrganization, Overtaken, and what
    `memberships.ask` raises.
    """
    answers = complete_answers(entry.form, entry.answers)
    known = await find_known(session, catalog, entry)
    if known is not None and entry.purpose == "amend":
        raise KnownOrganization
    draft = await organizations.get_draft(session, entry.id)
    if draft is None or not await organizations.write_draft(
        session, entry.id, entry.revision, state="done", updated_at=now
    ):
        raise Overtaken
    if entry.purpose == "join":
        known = await organizations.get(session, cast(int, entry.organization_id))
    if entry.purpose == "amend":
        return await _amend(session, actor, cast(int, entry.organization_id), answers, now)
    if known is not None:
        membership = await memberships.ask(session, actor, known, facts(answers), now)
        return Registration(known, membership, created=False)
    return await _create(session, actor, draft.kind, answers, now)


async def discard(session: Session, entry: Entry, now: datetime) -> None:
    """Puts a registration away."""
    if not await organizations.write_draft(
        session, entry.id, entry.revision, state="discarded", updated_at=now
    ):
        raise Overtaken


async def _begin(
    session: Session,
    actor: Actor,
    catalog: Catalog,
    kind: str,
    purpose: str,
    organization_id: int | None,
    answers: dict[str, Any],
    now: datetime,
) -> Entry:
    """A new draft, or the one of the same purpose that lies open."""
    draft = await organizations.open_draft(session, actor.id)
    if draft is None or (draft.kind, draft.purpose, draft.organization_id) != (
        kind,
        purpose,
        organization_id,
    ):
        draft = await organizations.add_draft(
            session,
            RegistrationDraft(
                person_id=actor.id,
                kind=kind,
                purpose=purpose,
                organization_id=organization_id,
                answers=answers,
                created_at=now,
                updated_at=now,
            ),
        )
    return registration_entry(catalog, draft)


def facts(answers: dict[str, Answer]) -> dict[str, Any]:
    """The answers that have columns of their own, by column."""
    return {name: answers[name].value for name in COLUMNS if name in answers}


async def _create(
    session: Session, actor: Actor, kind: str, answers: dict[str, Answer], now: datetime
) -> Registration:
    columns = facts(answers)
    organization = await organizations.add(
        session,
        kind=kind,
        folded_name=fold(str(columns.get("name", ""))),
        answers=write_answers(answers),
        created_at=now,
        created_by=actor.id,
        **columns,
    )
    membership = await memberships.found(session, actor, organization, now)
    await audit.record(
        session, "organization_registered", "organization", organization.id, person_id=actor.id, at=now
    )
    return Registration(organization, membership, created=True)


async def _amend(
    session: Session, actor: Actor, organization_id: int, answers: dict[str, Answer], now: datetime
) -> Registration:
    before = (await own(session, actor, organization_id)).answers
    columns = dict.fromkeys(COLUMNS, "") | {"credit_code": None} | facts(answers)
    await organizations.change(
        session,
        organization_id,
        folded_name=fold(str(columns["name"])),
        answers=write_answers(answers),
        **columns,
    )
    await audit.record(
        session,
        "organization_amended",
        "organization",
        organization_id,
        person_id=actor.id,
        at=now,
        before=before,
        after=write_answers(answers),
    )
    membership = next(item for item in actor.memberships if item.organization_id == organization_id)
    return Registration(await own(session, actor, organization_id), membership, created=False)
