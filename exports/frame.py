"""What stands around a table's rows: attachment, title, heading lines, notes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice, repeat

import divisions
from exports.looks import ATTACHMENT, LINE, LINE_HEIGHT, NOTE, TITLE
from notices.model import Notice
from notices.tables import Heading, Layout
from storage.export_rows import FiledRow
from storage.scopes import Scope
from workbooks import Merge, Row, Style, Value, shown_width

BLANK = "_" * 16
TITLE_HEIGHT = 36.0
_BATCH, _KEPT = 500, 1024
FOOTER_CODES = {"page": "&P", "pages": "&N"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the heading lines are filled with; an empty one leaves a blank to write on."""

    unit: str = ""
    contact: str = ""
    phone: str = ""

    def line(self, heading: Heading) -> str:
        """The heading with what belongs behind it."""
        filled: str = getattr(self, heading.fill) if heading.fill != "blank" else ""
        return heading.text + (filled or BLANK)


def letterhead(notice: Notice, scope: Scope) -> Letterhead:
    """The unit behind the table: the province's department or the city's bureau, as the pack names them."""
    if scope.role == "province":
        return Letterhead(notice.units.province)
    return Letterhead(notice.units.city.replace("{place}", divisions.get(scope.code).name))


def footer(layout: Layout) -> str:
    """The page footer with the codes Excel counts pages by."""
    return layout.page.footer.replace("&", "&&").format(**FOOTER_CODES) if layout.page.footer else ""


def head_rows(layout: Layout, title: str, letterhead: Letterhead, columns: int) -> Iterator[Row]:
    """The rows above the header; `head_merges` belongs to them."""
    if layout.attachment:
        yield one_text(layout.attachment, ATTACHMENT, columns, 22)
    yield one_text(title, TITLE, columns, TITLE_HEIGHT)
    for heading in layout.heading:
        yield one_text(letterhead.line(heading), LINE, columns, 20)


def head_length(layout: Layout) -> int:
    """How many rows `head_rows` gives."""
    return bool(layout.attachment) + 1 + len(layout.heading)


def head_merges(layout: Layout, columns: int) -> list[Merge]:
    """The head's lines run over all columns."""
    return [Merge(number, 1, number, columns) for number in range(1, head_length(layout) + 1)]


def note_rows(layout: Layout, widths: list[float]) -> Iterator[Row]:
    """The notes under the table, one row each, high enough for their lines over all columns."""
    for note in layout.notes:
        lines = lines_of(note.text, sum(widths))
        yield one_text(note.text, NOTE, len(widths), LINE_HEIGHT * lines + 5)


def one_text(text: str, style: Style, columns: int, height: float) -> Row:
    """A row with one text over all columns."""
    return Row((text, *[None] * (columns - 1)), (style,) * columns, height)


class Body:
    """The rows of a table's body, laid out column by column: so the loops over cells run in C."""

    def __init__(self, widths: Sequence[float], styles: Sequence[Style], wrapping: Iterable[int]) -> None:
        """Columns of those widths and styles; the columns `wrapping`, from 0, decide how high a row is."""
        self._styles = tuple(styles)
        self._lines = [
            (index, lru_cache(maxsize=_KEPT)(partial(_lines_of_cell, width=widths[index])))
            for index in wrapping
        ]

    def rows(self, columns: Sequence[Sequence[Value]]) -> Iterator[Row]:
        """The rows of these columns, each of as many cells."""
        lines = [map(count, columns[index]) for index, count in self._lines]
        heights = (LINE_HEIGHT * most + 6 for most in map(max, repeat(1), repeat(1), *lines))
        return map(Row, zip(*columns, strict=True), repeat(self._styles), heights)


def in_batches(rows: Iterable[FiledRow]) -> Iterator[list[FiledRow]]:
    """The rows, some hundred at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _lines_of_cell(value: Value, width: float) -> int:
    return lines_of(value, width) if isinstance(value, str) else 1


def lines_of(text: str, width: float) -> int:
    """Lines the text takes when it is wrapped at `width` half-width characters."""
    # Two characters are left free at each side; a full-width sign does not break in half.
    room = int(max(width - 2, 4))
    return sum([-(-shown_width(line) // room) or 1 for line in text.split("\n")])
