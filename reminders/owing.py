"""What exactly a person owes under a notice: by organization and form, down to the labels not filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import forms
from forms.model import Answer, Form
from notices import Catalog
from notices.model import Notice
from storage import obligations
from storage.database import Session
from storage.obligations import Standing


@dataclass(frozen=True, slots=True)
class Owed:
    """One form for one organization. `missing` are the labels a draft still lacks; `filed` counts filings."""

    organization_id: int
    organization: str
    form: Form
    closes: datetime
    state: Literal["nothing", "draft", "filed"]
    draft_id: int = 0
    missing: tuple[str, ...] = ()
    filed: int = 0


@dataclass(frozen=True, slots=True)
class Duty:
    """A notice with what a person owes or has done under it."""

    notice: Notice
    owed: tuple[Owed, ...]
    muted: bool


async def owed_by(
    session: Session, person_ids: Sequence[int], notice: Notice, form: str = ""
) -> dict[int, list[Owed]]:
    """By person: how their organizations stand under that form, or under all of the notice's.

    Only those the notice asks: of its province, or taking part from elsewhere.
    """
    found: dict[int, list[Owed]] = {}
    for filing in notice.filings:
        if form and filing.form != form:
            continue
        rows = await obligations.standings(session, person_ids, notice.slug, filing.form, filing.filers)
        for person_id, standings in rows.items():
            found.setdefault(person_id, []).extend(
                _owed(standing, notice.form(filing.form), filing.window.closes)
                for standing in standings
                if standing.begun or not standing.home or standing.home.startswith(notice.province[:2])
            )
    return {person_id: owed for person_id, owed in found.items() if owed}


async def duties(session: Session, person_id: int, catalog: Catalog) -> list[Duty]:
    """Everything a person's organizations are asked for, the nearest date first."""
    muted = await obligations.muted_notices(session, person_id)
    found = []
    for notice in catalog.notices:
        owed = (await owed_by(session, [person_id], notice)).get(person_id, [])
        if owed:
            found.append(Duty(notice, tuple(owed), notice.slug in muted))
    return sorted(found, key=lambda duty: min(item.closes for item in duty.owed))


def _owed(standing: Standing, form: Form, closes: datetime) -> Owed:
    return Owed(
        organization_id=standing.organization_id,
        organization=standing.organization,
        form=form,
        closes=closes,
        state="filed" if standing.filed else "draft" if standing.draft_id else "nothing",
        draft_id=standing.draft_id,
        missing=missing_labels(form, standing.answers) if standing.draft_id else (),
        filed=standing.filed,
    )


def missing_labels(form: Form, stored: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of required fields to which a draft's stored answers have none, in the form's order."""
    answers = {name: Answer.from_json(row) for name, row in stored.items()}
    return tuple(
        field.label
        for field in forms.relevant_fields(form, answers)
        if field.required and (field.name not in answers or answers[field.name].value is None)
    )
