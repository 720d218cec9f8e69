"""`xingcun parse --jsonl`: words in, readings out, one JSON object a line.

A line is `{"id", "field", "raw", "context": {"today"}}`; `field` is one of the names of `_OWN` and `_PACKED`.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import divisions
import forms
import notices
import templates
from notices.model import Notice

_NOTICE = "jiangsu-2021"
_OWN: dict[str, forms.Field] = {
    "period": forms.Field(name="period", type="period", label="period"),
    "date": forms.Field(name="date", type="date", label="date"),
    "uscc": forms.Field(name="uscc", type="credit_code", label="uscc"),
    "phone": forms.Field(name="phone", type="phone", label="phone"),
    "email": forms.Field(name="email", type="email", label="email"),
    "text": forms.Field(name="text", type="text", label="text"),
}
# Names of fields in the pack's first form and in the form by which an organization registers.
_PACKED = {name: name for name in ("people", "beneficiaries", "region", "nature")}
_PACKED["invested_wan"] = "invested"
_REGISTERED = {"org_type": "type", "level": "level"}


def parse_lines(lines: Iterable[str]) -> Iterator[str]:
    """Reads each line; KeyError names a field that is not known."""
    for line in lines:
        if line.strip():
            yield json.dumps(parse_row(json.loads(line)), ensure_ascii=False)


def parse_row(row: dict[str, Any]) -> dict[str, Any]:
    """The reading of one row, with keys such as `value` (in the field's unit), `confirm`, `error`."""
    field = _field(row["field"])
    reading = forms.read(field, row["raw"], _context(row.get("context") or {}))
    told: dict[str, Any] = {"id": row.get("id")}
    if reading.complaint is not None:
        told |= _complained(field, reading)
    elif reading.answer is not None:
        told |= _answered(row["field"], field, reading, reading.answer)
    return told


@cache
def _notice() -> Notice:
    return notices.load().notice(_NOTICE)


@cache
def _field(name: str) -> forms.Field:
    if name in _PACKED:
        return _notice().forms[0].field(_PACKED[name])
    if name in _REGISTERED:
        return _notice().filers[0].form.field(_REGISTERED[name])
    return _OWN[name]


def _context(given: dict[str, Any]) -> forms.Context:
    today = given.get("today")
    day = date.fromisoformat(today) if today else datetime.now(ZoneInfo("Asia/Shanghai")).date()
    areas = {word: area.regions for area in _notice().areas for word in (area.name, *area.words)}
    return forms.Context(today=day, regions=_notice().places, areas=areas)


def _complained(field: forms.Field, reading: forms.Reading) -> dict[str, Any]:
    complaint = reading.complaint
    assert complaint is not None
    told: dict[str, Any] = {"error": templates.plain(f"complaints.{complaint.code}", **complaint.params)}
    if complaint.params.get("households") is not None:
        told["households"] = complaint.params["households"]
    if reading.candidates:
        told["suggest"] = _plain(field, reading.candidates[0])
    return told


def _plain(field: forms.Field, answer: forms.Answer) -> Any:
    """A value as `messy_dev.jsonl` writes it: a code, a label, 万元 as a number."""
    if field.type in ("region", "period"):
        return answer.value
    exported = forms.export_value(field, answer)
    if isinstance(exported, Decimal):
        return int(exported) if exported == exported.to_integral() else float(exported)
    return answer.value if field.type == "phone" else exported


def _answered(name: str, field: forms.Field, reading: forms.Reading, answer: forms.Answer) -> dict[str, Any]:
    told = _value(field, answer, ambiguous=len(reading.candidates) > 1)
    told |= {
        key: _in_unit(field, key, value) for key, value in answer.details.items() if key in _SAID[field.type]
    }
    if field.type == "credit_code":
        told |= _registered(answer)
    if answer.approximate:
        told["approximate"] = True
    if answer.bound:
        told["bound"] = answer.bound
    if reading.confirm:
        told["confirm"] = True
        if len(reading.candidates) > 1:
            told["candidates"] = [_plain(field, item) for item in reading.candidates]
            if field.type == "region":
                told["candidates"].sort()
    return told


_SAID: dict[str, tuple[str, ...]] = {
    "money": ("parts", "per", "min", "max", "unit_assumed"),
    "count": ("households", "unit", "per", "min", "max"),
    "region": ("corrected", "historic", "area"),
    "period": ("ongoing", "relative"),
    "date": (),
    "phone": ("ext", "values"),
    "email": ("corrected",),
    "credit_code": (),
    "choice": (),
    "text": (),
    "long_text": (),
    "file": (),
}


def _value(field: forms.Field, answer: forms.Answer, *, ambiguous: bool) -> dict[str, Any]:
    if field.type == "region":
        if ambiguous:
            return {"ambiguous": True, "value": answer.value}
        names = {division.level: division.name for division in divisions.path(answer.value)}
        return {level: names.get(level, "") for level in ("province", "city", "county")} | {
            "code": answer.value
        }
    if field.type == "period":
        return dict(answer.value)
    return {"value": _plain(field, answer)}


def _in_unit(field: forms.Field, key: str, value: Any) -> Any:
    if field.type == "money" and key in ("parts", "min", "max"):
        amounts = [_plain(field, forms.Answer(fen)) for fen in (value if key == "parts" else [value])]
        return amounts if key == "parts" else amounts[0]
    return value


def _registered(answer: forms.Answer) -> dict[str, Any]:
    told = {"region_code": answer.details["region"]}
    if "type" in answer.details:
        field = _field("org_type")
        told["org_type"] = forms.show(field, forms.Answer(answer.details["type"]))
    return told
