"""What was written, as openpyxl, calamine and the XML itself see it."""

import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from workbooks import Merge, Row, Sheet, Style, Value, Workbook, write
from workbooks.text import LONGEST, could_be_formula
from workbooks.writing import TooManyRows, as_sheet_title

NOW = datetime(2021, 10, 11, 1, tzinfo=UTC)
PLAIN = Style()


def written(path: Path, *sheets: Sheet) -> Path:
    write(Workbook(sheets, created=NOW, title="表"), path)
    return path


def one_column(*values: Value) -> Sheet:
    return Sheet("表", [Row((value,), (PLAIN,)) for value in values], [20])


def opened(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 13800138000",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "  =cmd|'/c calc'!A1",
        "\u200b=1",
        '\ufeff\u3000=HYPERLINK("http://x")',
        "|calc",
    ],
)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "f.xlsx", one_column(text))
    cell = opened(path)["A1"]
    assert cell.data_type != "f"
    assert cell.value == text.replace("\r", "\n")
    assert cell.quotePrefix, "a program that lets the cell be edited must not read it as a formula"
    assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["助学", "5-6月", "a=b", " 前有空格", "\u200b零宽", "(=1)", ""])
def test_plain_text_is_left_plain(text: str) -> None:
    assert not could_be_formula(text)


@pytest.mark.parametrize(
    ("number", "shown", "number_format"),
    [
        (0, 0, "0"),
        (300, 300, "0"),
        (Decimal("496.6"), 496.6, "0.0"),
        (Decimal("0.180933"), 0.180933, "0.000000"),
        (Decimal("0.000001"), 0.000001, "0.000000"),
        (Decimal("2883.860000"), 2883.86, "0.00"),
        (Decimal("1E+3"), 1000, "0"),
        (12.5, 12.5, "0.0"),
        (Decimal("12345678.901234"), 12345678.901234, "0.000000"),
        (-3, -3, "0"),
    ],
)
def test_numbers_are_numbers_and_show_their_own_digits(
    tmp_path: Path, number: Value, shown: float, number_format: str
) -> None:
    cell = opened(written(tmp_path / "n.xlsx", one_column(number)))["A1"]
    assert cell.data_type == "n"
    assert cell.value == shown
    assert cell.number_format == number_format


@pytest.mark.parametrize("number", [10**15, 123456789012345678, float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_a_cell_cannot_hold_is_kept_as_text(tmp_path: Path, number: Value) -> None:
    cell = opened(written(tmp_path / "n.xlsx", one_column(number)))["A1"]
    assert (cell.data_type, cell.value.lower()) == ("s", str(number).lower())


def test_a_day_is_a_day(tmp_path: Path) -> None:
    cell = opened(written(tmp_path / "d.xlsx", one_column(date(2024, 2, 29))))["A1"]
    assert cell.value == datetime(2024, 2, 29)
    assert cell.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("一\ud800二", "一\ufffd二"),
        ("一\uffff二", "一\ufffd二"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("<b>&amp;\"'", "<b>&amp;\"'"),
        ("_x0041_", "_x0041_"),
        ("👨‍👩‍👧 家庭", "👨‍👩‍👧 家庭"),
        ("\u202e倒过来", "\u202e倒过来"),
        ("  两端空格  ", "  两端空格  "),
    ],
)
def test_text_that_xml_cannot_carry_is_cleaned_and_the_rest_is_kept(
    tmp_path: Path, text: str, kept: str
) -> None:
    path = written(tmp_path / "t.xlsx", one_column(text))
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() == [[kept]]


@pytest.mark.parametrize("text", ["长" * 40_000, "👍" * 20_000])
def test_text_too_long_for_a_cell_is_cut_visibly(tmp_path: Path, text: str) -> None:
    value = opened(written(tmp_path / "l.xlsx", one_column(text)))["A1"].value
    assert value.endswith("…")
    assert LONGEST - 2 <= len(value.encode("utf-16-le")) // 2 <= LONGEST


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text_leaves_a_workbook_that_opens(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.getbasetemp() / "any.xlsx", one_column(text, "后面"))
    rows: list[list[Any]] = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[-1] == ["后面"]
    assert opened(path)["A1"].data_type != "f"


def test_the_sheet_is_laid_out_for_a4(tmp_path: Path) -> None:
    sheet = Sheet(
        "表[1]",
        [Row(("标题", None), (Style(bold=True),) * 2, 30), Row(("甲", 1), (Style(border=True),) * 2)],
        [12, 8],
        merges=[Merge(1, 1, 1, 2)],
        repeat=(1, 1),
        freeze=2,
        filter_row=1,
        footer="第 &P 页 共 &N 页",
    )
    read = opened(written(tmp_path / "a.xlsx", sheet))
    assert read.title == "表_1_"
    assert [str(area) for area in read.merged_cells.ranges] == ["A1:B1"]
    assert (read.page_setup.paperSize, read.page_setup.orientation) == (9, "landscape")
    assert (read.page_setup.fitToWidth, read.page_setup.fitToHeight) == (1, 0)
    assert read.print_title_rows == "$1:$1"
    assert read.freeze_panes == "A2"
    assert read.auto_filter.ref == "A1:B2"
    assert read.HeaderFooter.oddFooter
    assert read.HeaderFooter.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert read.row_dimensions[1].height == 30
    assert read["A1"].font.bold
    assert read["A2"].border.left.style == "thin"
    assert read["A1"].border.left is None


def test_sheets_keep_their_order_whichever_is_read_first(tmp_path: Path) -> None:
    read: list[str] = []

    def rows(name: str) -> Iterator[Row]:
        read.append(name)
        yield Row((name,), (PLAIN,))

    path = written(
        tmp_path / "s.xlsx", Sheet("先", rows("先"), [9], turn=1), Sheet("后", rows("后"), [9], turn=0)
    )
    assert read == ["后", "先"]
    book = openpyxl.load_workbook(path)
    assert [(sheet.title, sheet["A1"].value) for sheet in book.worksheets] == [("先", "先"), ("后", "后")]


def test_no_row_is_lost_and_memory_stays_flat(tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[Row]:
        return (Row((f"第{number}条", number), (PLAIN, PLAIN)) for number in range(count))

    written(tmp_path / "warm.xlsx", Sheet("表", rows(10), [20, 9]))
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        path = written(tmp_path / f"{count}.xlsx", Sheet("表", rows(count), [20, 9]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
    read = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert (len(read), read[-1]) == (20_000, ["第19999条", 19999])
    # A stated extent that is untrue would make openpyxl's read-only mode drop rows.
    assert not re.search(rb"<dimension", zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml"))


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.writing._ROWS", 3)
    with pytest.raises(TooManyRows):
        written(tmp_path / "m.xlsx", one_column(1, 2, 3, 4))


@pytest.mark.parametrize(("title", "kept"), [("a/b:c", "a_b_c"), ("长" * 40, "长" * 31), ("", "Sheet")])
def test_a_sheet_s_title_is_made_valid(title: str, kept: str) -> None:
    assert as_sheet_title(title) == kept
