"""The list of who was not reached and why, with phones for calling, as a workbook."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import divisions
import templates
from storage.ledger_figures import Missed
from workbooks import Row, Sheet, Style, Value, Workbook, shown_width, write

MOST = 100_000
HEADS = ("number", "organization", "home", "contact", "phone", "reason")
WIDTHS = (6.0, 36.0, 26.0, 12.0, 16.0, 26.0)
LINE_HEIGHT = 18.0
HEAD = Style(bold=True, align="center", border=True)
NUMBER = Style(align="center", border=True)
CELL = Style(border=True, wrap=True)
TEXT = Style(border=True, text=True)


def build(missed: list[Missed], title: str, now: datetime, path: Path) -> None:
    """Writes the list to `path` (.xlsx), an organization and person a row."""
    sheet = Sheet(
        templates.plain("broadcasts.missed_sheet"),
        _rows(missed),
        WIDTHS,
        repeat=(1, 1),
        freeze=2,
        filter_row=1,
    )
    write(Workbook([sheet], created=now, title=title), path)


def _rows(missed: list[Missed]) -> Iterator[Row]:
    heads = [templates.plain(f"broadcasts.head_{name}") for name in HEADS]
    yield Row(heads, (HEAD,) * len(heads), LINE_HEIGHT)
    styles = (NUMBER, CELL, CELL, CELL, TEXT, CELL)
    for number, item in enumerate(missed, start=1):
        home = divisions.full_name(item.home, "") if divisions.exists(item.home) else ""
        values = (
            number,
            item.organization or templates.plain("broadcasts.audience_staff"),
            home,
            item.own_contact or item.contact,
            item.own_phone or item.phone,
            reason_words(item),
        )
        yield Row(values, styles, LINE_HEIGHT * _lines(values))


def _lines(values: Sequence[Value]) -> int:
    """How many lines the row takes when its texts are wrapped."""
    widths = zip(values, WIDTHS, strict=True)
    return max(-(-shown_width(str(value)) // int(width - 2)) or 1 for value, width in widths)


def reason_words(item: Missed) -> str:
    """Why somebody was not reached, as staff read it, and whether the organization knows all the same."""
    words = templates.plain(f"broadcasts.reason_{item.reason}")
    return templates.plain("broadcasts.reason_covered", reason=words) if item.covered else words
