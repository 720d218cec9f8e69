"""What a filed row holds for a source of a layout: raw for conditions and sums, shown for cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import divisions
import forms
from forms.model import Answer, Field, Form
from notices.model import Notice
from notices.tables import Among, Source
from storage.export_rows import FiledRow
from workbooks import Value

Raw = Callable[[FiledRow], Any]
Show = Callable[[Any], Value]
Decision = TypeVar("Decision")

_KEPT, _DECIDED = 256, 4096
SHANGHAI = ZoneInfo("Asia/Shanghai")
FEN_IN_WAN = 6
"""A 万元 is 10 to this power of fen."""

_PROJECTIONS = ("name", "region", "nature", "money", "people", "beneficiaries")
_ORGANIZATION = {
    "name": "organization_name",
    **{name: name for name in ("credit_code", "type", "level", "home", "contact", "phone")},
}


class Shown(NamedTuple):
    """A cell in two steps: what a row holds for it, plain enough to be put aside, and how that is shown."""

    raw: Raw
    show: Show

    def __call__(self, row: FiledRow) -> Value:
        """The cell of a row."""
        return self.show(self.raw(row))

    def column(self, rows: Iterable[FiledRow]) -> list[Value]:
        """The cells of many rows, which takes less than one after the other."""
        return list(map(self.show, map(self.raw, rows)))


class Decided(Generic[Decision]):
    """What is decided of filings, once for those alike in what the decision looks at: most are."""

    def __init__(self, looked_at: Sequence[Raw], decide: Callable[[FiledRow], Decision]) -> None:
        self._looked_at, self._decide = looked_at, decide
        self._known: dict[tuple[Any, ...], Decision] = {}

    def of(self, rows: Sequence[FiledRow]) -> list[Decision]:
        """The decision on each of the rows."""
        return list(map(self._of, rows, zip(*[map(raw, rows) for raw in self._looked_at], strict=True)))

    def _of(self, row: FiledRow, alike: tuple[Any, ...]) -> Decision:
        if alike not in self._known:
            if len(self._known) >= _DECIDED:
                self._known.clear()
            self._known[alike] = self._decide(row)
        return self._known[alike]


class Sources:
    """The values of one form's filings, and of the organizations that filed it."""

    def __init__(self, notice: Notice, form: Form) -> None:
        self._form = form
        filers = [notice.filer(kind) for kind in notice.filing(form.name).filers]
        self._filers = {filer.kind: {field.name: field for field in filer.form.fields} for filer in filers}

    def needs_answers(self, source: Source) -> bool:
        """Whether the source can only be read from the stored answers."""
        if source.field:
            return self._form.field(source.field).projection not in _PROJECTIONS
        return source.organization is not None and source.organization not in _ORGANIZATION

    def raw(self, source: Source) -> Raw:
        """The stored value: money in fen, a choice's name, a division code; None or "" where nothing is."""
        if source.field:
            field = self._form.field(source.field)
            if field.projection in _PROJECTIONS:
                return attrgetter(field.projection)
            return _answered("answers", field.name)
        if source.organization:
            column = _ORGANIZATION.get(source.organization)
            return attrgetter(column) if column else _answered("organization_answers", source.organization)
        return attrgetter("filed_at")

    def shown(self, source: Source) -> Shown:
        """The cell: money as 万元, a choice's label, a region as 省/市/县, numbers as numbers."""
        if source.field:
            field = self._form.field(source.field)
            if self.needs_answers(source):
                return Shown(_stored("answers", field.name), _answer_shown(field))
            return Shown(self.raw(source), _column_shown(field))
        if source.organization:
            return self._organization_shown(source.organization)
        return Shown(self.raw(source), lambda moment: datetime.fromtimestamp(moment, SHANGHAI).date())

    def _organization_shown(self, name: str) -> Shown:
        """A fact of the organization; each kind of filer has its own form."""
        column = _ORGANIZATION.get(name)
        show = _column_shown if column else _answer_shown
        shows = {kind: show(fields[name]) for kind, fields in self._filers.items() if name in fields}

        def by_kind(held: tuple[str, Any]) -> Value:
            kind, value = held
            return shows[kind](value) if kind in shows else None

        if column is None:
            stored = _stored("organization_answers", name)
            return Shown(lambda row: (row.kind, stored(row)), by_kind)
        # The filings of one organization come one after the other.
        if len(self._filers) == len(shows) == 1:
            return Shown(attrgetter(column), lru_cache(maxsize=_KEPT)(*shows.values()))
        return Shown(attrgetter("kind", column), lru_cache(maxsize=_KEPT)(by_kind))

    def kind(self, source: Source) -> str:
        """The type of the field behind the source; a fact of the filing is a `date` or a `count`."""
        if source.field:
            return self._form.field(source.field).type
        if source.filing:
            return "date" if source.filing == "filed_at" else "count"
        kinds = (
            fields[source.organization].type
            for fields in self._filers.values()
            if source.organization in fields
        )
        return next(kinds, "")

    def fits(self, conditions: tuple[Among, ...]) -> Callable[[FiledRow], bool]:
        """Whether a row meets every one of the conditions."""
        tests = [self._test(condition) for condition in conditions]
        if not tests:
            return lambda row: True
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _test(self, condition: Among) -> Callable[[FiledRow], bool]:
        raw, values = self.raw(condition), frozenset(condition.values)
        if self.kind(condition) == "region":
            return lambda row: not values.isdisjoint(ancestry(raw(row) or ""))
        return lambda row: raw(row) in values


@cache
def ancestry(code: str) -> frozenset[str]:
    """The division and all it lies in; nothing for a code nobody knows."""
    if not divisions.exists(code):
        return frozenset()
    return frozenset(division.code for division in divisions.path(code))


@cache
def place(code: str) -> str:
    """省/市/县, or the code itself when nobody knows it."""
    return divisions.full_name(code, "/") if divisions.exists(code) else code


def as_wan(fen: int) -> Decimal:
    """Fen as 万元, exactly."""
    return Decimal(fen).scaleb(-FEN_IN_WAN)


def _stored(column: str, name: str) -> Raw:
    answers: Callable[[FiledRow], Mapping[str, Any]] = attrgetter(column)
    return lambda row: answers(row).get(name)


def _answered(column: str, name: str) -> Raw:
    stored = _stored(column, name)
    return lambda row: (stored(row) or {}).get("value")


def _column_shown(field: Field) -> Show:
    """How a typed column stands in a cell; there may be very many rows, so each kind takes one look-up."""
    if field.type == "choice":
        labels = {choice.name: choice.label for choice in field.choices}
        return lambda name: labels.get(name, name)
    shows: dict[str, Show] = {"money": as_wan, "region": place}
    show = shows.get(field.type)
    if show is None:
        return lambda value: value
    return lambda value: show(value) if value not in (None, "") else None


def _answer_shown(field: Field) -> Show:
    """How a stored answer stands in a cell; nothing where the field was not asked."""

    def show(stored: Any) -> Value:
        if stored is None:
            return None
        if field.type == "date":
            return date.fromisoformat(stored["value"])
        value: Value = forms.export_value(field, Answer.from_json(stored))
        return value

    return show
