"""Filings counted into the figures of a statistics table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, compress
from typing import NamedTuple

from exports.editions import SheetChoice
from exports.values import Decided, Sources, as_wan
from forms.model import Form
from notices.tables import Edition, Source, StatisticsTable
from storage.export_rows import FiledRow
from storage.scopes import Scope


@dataclass(slots=True)
class Tally:
    """What one cell block (a row's split) has gathered: a sum for each measure, filings, who filed them."""

    sums: list[int]
    filings: int = 0
    organizations: int = 0
    latest: int | None = None
    """The organization that was counted last."""


class Placement(NamedTuple):
    """Where a filing counts: the line, and in which of its splits."""

    line: int
    splits: tuple[bool, ...]


class Counted(NamedTuple):
    """Filings of one line; for each split, whether each of them counts in it."""

    line: int
    rows: Sequence[FiledRow]
    splits: list[Sequence[bool]]


class Count:
    """Counts filings into a table's sheets, rows and splits; an organization's come one after the other.

    The rows of all sheets are lines, numbered from 0; one more line holds what stands in no row of any sheet.
    """

    def __init__(self, table: StatisticsTable, form: Form, sources: Sources, scope: Scope) -> None:
        self._table = table
        edition = table.edition(scope.role)
        self._sheets = SheetChoice(edition, sources, scope)
        self._rows = [None if row.rest else sources.fits(row.among) for row in table.rows]
        self._splits = [sources.fits(split.among) for split in table.splits]
        summed = [(index, measure.sum) for index, measure in enumerate(table.measures) if measure.sum]
        self._summed = [(index, sources.raw(Source(field=name))) for index, name in summed]
        self._money = {index for index, name in summed if form.field(name).type == "money"}
        self._left_out = len(edition.sheets) * len(table.rows)
        self._tallies = [
            [Tally([0] * len(table.measures)) for _ in table.splits] for _ in range(self._left_out + 1)
        ]
        deciding = [sources.raw(source) for source in _deciding(table, edition)]
        self._places = Decided(deciding, self._place)

    def add(self, rows: Sequence[FiledRow]) -> Iterator[Counted]:
        """Count filings; they come back line by line, each line's in their order."""
        lines: dict[int, list[tuple[FiledRow, tuple[bool, ...]]]] = defaultdict(list)
        for row, place in zip(rows, self._places.of(rows), strict=True):
            lines[place.line].append((row, place.splits))
        for line, placed in lines.items():
            alike, splits = zip(*placed, strict=True)
            counted = Counted(line, alike, list(zip(*splits, strict=True)))
            self._add(counted)
            yield counted

    def figure(self, sheet: int, row: int, measure: int, split: int) -> int | Decimal:
        """A cell: a count, or a sum in the unit the table prints (money in 万元)."""
        tally = self._tallies[sheet * len(self._rows) + row][split]
        counted = self._table.measures[measure].count
        if counted == "filings":
            return tally.filings
        if counted == "organizations":
            return tally.organizations
        return as_wan(tally.sums[measure]) if measure in self._money else tally.sums[measure]

    def _add(self, counted: Counted) -> None:
        organizations = [row.organization_id for row in counted.rows]
        summed = [(index, [raw(row) or 0 for row in counted.rows]) for index, raw in self._summed]
        for tally, counts in zip(self._tallies[counted.line], counted.splits, strict=True):
            tally.filings += sum(counts)
            # Sets of all that were ever counted would grow with the province.
            filed = set(compress(organizations, counts))
            tally.organizations += len(filed - {tally.latest})
            if filed:
                tally.latest = next(compress(reversed(organizations), reversed(counts)))
            for index, values in summed:
                tally.sums[index] += sum(compress(values, counts))

    def _place(self, row: FiledRow) -> Placement:
        sheet, line = self._sheets.of(row), self._row_of(row)
        if sheet is None or line is None:
            return Placement(self._left_out, (False,) * len(self._splits))
        return Placement(sheet * len(self._rows) + line, tuple(fits(row) for fits in self._splits))

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
