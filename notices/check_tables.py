"""Checking table layouts: that they name what exists, and that no filing would be counted twice."""

import string
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import divisions
from forms.model import Field
from notices.model import Notice
from notices.packs import Pack, Problem
from notices.tables import Among, Column, DetailTable, Source, StatisticsRow, StatisticsTable, Table

NUMBERS = ("money", "count")
SHEET_TITLE = 31
FORBIDDEN = "[]:*?/\\"

Fault = tuple[str, str]


def check_tables(pack: Pack, notice: Notice) -> Iterator[Problem]:
    """Problems of the notice's table layouts."""
    for table in notice.tables:
        file = pack.table_files[table.name]
        if not any(filing.form == table.form for filing in notice.filings):
            yield Problem(file, "form", f"nobody files a form {table.form!r}")
            continue
        yield from (Problem(file, key, reason) for key, reason in _Layout(table, notice).faults())


class _Layout:
    def __init__(self, table: Table, notice: Notice) -> None:
        self._table = table
        self._fields = {field.name: field for field in notice.form(table.form).fields}
        kinds = notice.filing(table.form).filers
        self._filers = [filer for filer in notice.filers if filer.kind in kinds]

    def faults(self) -> Iterator[Fault]:
        yield from self._editions()
        yield from _placeholders("page.footer", self._table.page.footer, {"page", "pages"})
        if isinstance(self._table, DetailTable):
            yield from self._detail(self._table)
        else:
            yield from self._statistics(self._table)

    def _editions(self) -> Iterator[Fault]:
        yield from _twice("editions", "the scope", [edition.scope for edition in self._table.editions])
        for index, edition in enumerate(self._table.editions):
            key = f"editions.{index}.sheets"
            yield from _twice(key, "the title", [sheet.title for sheet in edition.sheets])
            for number, sheet in enumerate(edition.sheets):
                if len(sheet.title) > SHEET_TITLE or set(sheet.title) & set(FORBIDDEN):
                    yield f"{key}.{number}.title", f"has more than {SHEET_TITLE} signs or one of {FORBIDDEN}"
                yield from self._conditions(f"{key}.{number}.among", sheet.among)
                yield from self._conditions(f"{key}.{number}.unless", sheet.unless)

    def _detail(self, table: DetailTable) -> Iterator[Fault]:
        yield from self._columns("columns", table.columns)
        if table.grouping:
            yield from self._source("grouping.by", table.grouping.by)
            yield from _placeholders("grouping.subtotal", table.grouping.subtotal, {"group"})

    def _statistics(self, table: StatisticsTable) -> Iterator[Fault]:
        for index, measure in enumerate(table.measures):
            if measure.sum is not None:
                yield from self._number(f"measures.{index}.sum", Source(field=measure.sum))
        for index, split in enumerate(table.splits):
            yield from self._conditions(f"splits.{index}.among", split.among)
        keys = [
            f"groups.{g}.rows.{r}" for g, group in enumerate(table.groups) for r, _ in enumerate(group.rows)
        ]
        for key, row in zip(keys, table.rows, strict=True):
            yield from self._conditions(f"{key}.among", row.among)
        yield from self._overlaps(list(zip(keys, table.rows, strict=True)))
        yield from self._columns("trace.columns", table.trace.columns)

    def _overlaps(self, rows: Sequence[tuple[str, StatisticsRow]]) -> Iterator[Fault]:
        for (_, one), (key, other) in combinations(rows, 2):
            if one.rest and other.rest:
                yield f"{key}.rest", "two rows take the rest"
            elif not one.rest and not other.rest and not self._apart(one, other):
                yield f"{key}.among", f"overlaps the row {one.label!r}: a filing may fit both"

    def _apart(self, one: StatisticsRow, other: StatisticsRow) -> bool:
        """Whether some value they both ask for can never fit both."""
        for first in one.among:
            for second in other.among:
                same = (first.field, first.organization) == (second.field, second.organization)
                if same and not any(self._meet(first, a, b) for a in first.values for b in second.values):
                    return True
        return False

    def _meet(self, source: Source, one: str, other: str) -> bool:
        if any(field.type == "region" for field in self._found(source)):
            known = divisions.exists(one) and divisions.exists(other)
            return known and (divisions.within(one, other) or divisions.within(other, one))
        return one == other

    def _columns(self, key: str, columns: Sequence[Column]) -> Iterator[Fault]:
        for index, column in enumerate(columns):
            yield from self._source(f"{key}.{index}", column)
            if column.total:
                yield from self._number(f"{key}.{index}.total", column)

    def _conditions(self, key: str, conditions: Sequence[Among]) -> Iterator[Fault]:
        for index, condition in enumerate(conditions):
            place = f"{key}.{index}"
            yield from self._source(place, condition)
            for field in self._found(condition):
                yield from _value_faults(f"{place}.values", field, condition.values)

    def _source(self, key: str, source: Source) -> Iterator[Fault]:
        if source.field and not self._found(source):
            yield f"{key}.field", f"{source.field!r} is no field of the form {self._table.form!r}"
        if source.organization and not self._found(source):
            yield (
                f"{key}.organization",
                f"{source.organization!r} is in no registration form of those who file",
            )

    def _number(self, key: str, source: Source) -> Iterator[Fault]:
        found = self._found(source)
        if not found or any(field.type not in NUMBERS for field in found):
            yield key, f"{source.field or source.organization or source.filing!r} is no number field"

    def _found(self, source: Source) -> list[Field]:
        if source.field:
            return [self._fields[source.field]] if source.field in self._fields else []
        forms = [filer.form for filer in self._filers]
        return [field for form in forms for field in form.fields if field.name == source.organization]


def _value_faults(key: str, field: Field, values: Sequence[str]) -> Iterator[Fault]:
    choices = {choice.name for choice in field.choices}
    for value in values:
        if field.type == "region" and not divisions.exists(value):
            yield key, f"{value!r} is no division's code"
        if field.type == "choice" and value not in choices:
            yield key, f"{value!r} is no choice of {field.name!r}"


def _twice(key: str, what: str, values: Sequence[str]) -> Iterator[Fault]:
    counts = Counter(values)
    yield from ((key, f"{what} {value!r} appears twice") for value in counts if counts[value] > 1)


def _placeholders(key: str, text: str, known: set[str]) -> Iterator[Fault]:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield key, f"{error}"
        return
    yield from ((key, f"{{{name}}} means nothing here") for name in sorted(names - known))
