"""One cell, read as its field reads what people type. Each distinct text is read once."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import forms
from forms.model import Answer, Constraint, Context, Field
from imports.lexicon import folded
from workbooks import CellValue

_FEN = 1_000_000
# Below _SURE_WAN a float's own error is far smaller than this part of a fen.
_NOISE = 1e-3
# From here on .10g writes digits, not powers of ten.
_TINY = 1e-3
# Below these, forms.read takes a bare number as it stands; tests hold the two to one another.
_SURE_WAN = 1_000
_SURE_PEOPLE = 1_000_000
_LONGEST_PLAIN = 300
_LONG = 10**15
_BARE_NUMBER = re.compile(r"[\d.,，\s]+")
_IN_DOUBT = 10_000

Params = dict[str, Any]


@dataclass(slots=True)
class CellReading:
    """What a cell says: an answer as it is stored, or the macro that says what is wrong with it.

    `units` are the fen of an amount without a unit, as 元 and as 万元.
    """

    answer: dict[str, Any] | None = None
    text: str = ""
    params: Params | None = None
    unsure: bool = False
    units: tuple[int, int] | None = None


SAME_AS_ABOVE = CellReading()
"""What a cell that repeats the one above it is read as."""


class CellReader:
    """Reads the cells of one column; `unit` is added to bare numbers."""

    def __init__(self, field: Field, context: Context, unit: str = "") -> None:
        self._field, self._context, self._unit = field, context, unit
        self.name = field.name
        self._known: dict[CellValue, CellReading] = {}
        self._sure: dict[CellValue, dict[str, Any]] = {}
        limits = field.constraint or Constraint()
        plain = field.type == "text" and limits.pattern is None
        self._shortest = limits.min_length or 1
        self._longest = min(limits.max_length or _LONGEST_PLAIN, _LONGEST_PLAIN) if plain else 0
        self._numbers = {"money": self._amount, "count": self._count}.get(field.type) if not unit else None

    def read(self, value: CellValue) -> CellReading:
        """The reading of a cell that is not blank."""
        if value.__class__ is bool:
            # True would be looked up as 1.
            return self._read(value)
        reading = self._known.get(value)
        if reading is None:
            reading = self._known[value] = self._read(value)
        return reading

    def read_all(self, values: Sequence[CellValue]) -> list[dict[str, Any] | None]:
        """The answers of a whole column; None for a cell that needs a closer look."""
        if bool in set(map(type, values)):
            return [None] * len(values)
        sure = self._sure
        for value in set(values) - sure.keys():
            found = self._at_once(value) or self.read(value)
            answer = found if isinstance(found, dict) else found.answer
            if answer is not None and not (isinstance(found, CellReading) and found.units):
                sure[value] = answer
        return [sure.get(value) for value in values]

    def _at_once(self, value: CellValue) -> dict[str, Any] | None:
        """What is as plain as most cells are: a usual number, a text in which nothing is to be cleaned."""
        if isinstance(value, str):
            return {"value": value, "raw": value} if self._longest and self._is_plain(value) else None
        if self._numbers and isinstance(value, int | float):
            return self._numbers(value)
        return None

    def _read(self, value: CellValue) -> CellReading:
        if is_same_as_above(value):
            return SAME_AS_ABOVE
        if isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) >= _LONG and self._field.type not in ("money", "count"):
                return CellReading(text="uploads.number_code")
        elif isinstance(value, date | time | timedelta) and self._field.type in ("money", "count"):
            return CellReading(text="uploads.date_not_number")
        plain = None if isinstance(value, bool) else self._at_once(value)
        if plain is not None:
            return CellReading(plain)
        text = as_text(value)
        if self._unit and _BARE_NUMBER.fullmatch(text):
            text += self._unit
        return self._read_text(text)

    def _read_text(self, text: str) -> CellReading:
        reading = forms.read(self._field, text, self._context)
        if reading.complaint is not None:
            complaint = reading.complaint
            return CellReading(text=f"complaints.{complaint.code}", params=_plain(complaint.params))
        answer = reading.answer
        assert answer is not None
        if reading.firm:
            return CellReading(answer.as_json())
        options = [answer, *(item for item in reading.candidates if item.value != answer.value)]
        units = self._either_unit(options)
        if units:
            return CellReading(answer.as_json(), units=units)
        shown = [forms.show(self._field, item) for item in options]
        return CellReading(text="uploads.unsure", params={"options": shown}, unsure=True)

    def _either_unit(self, options: list[Answer]) -> tuple[int, int] | None:
        """The two values of an amount that only lacks its unit."""
        if self._field.type != "money" or len(options) != 2:
            return None
        low, high = sorted(int(item.value) for item in options)
        return (low, high) if low and high == low * _IN_DOUBT else None

    def _amount(self, value: float) -> dict[str, Any] | None:
        if not 0 < value < _SURE_WAN or self._limited():
            return None
        fen = round(value * _FEN)
        if not fen or abs(value * _FEN - fen) > _NOISE:
            return None
        raw = f"{value:.10g}" if value > _TINY else as_text(value)
        return {"value": fen, "raw": raw, "details": {"unit_assumed": "万元"}}

    def _count(self, value: float) -> dict[str, Any] | None:
        if not 0 <= value < _SURE_PEOPLE or value != int(value) or self._limited():
            return None
        return {"value": int(value), "raw": str(int(value))}

    def _is_plain(self, text: str) -> bool:
        """Whether nothing in the text is to be cleaned: what is seen is what is stored."""
        return (
            self._shortest <= len(text) <= self._longest
            and not is_same_as_above(text)
            and text[0].isalnum()
            and " " not in text
            and text.isprintable()
            and max(text) < "\ufe00"
        )

    def _limited(self) -> bool:
        """Whether the field has limits that a usual number could break."""
        limits = self._field.constraint
        return limits is not None and bool(limits.min or limits.max is not None)


def as_text(value: CellValue) -> str:
    """The cell as a person would have typed it: 12.5, 300, 2021-03-01."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return str(value)
        return f"{Decimal(f'{value:.15g}'):f}" if value != int(value) else str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def is_same_as_above(value: CellValue) -> bool:
    """Whether the cell says that it repeats the one above."""
    # The words are short; most cells need no closer look.
    return isinstance(value, str) and len(value) <= 8 and value.strip().casefold() in folded("same_as_above")


def _plain(params: Any) -> Params:
    """A complaint's parameters as JSON holds them."""
    return {key: list(value) if isinstance(value, tuple | list) else value for key, value in params.items()}
