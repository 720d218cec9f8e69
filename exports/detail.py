"""The detail table: one row a filing, with subtotals where the layout groups them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from exports.editions import SheetChoice
from exports.frame import (
    Body,
    Letterhead,
    footer,
    head_length,
    head_merges,
    head_rows,
    in_batches,
    lines_of,
    note_rows,
)
from exports.looks import CENTERED, HEADER, LINE_HEIGHT, NUMBER, SUM, SUM_LABEL, TEXT
from exports.values import Shown, Sources
from forms.model import Form
from notices.tables import Column, DetailTable, Grouping
from storage.export_rows import FiledRow
from storage.scopes import Scope
from workbooks import Merge, Row, Sheet, Style, Value

NUMBERS = ("money", "count")
SHORT = ("choice", "date", "phone", "period", "credit_code")


class Detail:
    """A detail table being laid out."""

    def __init__(self, table: DetailTable, form: Form, sources: Sources, letterhead: Letterhead) -> None:
        self._table, self._form, self._sources, self._letterhead = table, form, sources, letterhead
        self._widths = [column.width for column in table.columns]
        self._styles = tuple(self._style(column) for column in table.columns)
        self._cells = [self._cell(column) for column in table.columns]
        # Long text may need several lines; only such columns decide a row's height.
        wrapping = [index for index, style in enumerate(self._styles) if style.wrap]
        self._body = Body(self._widths, self._styles, wrapping)

    def sheets(self, rows: Iterable[FiledRow], scope: Scope) -> list[Sheet]:
        """The edition's sheets. With one sheet `rows` is streamed; with several it is held."""
        edition = self._table.edition(scope.role)
        choice = SheetChoice(edition, self._sources, scope)
        if len(edition.sheets) == 1:
            return [self._sheet(edition.sheets[0].title, "", (row for row in rows if choice.of(row) == 0))]
        parts: list[list[FiledRow]] = [[] for _ in edition.sheets]
        for row in rows:
            place = choice.of(row)
            if place is not None:
                parts[place].append(row)
        return [
            self._sheet(sheet.title, sheet.title, part)
            for sheet, part in zip(edition.sheets, parts, strict=True)
        ]

    def own_sheet(self, rows: Iterable[FiledRow]) -> Sheet:
        """All rows on one sheet, whoever filed them; `rows` is streamed."""
        return self._sheet(self._table.editions[0].sheets[0].title, "", rows)

    def _sheet(self, title: str, mark: str, rows: Iterable[FiledRow]) -> Sheet:
        header = head_length(self._table) + 1
        sheet = Sheet(
            title,
            (),
            self._widths,
            repeat=(header, header),
            freeze=header + 1,
            orientation=self._table.page.orientation,
            footer=footer(self._table),
        )
        heading = f"{self._table.title}（{mark}）" if mark else self._table.title
        sheet.rows = self._rows(sheet, heading, rows)
        return sheet

    def _rows(self, sheet: Sheet, title: str, rows: Iterable[FiledRow]) -> Iterator[Row]:
        columns = len(self._widths)
        yield from head_rows(self._table, title, self._letterhead, columns)
        sheet.merges += head_merges(self._table, columns)
        labels = [column.label for column in self._table.columns]
        lines = max(lines_of(label, width) for label, width in zip(labels, self._widths, strict=True))
        yield Row(labels, (HEADER,) * columns, LINE_HEIGHT * lines + 8)
        written = head_length(self._table) + 1
        for row in self._grouped(rows, written, sheet) if self._table.grouping else self._plain(rows):
            written += 1
            yield row
        for row in note_rows(self._table, self._widths):
            written += 1
            sheet.merges.append(Merge(written, 1, written, columns))
            yield row

    def _plain(self, rows: Iterable[FiledRow]) -> Iterator[Row]:
        number = 1
        for batch in in_batches(rows):
            yield from self._laid_out(batch, number)
            number += len(batch)

    def _laid_out(self, rows: Sequence[FiledRow], number: int) -> Iterator[Row]:
        """A row for each filing, the first with this number."""
        numbers = range(number, number + len(rows))
        return self._body.rows([cell.column(rows) if cell else numbers for cell in self._cells])

    def _grouped(self, rows: Iterable[FiledRow], written: int, sheet: Sheet) -> Iterator[Row]:
        grouping = self._table.grouping
        assert grouping
        sums = Sums(self._table.columns, self._sources)
        number = 0
        for label, group in self._groups(grouping, rows):
            part = Sums(self._table.columns, self._sources)
            for row in group:
                part.add(row)
                sums.add(row)
            yield from self._laid_out(group, number + 1)
            number += len(group)
            written += len(group) + 1
            yield part.row(grouping.subtotal.replace("{group}", label), sheet, written)
        if grouping.total and number:
            yield sums.row(grouping.total, sheet, written + 1)

    def _groups(self, grouping: Grouping, rows: Iterable[FiledRow]) -> list[tuple[str, list[FiledRow]]]:
        """Rows by their group: choices in the form's order, anything else as it first comes."""
        raw, shown = self._sources.raw(grouping.by), self._sources.shown(grouping.by)
        groups: dict[Any, list[FiledRow]] = {}
        if grouping.by.field:
            groups = {choice.name: [] for choice in self._form.field(grouping.by.field).choices}
        for row in rows:
            groups.setdefault(raw(row), []).append(row)
        return [(str(shown(group[0]) or ""), group) for group in groups.values() if group]

    def _cell(self, column: Column) -> Shown | None:
        return None if column.filing == "number" else self._sources.shown(column)

    def _style(self, column: Column) -> Style:
        kind = self._sources.kind(column)
        if kind in NUMBERS:
            return NUMBER
        return CENTERED if kind in SHORT or column.filing else TEXT


class Sums:
    """The figures of a subtotal: the columns marked `total`, exactly."""

    def __init__(self, columns: Sequence[Column], sources: Sources) -> None:
        self._columns = columns
        self._shown: dict[int, Shown] = {
            index: sources.shown(column) for index, column in enumerate(columns) if column.total
        }
        self._sums: dict[int, Decimal] = dict.fromkeys(self._shown, Decimal(0))

    def add(self, row: FiledRow) -> None:
        """Add a row's figures; a field that was not asked counts as nothing."""
        for index, shown in self._shown.items():
            value = shown(row)
            if isinstance(value, int | Decimal):
                self._sums[index] += value

    def row(self, label: str, sheet: Sheet, written: int) -> Row:
        """The sums under their columns, the label over all columns before the first of them."""
        first = min(self._sums, default=len(self._columns))
        if first > 1:
            sheet.merges.append(Merge(written, 1, written, first))
        values: list[Value] = [label, *[self._sums.get(index) for index in range(1, len(self._columns))]]
        styles = (
            SUM_LABEL,
            *[SUM if index in self._sums else SUM_LABEL for index in range(1, len(self._columns))],
        )
        return Row(values, styles, LINE_HEIGHT + 6)
