"""The statistics table: its figures, under the notice's own two-level header, and where they come from."""

from collections.abc import Iterable, Iterator
from itertools import chain

from exports.counting import Count
from exports.frame import Letterhead, footer, head_length, head_merges, head_rows, lines_of, note_rows
from exports.looks import CENTERED, FIGURE, HEADER, LINE_HEIGHT
from exports.trace import Tracing
from exports.values import Sources
from forms.model import Form
from notices.tables import StatisticsTable
from storage.export_rows import FiledRow
from storage.scopes import Scope
from workbooks import Merge, Row, Sheet

BODY_HEIGHT = 30.0


class Statistics:
    """A statistics table being laid out."""

    def __init__(self, table: StatisticsTable, form: Form, sources: Sources, letterhead: Letterhead) -> None:
        self._table, self._form, self._sources, self._letterhead = table, form, sources, letterhead
        self._widths = [*table.row_widths, *(m.width for m in table.measures for _ in table.splits)]

    def sheets(self, rows: Iterable[FiledRow], scope: Scope) -> list[Sheet]:
        """The edition's sheets, and the tracing sheet, which is read first: it counts the figures."""
        edition = self._table.edition(scope.role)
        count = Count(self._table, self._form, self._sources, scope)
        tracing = Tracing(self._table, edition, self._sources)
        several = len(edition.sheets) > 1
        sheets = [
            self._sheet(index, sheet.title, f"（{sheet.title}）" if several else "", count)
            for index, sheet in enumerate(edition.sheets)
        ]
        return [*sheets, tracing.sheet(rows, count)]

    def _sheet(self, index: int, title: str, mark: str, count: Count) -> Sheet:
        header = head_length(self._table) + 1
        sheet = Sheet(
            title,
            (),
            self._widths,
            repeat=(header, header + 1),
            freeze=header + 2,
            orientation=self._table.page.orientation,
            footer=footer(self._table),
            merges=[*head_merges(self._table, len(self._widths)), *self._header_merges(header)],
            turn=1,
        )
        body = header + 2
        sheet.merges += self._body_merges(body)
        notes = body + len(self._table.rows)
        last = len(self._widths)
        sheet.merges += [Merge(notes + i, 1, notes + i, last) for i in range(len(self._table.notes))]
        sheet.rows = self._rows(index, self._table.title + mark, count)
        return sheet

    def _rows(self, index: int, title: str, count: Count) -> Iterator[Row]:
        columns = len(self._widths)
        yield from head_rows(self._table, title, self._letterhead, columns)
        yield from self._header()
        styles = (CENTERED, CENTERED) + (FIGURE,) * (columns - 2)
        labels = chain.from_iterable(self._labels())
        for number, (group, label) in enumerate(zip(labels, labels, strict=True)):
            figures = [
                count.figure(index, number, measure, split)
                for measure in range(len(self._table.measures))
                for split in range(len(self._table.splits))
            ]
            yield Row((group, label, *figures), styles, BODY_HEIGHT)
        yield from note_rows(self._table, self._widths)

    def _labels(self) -> Iterator[tuple[str, str]]:
        for group in self._table.groups:
            for number, row in enumerate(group.rows):
                yield group.label if number == 0 else "", row.label

    def _header(self) -> Iterator[Row]:
        table, splits = self._table, len(self._table.splits)
        upper: list[str] = [table.row_label, ""]
        for measure in table.measures:
            upper += [measure.label, *[""] * (splits - 1)]
        lower = ["", "", *[split.label for _ in table.measures for split in table.splits]]
        styles = (HEADER,) * len(self._widths)
        for labels in (upper, lower):
            lines = max(lines_of(label, self._width_of(label, n)) for n, label in enumerate(labels))
            yield Row(labels, styles, LINE_HEIGHT * lines + 8)

    def _width_of(self, label: str, column: int) -> float:
        # An upper label stands over all its splits.
        over = len(self._table.splits) if any(label == m.label for m in self._table.measures) else 1
        return sum(self._widths[column : column + over])

    def _header_merges(self, header: int) -> list[Merge]:
        splits = len(self._table.splits)
        starts = range(3, len(self._widths) + 1, splits)
        over = [Merge(header, start, header, start + splits - 1) for start in starts if splits > 1]
        return [Merge(header, 1, header + 1, 2), *over]

    def _body_merges(self, body: int) -> list[Merge]:
        merges = []
        for group in self._table.groups:
            if not group.rows[0].label and len(group.rows) == 1:
                merges.append(Merge(body, 1, body, 2))
            elif len(group.rows) > 1:
                merges.append(Merge(body, 1, body + len(group.rows) - 1, 1))
            body += len(group.rows)
        return merges
