"""What becomes of a filing: begun, submitted, corrected, withdrawn, put away, copied."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from forms.model import Answers
from notices import Catalog
from registration.actors import Actor
from registration.completing import complete_answers, projections
from registration.entries import (
    Entry,
    filing_entry,
    read_answers,
    with_skips,
    write_answers,
)
from registration.refusals import (
    NoOrganization,
    NotYours,
    Overtaken,
    WrongState,
)
from registration.windows import find_form, require_open
from storage import audit, export_rows, filing_queries, organizations
from storage.database import Session
from storage.filing_queries import FilingItem
from storage.filings import FilingVersion


async def own(session: Session, actor: Actor, filing_id: int) -> FilingItem:
    """A filing of one of the actor's organizations, not a discarded one; raises NotYours."""
    filing = await filing_queries.get(session, filing_id)
    if filing is None or not _is_shown(actor, filing):
        raise NotYours
    return filing


async def is_visible(session: Session, actor: Actor, filing_id: int) -> bool:
    """Whether `own` would find the filing."""
    filing = await filing_queries.get(session, filing_id)
    return filing is not None and _is_shown(actor, filing)


def _is_shown(actor: Actor, filing: FilingItem) -> bool:
    return filing.organization_id in actor.organizations and filing.state != "discarded"


async def answers_that_count(session: Session, filing: FilingItem) -> dict[str, Any]:
    """The stored answers to show: what is filed, or the working copy of what is not."""
    version = await filing_queries.current_version(session, filing.id) if filing.correcting else None
    return version.answers if version else filing.answers


async def versions(session: Session, actor: Actor, filing_id: int) -> list[FilingVersion]:
    """Every submitted state of one of the actor's filings, oldest first; raises NotYours."""
    await own(session, actor, filing_id)
    return await filing_queries.versions(session, filing_id)


async def drafts(session: Session, actor: Actor, limit: int) -> list[FilingItem]:
    """The newest drafts of the actor's organizations."""
    return await filing_queries.of_organizations(session, actor.organizations, states=("draft",), limit=limit)


async def count_drafts(session: Session, actor: Actor) -> int:
    """How many drafts the actor's organizations have."""
    if not actor.organizations:
        return 0
    return await filing_queries.count_of_organizations(session, actor.organizations, ("draft",))


async def page(session: Session, actor: Actor, *, limit: int, offset: int) -> tuple[list[FilingItem], int]:
    """A page of the actor's filings, drafts first, and how many there are in all."""
    total = await filing_queries.count_of_organizations(session, actor.organizations)
    rows = await filing_queries.of_organizations(session, actor.organizations, limit=limit, offset=offset)
    return rows, total


async def filed_forms(session: Session, actor: Actor) -> set[tuple[int, str, str]]:
    """Under which forms the actor's organizations have filed: organization, notice's slug, form's name."""
    return await export_rows.filed_forms(session, actor.organizations) if actor.organizations else set()


async def start(
    session: Session,
    actor: Actor,
    catalog: Catalog,
    slug: str,
    form_name: str,
    organization_id: int,
    now: datetime,
    *,
    answers: Answers | None = None,
) -> Entry:
    """A new draft; raises NotYours, NoOrganization when that kind does not file the form, or NoticeClosed."""
    actor.require_consent()
    actor.require_member(organization_id)
    notice, form = find_form(catalog, slug, form_name)
    require_open(notice, form, now)
    organization = await organizations.get(session, organization_id)
    if organization is None or organization.kind not in notice.filing(form.name).filers:
        raise NoOrganization
    filing = await filing_queries.add(
        session,
        notice=slug,
        form=form_name,
        organization_id=organization_id,
        author_id=actor.id,
        state="draft",
        answers=write_answers(answers or {}),
        created_at=now,
        updated_at=now,
    )
    await _audit(session, actor, "filing_started", filing, now)
    return filing_entry(catalog, filing)


async def submit(session: Session, actor: Actor, entry: Entry, now: datetime) -> FilingItem:
    """Files a complete entry as its next version.

    Raises NoticeClosed, Incomplete, InvalidAnswer, or Overtaken when it was changed or filed meanwhile.
    """
    if entry.notice is None:
        raise WrongState
    require_open(entry.notice, entry.form, now)
    answers = complete_answers(entry.form, entry.answers)
    filing = await own(session, actor, entry.id)
    filed = await _write(
        session,
        replace(filing, revision=entry.revision),
        now,
        state="filed",
        correcting=False,
        version=filing.version + 1,
        answers=write_answers(answers),
        filed_at=now,
    )
    await filing_queries.add_version(
        session,
        filed.id,
        version=filed.version,
        notice=filed.notice,
        form=filed.form,
        organization_id=filed.organization_id,
        answers=filed.answers,
        filed_at=now,
        filed_by=actor.id,
        **projections(entry.form, answers),
    )
    await _audit(session, actor, "filing_submitted", filed, now, version=filed.version)
    return filed


async def correct(session: Session, actor: Actor, catalog: Catalog, filing_id: int, now: datetime) -> Entry:
    """Opens a filed filing for correction; what is filed stays filed. Raises NoticeClosed, WrongState."""
    filing = await own(session, actor, filing_id)
    notice, form = find_form(catalog, filing.notice, filing.form)
    require_open(notice, form, now)
    if filing.state != "filed":
        raise WrongState
    if not filing.correcting:
        answers = write_answers(with_skips(form, read_answers(filing.answers)))
        filing = await _write(session, filing, now, correcting=True, answers=answers)
        await _audit(session, actor, "correction_started", filing, now)
    return filing_entry(catalog, filing)


async def cancel_correction(session: Session, actor: Actor, filing_id: int, now: datetime) -> FilingItem:
    """Gives up a correction: the answers are again those that are filed."""
    filing = await own(session, actor, filing_id)
    version = await filing_queries.current_version(session, filing_id)
    if not filing.correcting or version is None:
        raise WrongState
    filing = await _write(session, filing, now, correcting=False, answers=version.answers)
    await _audit(session, actor, "correction_cancelled", filing, now)
    return filing


async def withdraw(
    session: Session, actor: Actor, catalog: Catalog, filing_id: int, now: datetime
) -> FilingItem:
    """Takes a filed filing back: it counts nowhere any more. Raises NoticeClosed, WrongState."""
    filing = await own(session, actor, filing_id)
    notice, form = find_form(catalog, filing.notice, filing.form)
    require_open(notice, form, now)
    if filing.state != "filed":
        raise WrongState
    filing = await _write(session, filing, now, state="withdrawn", correcting=False)
    await filing_queries.retire_versions(session, filing_id)
    await _audit(session, actor, "filing_withdrawn", filing, now)
    return filing


async def discard(session: Session, actor: Actor, filing_id: int, now: datetime) -> FilingItem:
    """Puts a draft away for good; raises WrongState for what has been filed."""
    filing = await own(session, actor, filing_id)
    if filing.state != "draft":
        raise WrongState
    filing = await _write(session, filing, now, state="discarded")
    await _audit(session, actor, "filing_discarded", filing, now)
    return filing


async def copy(session: Session, actor: Actor, catalog: Catalog, filing_id: int, now: datetime) -> Entry:
    """A new draft with the answers of an earlier filing, its name left to be asked."""
    source = await own(session, actor, filing_id)
    _, form = find_form(catalog, source.notice, source.form)
    answers = {
        name: answer
        for name, answer in with_skips(form, read_answers(source.answers)).items()
        if form.field(name).projection != "name"
    }
    return await start(
        session,
        actor,
        catalog,
        source.notice,
        source.form,
        source.organization_id,
        now,
        answers=answers,
    )


async def _write(session: Session, filing: FilingItem, now: datetime, **columns: Any) -> FilingItem:
    """The filing as it is with those columns overwritten."""
    if not await filing_queries.write(session, filing.id, filing.revision, **columns, updated_at=now):
        raise Overtaken
    return replace(filing, **columns, revision=filing.revision + 1)


async def _audit(
    session: Session, actor: Actor, action: str, filing: FilingItem, now: datetime, **details: Any
) -> None:
    await audit.record(
        session, action, "filing", filing.id, person_id=actor.id, at=now, revision=filing.revision, **details
    )
