"""Workbooks as people make them, for tests to send."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

HEADER = (
    "社会组织名称",
    "帮扶地区\n(省/市/县)",
    "项目名称",
    "项目性质",
    "投入资金\n(万元)",
    "投入人员数",
    "受益人数",
)
OWN = "徐州市青禾志愿者协会"


def line(number: int, **changes: Any) -> list[Any]:
    """A row that is right."""
    row = {
        "own": OWN,
        "region": "江苏省/徐州市/睢宁县",
        "name": f"第{number}期助学",
        "nature": "教育帮扶",
        "invested": 12.5,
        "people": 20,
        "beneficiaries": 300,
    }
    return list((row | changes).values())


def workbook(rows: Sequence[Sequence[Any]], header: Sequence[Any] = HEADER) -> bytes:
    """One sheet: the header, then the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook's bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
