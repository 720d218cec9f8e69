"""The tracing sheet: for each figure of a statistics table the filings it was made of."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from exports.counting import Count
from exports.frame import TITLE_HEIGHT, Body, footer, in_batches, lines_of, one_text
from exports.looks import CENTERED, HEADER, LINE_HEIGHT, NUMBER, TEXT, TITLE
from exports.spooling import Spool
from exports.values import Raw, Sources
from notices.tables import Edition, StatisticsTable
from storage.export_rows import FiledRow
from workbooks import Merge, Row, Sheet

ROW_WIDTH, MARK_WIDTH = 14.0, 9.0


class Tracing:
    """The tracing sheet being laid out, in the order of the figures."""

    def __init__(self, table: StatisticsTable, edition: Edition, sources: Sources) -> None:
        self._table, self._trace, self._sources = table, table.trace, sources
        self._cells = [sources.shown(column) for column in table.trace.columns]
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
            self._put_aside(rows, count, spool)
            yield from self._traced(spool, widths)

    def _put_aside(self, rows: Iterable[FiledRow], count: Count, spool: Spool) -> None:
        """Count all rows; what the sheet shows of them goes to the spool, in the order of the figures."""
        raws: list[Raw] = [*[cell.raw for cell in self._cells], attrgetter("verified")]
        for batch in in_batches(rows):
            for line, counted, splits in count.add(batch):
                marks = [splits[index] for index in self._marks]
                spool.put(line, [*[map(raw, counted) for raw in raws], *marks])

    def _traced(self, spool: Spool, widths: list[float]) -> Iterator[Row]:
        trace = self._trace
        kinds = [self._sources.kind(column) for column in trace.columns]
        numbers = tuple(NUMBER if kind in ("money", "count") else TEXT for kind in kinds)
        styles = (TEXT, TEXT, *numbers, *[CENTERED] * (len(self._marks) + 1))
        body = Body(widths, styles, [index for index, style in enumerate(styles) if style is TEXT])
        for line, columns in spool.read():
            cells = [list(map(cell.show, column)) for cell, column in zip(self._cells, columns, strict=False)]
            verified, *marks = columns[len(cells) :]
            where = [[text] * len(verified) for text in self._where(line)]
            marked = [[trace.yes if counts else "" for counts in column] for column in marks]
            unverified = ["" if known else trace.unverified for known in verified]
            yield from body.rows([*where, *cells, *marked, unverified])

    def _where(self, line: int) -> tuple[str, str]:
        """The sheet and the row of the figures that rows of this line stand in."""
        sheet, row = divmod(line, len(self._labels))
        if sheet == len(self._titles):
            return "", self._trace.left_out
        return self._titles[sheet], self._labels[row]
