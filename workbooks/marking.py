"""The same workbook given back with faulty cells coloured and a comment on each that says what is wrong.

Call it in a process of its own, on a file that has passed `check_package`: openpyxl holds it as a whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.text import shown_width

_NO_FILL = PatternFill()
_LINE = 34
_LINE_PIXELS = 22


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong with a cell; rows and columns count from 1, `fill` is RRGGBB."""

    sheet: str
    row: int
    column: int
    text: str
    fill: str


def mark(source: Path, marks: Iterable[Mark], target: Path, author: str) -> None:
    """Write `source` with its marks to `target`; marks of an earlier round by `author` are taken off.

    Several marks of one cell share its comment. Raises what openpyxl raises for a workbook it cannot hold.
    """
    workbook = openpyxl.load_workbook(source)
    for sheet in workbook.worksheets:
        _clear(sheet, author)
    noted: dict[Cell, list[str]] = {}
    for item in marks:
        cell = _cell(workbook[item.sheet], item.row, item.column)
        cell.fill = PatternFill("solid", start_color=item.fill)
        texts = noted.setdefault(cell, [])
        if item.text not in texts:
            texts.append(item.text)
    for cell, texts in noted.items():
        cell.comment = _comment("\n".join(texts), author)
    workbook.save(target)


def _clear(sheet: Worksheet, author: str) -> None:
    # Looked up among the cells that exist: asking for others would make them.
    for cell in list(sheet._cells.values()):
        if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == author:
            cell.comment, cell.fill = None, _NO_FILL


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, or the one that is shown in its place where cells are merged."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if cell.coordinate in area:
                cell = sheet.cell(area.min_row, area.min_col)
                break
    assert isinstance(cell, Cell)
    return cell


def _comment(text: str, author: str) -> Comment:
    comment = Comment(text, author)
    lines = sum(-(-shown_width(line) // _LINE) or 1 for line in text.split("\n"))
    comment.width, comment.height = 280, 18 + _LINE_PIXELS * lines
    return comment
