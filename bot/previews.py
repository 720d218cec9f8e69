"""What a person is shown of an upload that was read: its faults line by line, or a preview to confirm."""

from collections.abc import Mapping
from typing import Any

import forms
import templates
from forms.model import Answer, Field, Form
from imports.marks import say
from imports.task import Fault, Outcome, Proposal
from registration.imported import Known, Likeness

FIRST_FAULTS = 10
FIRST_LINES = 6
FIRST_ROWS = 20
_SUMMED = ("money", "people", "beneficiaries")


def list_faults(faults: tuple[Fault, ...], *, several: bool) -> dict[str, Any]:
    """The first faults in words, how many there are, and in how many rows."""
    lines = [
        {
            "place": f"{fault.sheet} {cell_name(fault)}" if several else cell_name(fault),
            "label": "".join(fault.label.split()),
            "text": say(fault),
        }
        for fault in faults[:FIRST_FAULTS]
    ]
    return {
        "lines": lines,
        "count": len(faults),
        "rows": len({(fault.sheet, fault.row) for fault in faults}),
    }


def cell_name(fault: Fault) -> str:
    """The cell as the person's program names it: E12."""
    letters, number = "", fault.column
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{fault.row}"


def preview(form: Form, outcome: Outcome, likenesses: Mapping[int, Likeness], there: Known) -> dict[str, Any]:
    """The parameters of the preview's text: new rows, sums, duplicates, approximations, open units."""
    several = len(outcome.sheets) > 1
    same = [place for place, found in likenesses.items() if found.kind == "same"]
    alike = [place for place, found in likenesses.items() if found.kind == "alike"]
    fresh = [item for place, item in enumerate(outcome.proposals) if place not in set(same)]
    rows = {place: _row(item, several=several) for place, item in enumerate(outcome.proposals)}
    approximate = [line for item in fresh for line in _approximations(form, item, several=several)]
    units = [line for item in fresh for line in _open_units(form, item, several=several)]
    resembling = [
        {
            "row": rows[place],
            "name": there.name_of(outcome.proposals[place].answers),
            "other": likenesses[place].name,
        }
        for place in alike
    ]
    return {
        "fresh": len(fresh),
        "careful": len(fresh) - len(alike),
        "sums": [_sum(field, fresh) for field in form.fields if field.projection in _SUMMED],
        "known": {"count": len(same), "rows": [rows[place] for place in same][:FIRST_ROWS]},
        "alike": resembling[:FIRST_LINES],
        "approximate": approximate[:FIRST_LINES],
        "units": units[:FIRST_LINES],
        "more": {
            "alike": max(0, len(resembling) - FIRST_LINES),
            "approximate": max(0, len(approximate) - FIRST_LINES),
            "units": max(0, len(units) - FIRST_LINES),
        },
        "sheets": outcome.sheets,
        # Our own template carries a sheet of notes, of which nothing need be said.
        "skipped": [title for title in outcome.skipped if title != templates.plain("uploads.notes_title")],
        "passed": [f"{sheet} {row}" if several else str(row) for sheet, row in outcome.passed][:FIRST_ROWS],
        "unread": ["".join(label.split()) for label in outcome.unread],
    }


def _row(item: Proposal, *, several: bool) -> str:
    return f"{item.sheet} {item.row}" if several else str(item.row)


def _sum(field: Field, rows: list[Proposal]) -> dict[str, Any]:
    """The sum of a number field; amounts whose unit is open are left out and said to be."""
    settled = [item for item in rows if field.name not in item.units]
    total = sum(int(item.answers[field.name]["value"]) for item in settled if field.name in item.answers)
    return {
        "label": "".join(field.label.split()),
        "value": forms.show(field, Answer(total)),
        "partial": len(settled) < len(rows),
    }


def _approximations(form: Form, item: Proposal, *, several: bool) -> list[dict[str, Any]]:
    return [
        {
            "row": _row(item, several=several),
            "label": "".join(form.field(name).label.split()),
            "value": forms.show(form.field(name), Answer.from_json(row)),
        }
        for name, row in item.answers.items()
        if row.get("approximate") or row.get("bound")
    ]


def _open_units(form: Form, item: Proposal, *, several: bool) -> list[dict[str, Any]]:
    return [
        {
            "row": _row(item, several=several),
            "raw": item.answers[name]["raw"],
            "yuan": forms.show(form.field(name), Answer(pair[0])),
            "wan": forms.show(form.field(name), Answer(pair[1])),
        }
        for name, pair in item.units.items()
    ]
