"""Cells in and out: the only room that knows Excel."""

from workbooks.marking import Mark, mark
from workbooks.packages import STANDARD, Limits, Unreadable
from workbooks.reading import Cells, CellValue, read_sheets
from workbooks.sheets import Choices, Merge, Row, Sheet, Style, Value, Workbook
from workbooks.text import shown_width
from workbooks.writing import write

__all__ = [
    "STANDARD",
    "CellValue",
    "Cells",
    "Choices",
    "Limits",
    "Mark",
    "Merge",
    "Row",
    "Sheet",
    "Style",
    "Unreadable",
    "Value",
    "Workbook",
    "mark",
    "read_sheets",
    "shown_width",
    "write",
]
