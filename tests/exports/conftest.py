"""Filed rows to lay out, and a way to read what came out."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import exports
import notices
from notices.model import Notice
from storage.export_rows import FiledRow
from storage.scopes import Scope

NOW = datetime(2021, 10, 11, 1, tzinfo=UTC)
FILED_AT = datetime(2021, 10, 10, 17, tzinfo=UTC).timestamp()

MakeRow = Callable[..., FiledRow]
Laid = dict[str, list[list[Any]]]


@pytest.fixture(scope="session")
def jiangsu() -> Notice:
    return notices.load(notices.PUBLISHED / "jiangsu-2021").notices[0]


@pytest.fixture(scope="session")
def villages() -> Notice:
    return notices.load(Path(__file__).parents[1] / "packs/lingxi-2024").notices[0]


@pytest.fixture
def filed() -> MakeRow:
    """Makes a filed row; what is not said is ordinary."""
    numbers = count(1)

    def make(**said: Any) -> FiledRow:
        ordinary: dict[str, Any] = {
            "filing_id": next(numbers),
            "filed_at": FILED_AT,
            "name": "助学",
            "region": "320324",
            "nature": "education",
            "money": 1_000_000,
            "people": 1,
            "beneficiaries": 10,
            "answers": {},
            "organization_id": 1,
            "kind": "organization",
            "organization_name": "徐州市青禾志愿者协会",
            "credit_code": None,
            "type": "association",
            "level": "city",
            "home": "320300",
            "contact": "李明",
            "phone": "0516-80000000",
            "verified": False,
            "organization_answers": {},
        }
        return FiledRow(**{**ordinary, **said})

    return make


@pytest.fixture
def lay_out(tmp_path: Path) -> Callable[[Notice, str, Iterable[FiledRow], Scope], Laid]:
    """Builds a table and gives each sheet's cells."""

    def build(notice: Notice, table: str, rows: Iterable[FiledRow], scope: Scope) -> Laid:
        path = tmp_path / "table.xlsx"
        exports.build(notice.table(table), notice, rows, scope, NOW, path)
        return read(path)

    return build


def read(path: Path) -> Laid:
    """Each sheet's cells, row by row."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    }
