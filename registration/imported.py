"""Many filings at once, from rows that were read and confirmed: compared with what is there, then filed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from forms.model import Answer, Form
from notices import Catalog
from registration.actors import Actor
from registration.completing import complete_answers, projections
from registration.duplicates import is_alike, projected
from registration.entries import read_answers, write_answers
from registration.names import fold
from registration.refusals import NoOrganization
from registration.windows import find_form, require_open
from storage import bulk_filings, organizations
from storage.database import Session

Stored = Mapping[str, Mapping[str, Any]]
Units = Mapping[str, tuple[int, int]]
Unit = Literal["yuan", "wan"]

MOST_COMPARISONS = 2_000_000
"""Pairs of names compared for likeness; beyond, only names that fold to the same text count as alike."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """That a row is `same` as an earlier one (every value), or `alike` (name and place).

    `row` is the row of the file it resembles; None when it is a filing, by `name`.
    """

    kind: Literal["same", "alike"]
    name: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added, and how many rows it left out because they are filed already."""

    added: int
    known: int


class Known:
    """The filings an organization has on a form, for rows to be compared with."""

    def __init__(self, form: Form, filed: Iterable[Stored]) -> None:
        self._form = form
        self._name, self._region = projected(form, "name"), projected(form, "region")
        self._same: dict[str, str] = {}
        self._named: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for answers in filed:
            self.add(answers)

    def add(self, answers: Stored) -> None:
        """From now on this one counts as there."""
        name = self.name_of(answers)
        self._same.setdefault(key_of(answers), name)
        self._named[fold(name)].append((fold(name), self._place_of(answers), name))

    def same(self, answers: Stored, units: Units) -> str | None:
        """The filing that holds these very values, by name; an unsettled unit counts when either fits."""
        for variant in _variants(answers, units):
            found = self._same.get(key_of(variant))
            if found is not None:
                return found
        return None

    def alike(self, answers: Stored, *, thorough: bool) -> str | None:
        """A filing with a similar name in the same or an enclosing place; the same name unless `thorough`."""
        name, place = fold(self.name_of(answers)), self._place_of(answers)
        if not name:
            return None
        groups = self._named.values() if thorough else [self._named.get(name, [])]
        for group in groups:
            for other, other_place, shown in group:
                if is_alike(name, place, other, other_place):
                    return shown
        return None

    def __len__(self) -> int:
        return len(self._same)

    def name_of(self, answers: Stored) -> str:
        """The project's name."""
        return str((answers.get(self._name) or {}).get("value") or "")

    def _place_of(self, answers: Stored) -> str:
        return str((answers.get(self._region) or {}).get("value") or "")


def key_of(answers: Stored) -> str:
    """What two rows of the same values have in common, whatever words they were written in."""
    values = {name: row["value"] for name, row in answers.items() if row.get("value") is not None}
    return json.dumps(values, sort_keys=True, ensure_ascii=False)


def settle(answers: Stored, units: Units, unit: Unit) -> dict[str, Mapping[str, Any]]:
    """The answers with their unsettled amounts taken in that unit."""
    place = 0 if unit == "yuan" else 1
    return {
        **answers,
        **{name: {**answers[name], "value": pair[place]} for name, pair in units.items()},
    }


def _variants(answers: Stored, units: Units) -> Iterable[Stored]:
    yield settle(answers, units, "yuan")
    if units:
        yield settle(answers, units, "wan")


async def known(session: Session, organization_id: int, notice: str, form: Form) -> Known:
    """What the organization has filed on that form, or has lying as a draft."""
    rows = await bulk_filings.of_form(session, organization_id, notice, form.name)
    return Known(form, (answers for _, state, answers in rows if state == "filed"))


def compare(rows: Sequence[tuple[int, Stored, Units]], there: Known) -> dict[int, Likeness]:
    """For each row (its number, answers, unsettled units) that resembles an earlier one, which and how."""
    found: dict[int, Likeness] = {}
    seen: dict[str, int] = {}
    thorough = len(rows) * len(there) <= MOST_COMPARISONS
    for number, answers, units in rows:
        key = key_of(answers)
        filed = there.same(answers, units)
        if filed is not None:
            found[number] = Likeness("same", filed)
        elif key in seen:
            found[number] = Likeness("same", there.name_of(answers), seen[key])
        else:
            similar = there.alike(answers, thorough=thorough)
            if similar is not None:
                found[number] = Likeness("alike", similar)
        seen.setdefault(key, number)
    return found


async def file_all(
    session: Session,
    actor: Actor,
    catalog: Catalog,
    slug: str,
    form_name: str,
    organization_id: int,
    rows: Sequence[tuple[Stored, Units]],
    now: datetime,
    *,
    unit: Unit = "yuan",
) -> Imported:
    """Files every row that is not there yet, all or none.

    Rows with the values of an earlier one, of the file or of what is filed, add nothing: so the same file
    twice adds nothing. Raises NotYours, NoOrganization, NoticeClosed, Incomplete or InvalidAnswer.
    """
    actor.require_consent()
    actor.require_member(organization_id)
    notice, form = find_form(catalog, slug, form_name)
    require_open(notice, form, now)
    organization = await organizations.get(session, organization_id)
    if organization is None or organization.kind not in notice.filing(form.name).filers:
        raise NoOrganization
    await bulk_filings.hold(session, organization_id)
    there = await known(session, organization_id, slug, form)
    fresh = []
    for answers, units in rows:
        if there.same(answers, units) is None:
            settled = settle(answers, units, unit)
            there.add(settled)
            fresh.append(_completed(form, settled))
    common = {
        "notice": slug,
        "form": form_name,
        "organization_id": organization_id,
        "author_id": actor.id,
    }
    added = await bulk_filings.add_filed(session, common, fresh, now, {"imported": True})
    return Imported(len(added), len(rows) - len(added))


def _completed(form: Form, stored: Stored) -> tuple[dict[str, object], dict[str, Any]]:
    answers: dict[str, Answer] = complete_answers(form, read_answers(stored))
    return write_answers(answers), projections(form, answers)
