"""The tracing sheet: for each figure of a statistics table the filings it was made of."""

from collections.abc import Iterable, Iterator
from functools import cache

from exports.counting import Count, Placement
from exports.frame import TITLE_HEIGHT, footer, lines_of, one_text, row_lines
from exports.looks import CENTERED, HEADER, LINE_HEIGHT, NUMBER, TEXT, TITLE
from exports.spooling import Marks, Spool
from exports.values import Sources
from notices.tables import Edition, StatisticsTable
from storage.export_rows import FiledRow
from workbooks import Merge, Row, Sheet, Value

ROW_WIDTH, MARK_WIDTH = 14.0, 9.0


class Tracing:
    """The tracing sheet being laid out, in the order of the figures."""

    def __init__(self, table: StatisticsTable, edition: Edition, sources: Sources) -> None:
        self._table, self._trace, self._sources = table, table.trace, sources
        self._titles = [sheet.title for sheet in edition.sheets]
        # A group's only row may have no label of its own; the group's then names it.
        self._labels = [row.label or group.label for group in table.groups for row in group.rows]
        self._marks = [index for index, split in enumerate(table.splits) if split.among]

    def sheet(self, rows: Iterable[FiledRow], count: Count) -> Sheet:
        """The sheet; reading its rows counts them."""
        marks = len(self._marks) + 1
        widths = [ROW_WIDTH, ROW_WIDTH, *(c.width for c in self._trace.columns), *[MARK_WIDTH] * marks]
        return Sheet(
            self._trace.title,
            self._rows(rows, count, widths),
            widths,
            repeat=(2, 2),
            freeze=3,
            filter_row=2,
            merges=[Merge(1, 1, 1, len(widths))],
            orientation=self._table.page.orientation,
            footer=footer(self._table),
        )

    def _rows(self, rows: Iterable[FiledRow], count: Count, widths: list[float]) -> Iterator[Row]:
        trace = self._trace
        marks = [self._table.splits[index].label for index in self._marks]
        labels = [trace.sheet, trace.row, *(column.label for column in trace.columns), *marks, trace.verified]
        yield one_text(f"{self._table.title}（{trace.title}）", TITLE, len(widths), TITLE_HEIGHT)
        lines = max(lines_of(label, width) for label, width in zip(labels, widths, strict=True))
        yield Row(labels, (HEADER,) * len(labels), LINE_HEIGHT * lines + 8)
        with Spool() as spool:
            for row in rows:
                placed = count.add(row)
                spool.put(self._order(placed), row, placed.splits if placed else ())
            yield from self._traced(spool, widths)

    def _order(self, placed: Placement | None) -> int:
        if placed is None:
            return len(self._titles) * len(self._labels)
        return placed.sheet * len(self._labels) + placed.row

    def _traced(self, spool: Spool, widths: list[float]) -> Iterator[Row]:
        trace = self._trace
        cells = [self._sources.shown(column) for column in trace.columns]
        kinds = [self._sources.kind(column) for column in trace.columns]
        numbers = tuple(NUMBER if kind in ("money", "count") else TEXT for kind in kinds)
        styles = (TEXT, TEXT, *numbers, *[CENTERED] * (len(self._marks) + 1))
        lines = row_lines(widths, [index for index, style in enumerate(styles) if style is TEXT])
        around = cache(self._around)
        for order, row, splits in spool.read():
            where, marks = around(order, splits)
            verified = "" if row.verified else trace.unverified
            values: list[Value] = [*where, *[cell(row) for cell in cells], *marks, verified]
            yield Row(values, styles, LINE_HEIGHT * lines(values) + 6)

    def _around(self, order: int, splits: Marks) -> tuple[list[str], list[str]]:
        """What stands before and behind the columns of all filings placed alike."""
        if not splits:
            return ["", self._trace.left_out], [""] * len(self._marks)
        sheet, line = divmod(order, len(self._labels))
        marks = [self._trace.yes if splits[index] else "" for index in self._marks]
        return [self._titles[sheet], self._labels[line]], marks
