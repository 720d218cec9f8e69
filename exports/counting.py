"""Filings counted into the figures of a statistics table."""

from dataclasses import dataclass, field
from decimal import Decimal

from exports.editions import SheetChoice
from exports.values import Sources, as_wan
from forms.model import Form
from notices.tables import Source, StatisticsTable
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
        self._sheets = SheetChoice(table.edition(scope.role), sources, scope)
        self._rows = [None if row.rest else sources.fits(row.among) for row in table.rows]
        self._splits = [sources.fits(split.among) for split in table.splits]
        summed = [(index, measure.sum) for index, measure in enumerate(table.measures) if measure.sum]
        self._summed = [(index, sources.raw(Source(field=name))) for index, name in summed]
        self._money = {index for index, name in summed if form.field(name).type == "money"}
        self._tallies = [
            [[Tally([0] * len(table.measures)) for _ in table.splits] for _ in table.rows]
            for _ in table.edition(scope.role).sheets
        ]

    def add(self, row: FiledRow) -> Placement | None:
        """Count a filing; None when it stands in no row of any sheet."""
        sheet, line = self._sheets.of(row), self._row_of(row)
        if sheet is None or line is None:
            return None
        splits = tuple(fits(row) for fits in self._splits)
        for tally, counts in zip(self._tallies[sheet][line], splits, strict=True):
            if counts:
                tally.filings += 1
                tally.organizations.add(row.organization_id)
                for index, raw in self._summed:
                    tally.sums[index] += raw(row) or 0
        return Placement(sheet, line, splits)

    def figure(self, sheet: int, row: int, measure: int, split: int) -> int | Decimal:
        """A cell: a count, or a sum in the unit the table prints (money in 万元)."""
        tally = self._tallies[sheet][row][split]
        counted = self._table.measures[measure].count
        if counted == "filings":
            return tally.filings
        if counted == "organizations":
            return len(tally.organizations)
        return as_wan(tally.sums[measure]) if measure in self._money else tally.sums[measure]

    def _row_of(self, row: FiledRow) -> int | None:
        rest = None
        for index, fits in enumerate(self._rows):
            if fits is None:
                rest = index
            elif fits(row):
                return index
        return rest
