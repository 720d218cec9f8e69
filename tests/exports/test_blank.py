"""The template an organization fills in: the notice's table, its name, lists, notes."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl

import notices
from exports.blank import ROWS, build_blank
from exports.frame import Letterhead
from forms.model import Form
from imports.tables import read_workbook
from imports.tasks import table_for, task_for

NOW = datetime(2021, 10, 11, tzinfo=UTC)
OWNER = Letterhead("徐州市青禾志愿者协会", "李明", "13800138000")


def build(catalog: notices.Catalog, number: int, path: Path) -> tuple[Form, openpyxl.Workbook]:
    notice = [item for item in catalog.notices if item.forms][number]
    form = notice.forms[0]
    table = table_for(notice, form)
    assert table is not None
    build_blank(table, form, OWNER, NOW, path)
    return form, openpyxl.load_workbook(path)


def test_choices_are_plain_lists_and_every_field_has_its_note(tmp_path: Path) -> None:
    form, book = build(notices.load(), 0, tmp_path / "a.xlsx")
    sheet, notes = book.worksheets
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == [
        '"' + ",".join(choice.label for choice in form.field("nature").choices) + '"'
    ]
    text = "\n".join(str(cell.value) for row in notes.iter_rows() for cell in row if cell.value)
    for field in form.fields:
        assert "".join(field.label.split()) in text
        assert field.guidance in text
    owners = [row[0].value for row in sheet.iter_rows() if row[0].value == OWNER.unit]
    assert len(owners) == ROWS
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


def test_a_template_sent_back_blank_holds_no_project(tmp_path: Path) -> None:
    notice = notices.load().notice("jiangsu-2021")
    build(notices.load(), 0, tmp_path / "a.xlsx")
    task = task_for(notice, notice.form("annex2"), {"name": OWNER.unit}, NOW.date())
    assert read_workbook(tmp_path / "a.xlsx", task).unreadable == "uploads.no_rows"


def test_a_long_number_typed_into_a_text_column_stays_whole(tmp_path: Path) -> None:
    _, book = build(notices.load(), 0, tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[0].value == "社会组织名称")[0].row
    assert sheet.cell(header + 1, 3).number_format == "@"
