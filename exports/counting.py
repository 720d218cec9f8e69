"""Filings counted into the figures of a statistics table."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from exports.editions import SheetChoice
from exports.values import Sources, as_wan
from forms.model import Form
from notices.tables import Edition, Source, StatisticsTable
from storage.export_rows import FiledRow
from storage.scopes import Scope


@dataclass(slots=True)
class Tally:
    """What one cell block (a row's split) has gathered: filings, who filed them, a sum for each measure."""

    sums: list[int]
    filings: int = 0
    organizations: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a filing counts: the sheet, the row, and in which of its splits."""

    sheet: int
    row: int
    splits: tuple[bool, ...]


class Count:
    """Counts filings into a table's sheets, rows and splits; each filing is looked at once."""

    def __init__(self, table: StatisticsTable, form: Form, sources: Sources, scope: Scope) -> None:
        self._table = table
        edition = table.edition(scope.role)
        self._sheets = SheetChoice(edition, sources, scope)
        self._rows = [None if row.rest else sources.fits(row.among) for row in table.rows]
        self._splits = [sources.fits(split.among) for split in table.splits]
        summed = [(index, measure.sum) for index, measure in enumerate(table.measures) if measure.sum]
        self._summed = [(index, sources.raw(Source(field=name))) for index, name in summed]
        self._money = {index for index, name in summed if form.field(name).type == "money"}
        self._tallies = [
            [[Tally([0] * len(table.measures)) for _ in table.splits] for _ in table.rows]
            for _ in edition.sheets
        ]
        self._deciding = [sources.raw(source) for source in _deciding(table, edition)]
        self._places: dict[tuple[Any, ...], Placement | None] = {}

    def add(self, row: FiledRow) -> Placement | None:
        """Count a filing; None when it stands in no row of any sheet."""
        # Filings alike in what the conditions look at stand in the same place, and most are alike.
        alike = tuple([raw(row) for raw in self._deciding])
        if alike not in self._places:
            self._places[alike] = self._place(row)
        place = self._places[alike]
        if place is None:
            return None
        for tally, counts in zip(self._tallies[place.sheet][place.row], place.splits, strict=True):
            if counts:
                tally.filings += 1
                tally.organizations.add(row.organization_id)
                for index, raw in self._summed:
                    tally.sums[index] += raw(row) or 0
        return place

    def figure(self, sheet: int, row: int, measure: int, split: int) -> int | Decimal:
        """A cell: a count, or a sum in the unit the table prints (money in 万元)."""
        tally = self._tallies[sheet][row][split]
        counted = self._table.measures[measure].count
        if counted == "filings":
            return tally.filings
        if counted == "organizations":
            return len(tally.organizations)
        return as_wan(tally.sums[measure]) if measure in self._money else tally.sums[measure]

    def _place(self, row: FiledRow) -> Placement | None:
        sheet, line = self._sheets.of(row), self._row_of(row)
        if sheet is None or line is None:
            return None
        return Placement(sheet, line, tuple(fits(row) for fits in self._splits))

    def _row_of(self, row: FiledRow) -> int | None:
        rest = None
        for index, fits in enumerate(self._rows):
            if fits is None:
                rest = index
            elif fits(row):
                return index
        return rest


def _deciding(table: StatisticsTable, edition: Edition) -> set[Source]:
    """All that a filing's place hangs on: what conditions look at, and where its organization is at home."""
    asked = [
        *(row.among for row in table.rows),
        *(split.among for split in table.splits),
        *(sheet.among + sheet.unless for sheet in edition.sheets),
    ]
    conditions = chain.from_iterable(asked)
    looked_at = {Source(field=c.field, organization=c.organization, filing=c.filing) for c in conditions}
    return {*looked_at, Source(organization="home")}
