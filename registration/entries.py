"""An entry: a form somebody is filling, be it a filing or a registration.

The wizard knows only entries; what becomes of a finished one is told by `registration.filings` and
`registration.organizations`. An optional field that was skipped is kept as an answer without a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

import forms
from forms.model import Answer, Answers, Complaint, Field, Form
from notices import Catalog
from notices.model import Notice
from registration import homes
from registration.actors import Actor
from registration.refusals import InvalidAnswer, NotYours, Overtaken
from registration.windows import find_form, require_open
from storage import filing_queries, organizations
from storage.database import Session
from storage.filing_queries import FilingItem
from storage.people import RegistrationDraft

Kind = Literal["filing", "registration"]
Purpose = Literal["file", "correct", "register", "join", "amend"]
JOIN_FIELDS = ("contact", "phone")
SKIPPED = Answer(value=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A form being filled. `notice` and `organization_id` are None while an organization registers."""

    kind: Kind
    id: int
    revision: int
    purpose: Purpose
    form: Form
    answers: Answers
    notice: Notice | None = None
    organization_id: int | None = None
    namesake: bool = False

    @property
    def pending(self) -> Field | None:
        """The first question without an answer; None when the card can be shown."""
        return forms.next_field(self.form, self.answers)

    def value(self, name: str) -> str:
        """The text stored for a field, "" where there is none."""
        answer = self.answers.get(name)
        return str(answer.value) if answer is not None and answer.value is not None else ""


def read_answers(stored: Mapping[str, Mapping[str, object]]) -> dict[str, Answer]:
    """A stored JSON column as answers."""
    return {name: Answer.from_json(row) for name, row in stored.items()}


def write_answers(answers: Answers) -> dict[str, object]:
    """Answers as a JSON column."""
    return {name: answer.as_json() for name, answer in answers.items()}


def with_skips(form: Form, answers: Answers) -> dict[str, Answer]:
    """Finished answers as ones to go on from: optional fields left out then are not asked again."""
    left_out = {
        item.name: SKIPPED
        for item in forms.relevant_fields(form, answers)
        if not item.required and item.name not in answers
    }
    return {**answers, **left_out}


def filing_entry(catalog: Catalog, filing: FilingItem) -> Entry:
    """A filing's working copy as an entry; raises NotYours when its notice is no longer known."""
    notice, form = find_form(catalog, filing.notice, filing.form)
    return Entry(
        kind="filing",
        id=filing.id,
        revision=filing.revision,
        purpose="correct" if filing.correcting else "file",
        form=form,
        answers=forms.drop_irrelevant(form, read_answers(filing.answers)),
        notice=notice,
        organization_id=filing.organization_id,
    )


def registration_form(catalog: Catalog, kind: str, purpose: Purpose) -> Form:
    """The form by which parties of that kind register; one who joins is asked only who they are.

    Raises NotYours when no pack knows the kind.
    """
    for notice in catalog.notices:
        for filer in notice.filers:
            if filer.kind == kind:
                if purpose != "join":
                    return filer.form
                kept = tuple(item for item in filer.form.fields if item.name in JOIN_FIELDS)
                return filer.form.model_copy(update={"fields": kept})
    raise NotYours


def registration_entry(catalog: Catalog, draft: RegistrationDraft) -> Entry:
    """A registration draft as an entry."""
    purpose = cast(Purpose, draft.purpose)
    form = registration_form(catalog, draft.kind, purpose)
    return Entry(
        kind="registration",
        id=cast(int, draft.id),
        revision=draft.revision,
        purpose=purpose,
        form=form,
        answers=forms.drop_irrelevant(form, read_answers(draft.answers)),
        organization_id=draft.organization_id,
        namesake=draft.namesake,
    )


async def find_entry(
    session: Session, actor: Actor, catalog: Catalog, kind: Kind, entry_id: int
) -> Entry | None:
    """The entry, or None when it is finished or put away; raises NotYours."""
    if kind == "filing":
        filing = await filing_queries.get(session, entry_id)
        if filing is None or filing.organization_id not in actor.organizations:
            raise NotYours
        open_now = filing.state == "draft" or filing.correcting
        return filing_entry(catalog, filing) if open_now else None
    draft = await organizations.get_draft(session, entry_id)
    if draft is None or draft.person_id != actor.id:
        raise NotYours
    return registration_entry(catalog, draft) if draft.state == "open" else None


async def reach(
    session: Session, actor: Actor, catalog: Catalog, kind: Kind, entry_id: int, revision: int
) -> Entry | None:
    """The entry as long as it is being filled and still at `revision`; None when time has passed over it.

    Raises NotYours.
    """
    entry = await find_entry(session, actor, catalog, kind, entry_id)
    return entry if entry is not None and entry.revision == revision else None


async def fill(session: Session, entry: Entry, changes: Answers, now: datetime) -> Entry:
    """Stores answers; those that no longer apply, or no longer fit, are dropped.

    Raises NoticeClosed or NoticeNotOpen outside the window, InvalidAnswer when an answer breaks a limit of
    its field, Overtaken when the entry was changed meanwhile.
    """
    if entry.notice is not None:
        require_open(entry.notice, entry.form, now)
    answers = forms.drop_irrelevant(entry.form, {**entry.answers, **changes})
    unfit = [
        entry.form.field(name)
        for name, answer in answers.items()
        if complaint_about(entry.form.field(name), answer, answers) is not None
    ]
    for field in unfit:
        if field.name in changes:
            raise InvalidAnswer(field.label)
        del answers[field.name]
    write = filing_queries.write if entry.kind == "filing" else organizations.write_draft
    stored = write_answers(answers)
    if not await write(session, entry.id, entry.revision, answers=stored, updated_at=now):
        raise Overtaken
    return replace(entry, answers=answers, revision=entry.revision + 1)


def complaint_about(field: Field, answer: Answer, others: Answers) -> Complaint | None:
    """What speaks against taking the answer for that field, beside the `others` of its form."""
    if answer.value is None:
        return Complaint("required") if field.required else None
    return forms.check(field, answer) or homes.complaint(field, answer, others)
