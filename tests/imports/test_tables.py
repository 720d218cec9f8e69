"""Tables as people make them, and what is read from them."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
import notices
from forms.model import Context
from imports.cells import CellReader, as_text
from imports.tables import read_workbook
from imports.task import Outcome, Task
from tests.conversations.sheets import HEADER, OWN, line, saved, workbook
from tests.imports.test_hostile_files import in_sheet, rewritten

Read = Callable[[bytes], Outcome]
PLAIN = ("帮扶地区", "项目名称", "项目性质", "投入资金", "投入人员数", "受益人数")
ROW = ["睢宁县", "冬衣到校", "助学", "12.5万", 20, 300]


@pytest.fixture
def read(task: Task, tmp_path: Path) -> Read:
    def run(content: bytes) -> Outcome:
        path = tmp_path / "table.xlsx"
        path.write_bytes(content)
        return read_workbook(path, task)

    return run


def values(outcome: Outcome) -> list[dict[str, Any]]:
    assert not outcome.faults, outcome.faults
    assert not outcome.unreadable, outcome
    return [{name: row["value"] for name, row in item.answers.items()} for item in outcome.proposals]


WANTED = {
    "region": "320324",
    "project_name": "冬衣到校",
    "nature": "education",
    "invested": 12_500_000,
    "people": 20,
    "beneficiaries": 300,
}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (PLAIN, ROW),
        (tuple(reversed(PLAIN)), list(reversed(ROW))),
        (("序号", *PLAIN, "备注"), [1, *ROW, "无"]),
        (("帮扶地点", "项目", "类别", "投入金额", "参与人数", "受益群众"), ROW),
        (
            (
                "帮 扶 地 区",
                "项目名称（全称）",
                "项目性质(八选一)",
                "资金（万元）",
                "投入人员（人）",
                "受益人数（人）",
            ),
            ROW,
        ),
        (
            ("受助地区", "活动名称", "项目类型", "投入资金（元）", "志愿者人数", "惠及人数"),
            [*ROW[:3], 125000, 20, 300],
        ),
        (("实施地区", "实施项目名称", "项目性质", "投入资金额", "投入人员数量", "受益人数量"), ROW),
        ((OWN, *PLAIN), [None, *ROW]),
    ],
)
def test_headers_are_recognized(read: Read, header: Sequence[str], row: list[Any]) -> None:
    assert values(read(workbook([row], header))) == [WANTED]


def test_a_row_that_says_who_filled_the_table_in_is_no_project(read: Read) -> None:
    footers = [
        ["填表人：李明", None, None, None, "审核：王芳", None],
        ["填表人：", "李明", "审核：", None, None, None],
        [None, "单位负责人:王芳", None, None, None, "2021年6月30日"],
    ]
    outcome = read(workbook([ROW, *footers], PLAIN))
    assert values(outcome) == [WANTED]
    assert outcome.passed == (("Sheet", 3), ("Sheet", 4), ("Sheet", 5))


def test_a_project_is_one_however_its_first_cell_begins(read: Read) -> None:
    outcome = read(workbook([["单位:所在地睢宁县", *ROW[1:]]], PLAIN))
    assert outcome.passed == ()
    assert len(outcome.proposals) + len(outcome.faults) == 1


def test_the_faults_of_a_row_are_told_from_left_to_right(read: Read) -> None:
    outcome = read(workbook([[300, "不少", "很多", "都有", "冬衣", ""]], tuple(reversed(PLAIN))))
    assert [fault.column for fault in outcome.faults] == [2, 3, 4, 6]


def test_title_rows_blank_rows_sums_and_notes_are_no_projects(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["附件 2"],
        ["2021年社会组织开展乡村振兴项目明细表"],
        [f"单位（盖章）：{OWN}"],
        ["联系人：李明　电话：13800138000"],
        list(HEADER),
        line(1),
        [],
        ["一、教育类"],
        line(2),
        list(HEADER),
        line(3),
        ["小计", None, None, None, 37.5, 60, 900],
        ["合计", None, None, None, 37.5, 60, 900],
        ["备注：本表由各社会组织填报。"],
        ["填表人：李明"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A2:G2")
    sheet.merge_cells("A14:G14")
    outcome = read(saved(book))
    assert [row["project_name"] for row in values(outcome)] == ["第1期助学", "第2期助学", "第3期助学"]
    assert [row for _, row in outcome.passed] == [8, 10, 12, 13, 14, 15]


def test_a_place_may_stand_in_three_columns_under_one_heading(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["项目名称", "帮扶地区", None, None, "项目性质", "投入资金（万元）", "投入人员数", "受益人数"]
    )
    sheet.append([None, "省", "市", "县（市、区）"])
    sheet.append(["冬衣到校", "江苏省", "徐州市", "睢宁县", "助学", 12.5, 20, 300])
    sheet.merge_cells("B1:D1")
    for column in "AEFGH":
        sheet.merge_cells(f"{column}1:{column}2")
    assert values(read(saved(book))) == [WANTED]


def test_several_sheets_are_read_and_others_named(read: Read) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, name in (("教育类", "甲项目"), ("产业类", "乙项目")):
        sheet = book.create_sheet(title)
        sheet.append(list(PLAIN))
        sheet.append([ROW[0], name, *ROW[2:]])
    book.create_sheet("通讯录").append(["姓名", "电话"])
    hidden = book.create_sheet("旧表")
    hidden.append(list(PLAIN))
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    outcome = read(saved(book))
    assert [row["project_name"] for row in values(outcome)] == ["甲项目", "乙项目"]
    assert (outcome.sheets, outcome.skipped) == (("教育类", "产业类"), ("通讯录",))


def test_merged_cells_speak_for_their_rows_but_numbers_do_not(read: Read) -> None:
    rows = [[ROW[0], f"项目{n}号", *ROW[2:]] for n in range(3)]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows, PLAIN)))
    sheet = book.worksheets[0]
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C2:C3")
    assert [row["region"] for row in values(read(saved(book)))] == ["320324"] * 3
    sheet.merge_cells("D2:D3")
    faults = read(saved(book)).faults
    assert [(fault.row, fault.column, fault.text) for fault in faults] == [
        (2, 4, "uploads.merged_number"),
        (3, 4, "uploads.merged_number"),
    ]


def test_a_project_over_several_merged_rows_is_one(read: Read) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([ROW, [None] * 6], PLAIN)))
    for column in "ABCDEF":
        book.worksheets[0].merge_cells(f"{column}2:{column}3")
    assert values(read(saved(book))) == [WANTED]


def test_same_as_above_repeats_the_cell_above(read: Read) -> None:
    rows = [ROW, ["同上", "项目二号", "〃", "同上", 20, 300]]
    second = values(read(workbook(rows, PLAIN)))[1]
    assert second == {**WANTED, "project_name": "项目二号"}
    faults = read(workbook([["同上", *ROW[1:]]], PLAIN)).faults
    assert [fault.text for fault in faults] == ["uploads.nothing_above"]


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("E", "=1+1", "uploads.formula"),
        ("E", "#REF!", "uploads.error_value"),
        ("E", date(2021, 3, 1), "uploads.date_not_number"),
        ("E", -5, "complaints.negative"),
        ("E", "美元3万", "complaints.foreign_currency"),
        ("E", "10到20万", "uploads.unsure"),
        ("F", 12.5, "complaints.not_whole"),
        ("F", "30户", "complaints.households_only"),
        ("B", "鼓楼区", "uploads.unsure"),
        ("D", "多种", None),
        ("C", "字" * 120, "complaints.constraint"),
        ("C", 123456789012345678, "uploads.number_code"),
        ("A", "南京市别家协会", "uploads.other_organization"),
        ("G", None, "uploads.blank"),
    ],
)
def test_what_is_wrong_names_its_cell(read: Read, column: str, cell: Any, text: str | None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([line(1), line(2), line(3)])))
    book.worksheets[0][f"{column}3"] = cell
    if cell == "#REF!":
        book.worksheets[0][f"{column}3"].data_type = "e"
    outcome = read(saved(book))
    assert [(fault.row, fault.column) for fault in outcome.faults] == [(3, ord(column) - 64)]
    assert text is None or outcome.faults[0].text == text
    assert len(outcome.proposals) == 2


def test_a_formula_that_was_computed_counts_as_its_result(read: Read) -> None:
    content = workbook([line(1)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0]["E2"] = "=12+0.5"
    computed = rewritten(saved(book), in_sheet(b"<f>12+0.5</f><v />", b"<f>12+0.5</f><v>12.5</v>"))
    assert values(read(computed))[0]["invested"] == 12_500_000


def test_a_code_stored_as_a_number_is_refused_with_advice(read: Read) -> None:
    header = ("统一社会信用代码", *PLAIN)
    faults = read(workbook([[523203005123455000, *ROW]], header)).faults
    assert [(fault.column, fault.text) for fault in faults] == [(1, "uploads.number_code")]


def test_missing_columns_and_missing_headers_are_named(read: Read) -> None:
    outcome = read(workbook([ROW[:-1]], PLAIN[:-1]))
    assert outcome.unreadable == "uploads.columns_missing"
    assert outcome.params == {"sheet": "Sheet", "labels": ["受益人数"]}
    assert read(workbook([["a", "b"]], ("姓名", "电话"))).unreadable == "uploads.no_header"
    assert read(workbook([], PLAIN)).unreadable == "uploads.no_rows"


def test_ten_thousand_rows_five_bad_name_all_five(read: Read) -> None:
    bad = {17: "people", 2500: "invested", 5000: "region", 7777: "nature", 9999: "beneficiaries"}
    rows = [line(n, **({bad[n]: "天晓得"} if n in bad else {})) for n in range(1, 10_001)]
    outcome = read(workbook(rows))
    assert [fault.row for fault in outcome.faults] == [number + 1 for number in bad]
    assert len({fault.column for fault in outcome.faults}) == 5
    assert len(outcome.proposals) == 9_995


FORM = notices.load().notice("jiangsu-2021").form("annex2")
CONTEXT = Context(today=date(2021, 10, 11))


@given(
    st.sampled_from(["invested", "people", "project_name"]),
    st.one_of(
        st.integers(-10, 10**7),
        st.decimals(0, 5000, places=4).map(float),
        st.floats(0, 2000, allow_nan=False),
        st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip),
        st.text("助学 项目甲乙1（）·", min_size=1, max_size=12).filter(str.strip),
    ),
)
@settings(max_examples=400, deadline=None)
def test_short_cuts_read_as_the_fields_themselves_do(name: str, cell: Any) -> None:
    field = FORM.field(name)
    reading = CellReader(field, CONTEXT).read(cell)
    if reading.text.startswith("uploads.") or (reading.answer is None and not reading.text):
        return
    expected = forms.read(field, as_text(cell), CONTEXT)
    if reading.answer is None:
        assert expected.complaint is not None
        assert reading.text == f"complaints.{expected.complaint.code}"
    else:
        assert expected.answer is not None
        assert reading.answer == expected.answer.as_json()
