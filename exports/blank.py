"""A notice's detail table without rows, for an organization to fill in: its own name, lists, notes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import templates
from exports.frame import Letterhead, footer, head_length, head_merges, head_rows, lines_of, note_rows
from exports.looks import CENTERED, HEADER, LINE, LINE_HEIGHT, NUMBER, TEXT, TITLE
from forms.model import Field, Form
from notices.tables import Column, DetailTable
from workbooks import Choices, Merge, Row, Sheet, Style, Workbook, write

ROWS = 40
"""Rows made ready; more may be written below them."""

_HELPED_ROWS = 2_000
_TYPED = Style(font="宋体", size=11, border=True, wrap=True, text=True)
_OWN = Style(font="宋体", size=11, border=True, wrap=True, fill="F2F2F2")
_WIDTHS = (22.0, 46.0, 34.0, 40.0)
_NUMBERS = ("money", "count")


def build_blank(table: DetailTable, form: Form, owner: Letterhead, now: datetime, path: Path) -> None:
    """Write the table with `owner`'s name in its rows to `path` (.xlsx), and notes on each field."""
    sheets = [_table(table, form, owner), _notes(table, form)]
    write(Workbook(sheets, title=table.title, created=now), path)


def blank_name(table: DetailTable, owner: Letterhead) -> str:
    """What people see the file called."""
    return templates.plain("uploads.template_name", table=table.short_title, name=owner.unit)


def _columns(table: DetailTable, form: Form) -> list[Column]:
    """The table's columns, and one for each required field the table does not print."""
    named = {column.field for column in table.columns}
    more = [
        Column(label=field.label, field=field.name, width=16)
        for field in form.fields
        if field.required and field.name not in named and field.type != "file"
    ]
    return [*table.columns, *more]


def _table(table: DetailTable, form: Form, owner: Letterhead) -> Sheet:
    columns = _columns(table, form)
    header = head_length(table) + 1
    widths = [column.width for column in columns]
    sheet = Sheet(
        table.short_title,
        (),
        widths,
        merges=head_merges(table, len(columns)),
        repeat=(header, header),
        freeze=header + 1,
        orientation=table.page.orientation,
        footer=footer(table),
        choices=list(_help(columns, form, header + 1)),
    )
    notes = header + ROWS
    sheet.merges += [Merge(notes + n, 1, notes + n, len(columns)) for n in range(1, len(table.notes) + 1)]
    sheet.rows = _table_rows(table, form, owner, columns, widths)
    return sheet


def _table_rows(
    table: DetailTable, form: Form, owner: Letterhead, columns: list[Column], widths: list[float]
) -> Iterator[Row]:
    yield from head_rows(table, table.title, owner, len(columns))
    labels = [column.label for column in columns]
    lines = max(lines_of(label, width) for label, width in zip(labels, widths, strict=True))
    yield Row(labels, (HEADER,) * len(columns), LINE_HEIGHT * lines + 8)
    styles = tuple(_style(column, form) for column in columns)
    for number in range(1, ROWS + 1):
        values = [_filled(column, owner, number) for column in columns]
        yield Row(values, styles, LINE_HEIGHT * lines_of(owner.unit, widths[0]) + 9)
    yield from note_rows(table, widths)


def _filled(column: Column, owner: Letterhead, number: int) -> str | int | None:
    if column.organization == "name":
        return owner.unit
    return number if column.filing == "number" else None


def _style(column: Column, form: Form) -> Style:
    if column.organization:
        return _OWN
    kind = form.field(column.field).type if column.field else ""
    if kind in _NUMBERS:
        return NUMBER
    return CENTERED if kind == "choice" or column.filing else _TYPED


def _help(columns: list[Column], form: Form, first: int) -> Iterator[Choices]:
    for place, column in enumerate(columns, 1):
        if column.field:
            field = form.field(column.field)
            options = [choice.label for choice in field.choices]
            title = "".join(field.label.split())
            yield Choices(place, first, first + _HELPED_ROWS, title, _hint(field), options)


def _hint(field: Field) -> str:
    return templates.plain("uploads.cell_help", hint=field.hint, example=field.example)


def _notes(table: DetailTable, form: Form) -> Sheet:
    """The sheet that says of each field what belongs into it."""
    sheet = Sheet(
        templates.plain("uploads.notes_title"),
        (),
        _WIDTHS,
        orientation="landscape",
        merges=[Merge(1, 1, 1, 4)],
    )
    sheet.rows = _note_rows(table, form, sheet)
    return sheet


def _note_rows(table: DetailTable, form: Form, sheet: Sheet) -> Iterator[Row]:
    yield Row((templates.plain("uploads.notes_title"), None, None, None), (TITLE,) * 4, 36)
    for number, line in enumerate(
        templates.plain("uploads.notes_lines", title=table.short_title).splitlines(), 2
    ):
        sheet.merges.append(Merge(number, 1, number, 4))
        yield Row((line, None, None, None), (LINE,) * 4, 21)
    heads = templates.plain("uploads.notes_columns").split("|")
    yield Row(heads, (HEADER,) * 4, 24)
    for field in form.fields:
        options = "、".join(choice.label for choice in field.choices)
        values = (
            "".join(field.label.split()),
            templates.plain("uploads.note_what", hint=field.hint, options=options),
            field.example,
            field.guidance,
        )
        lines = max(lines_of(text, width) for text, width in zip(values, _WIDTHS, strict=True))
        yield Row(values, (TEXT,) * 4, LINE_HEIGHT * lines + 9)
