"""Sheets of an uploaded workbook as rows of values. Call it in a process of its own: the file is hostile.

calamine reads about sixteen times faster than openpyxl and does not trust the sheet's own word on its extent.
It shows an error value, and a formula that was never computed, as an empty cell; so those are looked up in
the sheet's XML and told apart from blanks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from workbooks.failures import find_failures
from workbooks.packages import STANDARD, Limits, Unreadable, check_package

CellValue = str | int | float | bool | date | datetime | time | timedelta
Range = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cells:
    """One visible sheet; rows and columns count from 0, blank cells are "".

    `merges` are (first row, first column, last row, last column), ends included. `failures` are cells
    that look blank and are not: a formula without a value (""), or an error value (#REF!) by its text.
    """

    title: str
    rows: list[list[CellValue]]
    merges: tuple[Range, ...] = ()
    failures: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_sheets(path: Path, limits: Limits = STANDARD) -> Iterator[Cells]:
    """The visible sheets that hold anything; raises Unreadable before or while reading."""
    suspects = check_package(path, limits)
    try:
        with calamine.load_workbook(path) as workbook:
            sheets = [
                sheet
                for sheet in workbook.sheets_metadata
                if sheet.visible == calamine.SheetVisibleEnum.Visible
                and sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            if len(sheets) > limits.sheets:
                raise Unreadable("too_many_sheets", limit=limits.sheets)
            failures = find_failures(path, suspects)
            for sheet in sheets:
                cells = _read(workbook.get_sheet_by_name(sheet.name), failures.get(sheet.name, {}), limits)
                if cells.rows:
                    yield cells
    except calamine.PasswordError as error:
        raise Unreadable("encrypted") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Unreadable("damaged") from error


def _read(sheet: calamine.CalamineSheet, failures: Mapping[tuple[int, int], str], limits: Limits) -> Cells:
    if sheet.total_width > limits.columns and sheet.start:
        raise Unreadable("too_many_columns", sheet=sheet.name, limit=limits.columns)
    if sheet.height > limits.rows:
        raise Unreadable("too_many_rows", sheet=sheet.name, limit=limits.rows)
    top, left = sheet.start or (0, 0)
    rows: list[list[CellValue]] = sheet.to_python(skip_empty_area=True)
    if left:
        rows = [[""] * left + row for row in rows]
    if top:
        # A table that begins far down is not filled up with a million blank rows.
        rows = [[] for _ in range(top)] + rows if top <= limits.rows else _refuse_rows(sheet, limits)
    merges = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Cells(sheet.name, rows, merges, failures)


def _refuse_rows(sheet: calamine.CalamineSheet, limits: Limits) -> list[list[CellValue]]:
    raise Unreadable("too_many_rows", sheet=sheet.name, limit=limits.rows)
