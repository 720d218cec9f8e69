"""Odd texts through the whole conversation and out into the workbook (faults 28, 45, 46, 47, 57)."""

import unicodedata
from pathlib import Path

import pytest
from openpyxl import load_workbook

import exports
from bot.cleaning import clean
from storage.scopes import Scope
from tests.conversations.conftest import catalog, town
from tests.conversations.talking import Town
from tests.conversations.walks import Facts, Project, file, register

__all__ = ["catalog", "town"]
# What is typed, and what is kept of it; None where it is all kept.
NAMES: list[tuple[str, str | None]] = [
    ("=1+1助学", None),
    ('＝HYPERLINK("x")助学', None),
    ("+cmd|' /C calc'!A0助学", None),
    ("-2+3助老", None),
    ("＠SUM(A1)助残", None),
    ("@SUM(A1)助残", None),
    ("\u200b=1慰问", None),
    ("{{7*7}}义诊", None),
    ("{{'a'*100000000}}义诊", None),
    ("<b>&_*[修路", None),
    ("</code><script>修桥", None),
    ("植\x00树\ud800送\uffff书", "植树送书"),
    ("\u202e倒过来的办厂", None),
    ("👨‍👩‍👧家庭养蜂", None),
]


async def test_28_45_46_47_57_what_is_typed_is_shown_and_exported_as_text(town: Town, tmp_path: Path) -> None:
    person = town.meet(1)
    await register(person, Facts(name="徐州{{7*7}}<b>&_*[协会"))
    for typed, expected in NAMES:
        await file(person, Project(name=clean(typed)))
        await person.says("/mine")
        assert bare(expected or typed) in bare(" ".join(person.buttons)), person.buttons
    path = tmp_path / "annex2.xlsx"
    notice = town.catalog.notice("jiangsu-2021")
    async with town.database.snapshot() as session:
        table = notice.table("annex2")
        await exports.export(session, table, notice, Scope("city", "320300"), town.clock.now(), path)
    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" for cell in cells)
    exported = {bare(cell.value) for cell in cells}
    for typed, expected in NAMES:
        assert bare(expected or typed) in exported, typed
    assert "徐州{{7*7}}<b>&_*[协会" in exported
    assert not any("49" in text for text in exported)


def bare(text: str) -> str:
    """Without what may be dropped: direction marks, zero widths and full-width forms are looks, not words."""
    kept = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in kept if unicodedata.category(sign) != "Cf").strip()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (0, "²"),
        (0, "NaN"),
        (0, "∞"),
        (0, "-0.5"),
        (1, "NaN"),
        (1, "-3"),
        (1, "1e999"),
        (1, "٣²"),
    ],
)
async def test_48_no_figure_is_made_of_what_is_none(town: Town, field: int, typed: str) -> None:
    """Fault 48: money (0) and people (1) are asked again, and nothing is stored."""
    person = town.meet(1)
    await register(person)
    await person.says("/file", "睢宁县", "困难学生助学", "教育帮扶", *["12.5万元"][:field], typed)
    assert f"第 {5 + field}/6 步" not in person.text
    await person.says("/mine")
    await person.presses("困难学生助学")
    assert "nan" not in person.text.lower()
    assert "∞" not in person.text


@pytest.mark.parametrize("typed", ["１２３", "１２.５万", "12.5万", "壹佰"])
async def test_48_other_digits_are_digits(town: Town, typed: str) -> None:
    person = town.meet(1)
    await register(person)
    await person.says("/file", "睢宁县", "困难学生助学", "教育帮扶", typed)
    assert "投入人员" in person.text or "元" in " ".join(person.buttons)
