"""A notice of quite another kind is filed through chat by data alone: villages ask for machines."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

import exports
import notices
from bot.clock import real_now
from registration import invites
from storage.scopes import Scope
from tests.conversations.sheets import saved
from tests.conversations.talking import SHANGHAI, Conversation, Town

PACKS = Path(__file__).parents[1] / "packs"
DOCUMENT = {"document": {"file_id": "d", "file_unique_id": "d", "file_name": "报价单.pdf"}}


@pytest.fixture
def catalog() -> notices.Catalog:
    return notices.load(PACKS)


@pytest.fixture
async def village(town: Town) -> Conversation:
    """The head of a village, registered with the village's own form."""
    town.clock.moment = datetime(2024, 3, 1, 10, 0, tzinfo=SHANGHAI)
    person = town.meet(1)
    await person.says("/start")
    await person.presses("同意")
    await person.presses("登记单位")
    assert "第 1/6 步\n村民委员会" in person.text
    await person.says("青石桥村村民委员会", "成都市金堂县", "312", "丘陵", "陈远", "13800138000")
    assert "全村户数\n312户" in person.text
    assert "地形\n丘陵" in person.text
    await person.presses("登记")
    return person


async def fill(person: Conversation, *words: str) -> None:
    await person.says("/file", *words)


async def test_a_condition_opens_and_closes_questions(village: Conversation) -> None:
    await fill(village, "拖拉机")
    assert "第 2/6 步\n需要日期" in village.text
    await village.presses("上一步")
    await village.presses("其他")
    assert "第 2/7 步\n机具名称" in village.text
    await village.says("插秧机", "2024-03-20", "2", "12万元", "自筹", "13800138000")
    assert "机具名称\n插秧机" in village.text
    assert "报价单" not in village.text
    await village.presses("改：农机类别", "收割机")
    assert "机具名称" not in village.text
    await village.presses("提交")
    assert "已提交" in village.text


async def test_a_file_is_asked_for_fetched_and_kept(town: Town, village: Conversation) -> None:
    await fill(village, "拖拉机", "2024-03-20", "2", "12万元", "补贴", "3万元")
    assert "报价单" in village.text
    await village.says("没带")
    assert "请发一个文件" in village.text
    town.sent_files["d"] = b"%PDF-1.7"
    await village.sends(**DOCUMENT)
    assert "✓ 报价单：报价单.pdf" in village.text
    await village.says("13800138000")
    assert "报价单\n报价单.pdf" in village.text
    await village.presses("提交")
    assert "已提交" in village.text


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(town: Town, village: Conversation) -> None:
    await fill(village, "拖拉机", "2024-03-20", "2", "12万元", "补贴", "3万元")
    await village.sends(**DOCUMENT)
    assert "没有取到" in village.text
    assert "报价单" in village.text
    await village.presses("跳过")
    assert "经办人电话" in village.text


async def test_what_was_filed_is_exported(town: Town, village: Conversation, tmp_path: Path) -> None:
    await fill(village, "拖拉机", "2024-03-20", "2", "12万元", "自筹", "13800138000")
    await village.presses("提交")
    notice = town.catalog.notices[0]
    out = tmp_path / "list.xlsx"
    async with town.database.snapshot() as session:
        scope = Scope("city", "510100")
        await exports.export(session, notice.table("list"), notice, scope, town.clock.now(), out)
    rows = [row for sheet in load_workbook(out) for row in sheet.iter_rows(values_only=True)]
    filed = next(row for row in rows if "青石桥村村民委员会" in row)
    assert filed[2] == "拖拉机"
    assert filed[5:7] == (2, 12)
    assert any("拖拉机小计" in str(row) for row in rows)


async def test_the_window_is_the_packs_own(town: Town, village: Conversation) -> None:
    town.clock.moment = datetime(2024, 3, 15, 18, 0, 1, tzinfo=SHANGHAI)
    await village.says("/file")
    assert "2024年3月15日 18:00:00 截止" in village.text


async def send(village: Conversation, town: Town, content: bytes) -> str:
    town.sent_files["t"] = content
    document = {"file_id": "t", "file_unique_id": "t", "file_name": "农机.xlsx", "file_size": len(content)}
    await village.sends(document=document)
    return village.text


async def template(village: Conversation, town: Town) -> Workbook:
    """The pack's own table, as it comes from the bot."""
    await village.says("/menu")
    await village.presses("用 Excel 批量填报", "下载模板")
    return load_workbook(await town.file_behind(village.last))


def write_rows(sheet: Worksheet, *rows: dict[str, object]) -> None:
    """Fills the first rows under the header, by the columns' names."""
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    labels = {"".join(str(cell.value).split()): cell.column for cell in header}
    for number, row in enumerate(rows, header[0].row + 1):
        for label, value in row.items():
            sheet.cell(number, labels[label]).value = value  # type: ignore[union-attr]


TRACTOR = {
    "农机类别": "铁牛",
    "需要日期": datetime(2024, 3, 20),
    "台数": 2,
    "金额（万元）": "12万",
    "资金来源": "自筹",
    "经办人电话": 13800138000,
}
PLANTER = {
    "农机类别": "其他",
    "机具名称": "插秧机",
    "需要日期": "3月25日",
    "台数": "3台",
    "金额（万元）": 80000,
    "资金来源": "补贴",
    "申请补贴金额": "1万元",
    "经办人电话": "028-88888888",
}


async def test_the_packs_own_table_is_filled_in_and_filed(town: Town, village: Conversation) -> None:
    book = await template(village, town)
    write_rows(book.worksheets[0], TRACTOR, PLANTER | {"需要日期": "2024年3月25日", "金额（万元）": 8})
    text = await send(village, town, saved(book))
    assert "读到 2 个新" in text
    assert "金额（万元）：20万元" in text
    await village.presses("确认导入 2 个")
    assert "已提交 2 个" in village.text
    assert "已经报过" in await send(village, town, saved(book))


async def test_conditions_hold_in_a_table_too(town: Town, village: Conversation) -> None:
    book = await template(village, town)
    unnamed = PLANTER | {"需要日期": "2024-03-25", "机具名称": None, "申请补贴金额": None}
    write_rows(book.worksheets[0], TRACTOR | {"申请补贴金额": "3万元"}, unnamed, TRACTOR | {"台数": 0})
    await send(village, town, saved(book))
    said = village.messages[village.last.id - 1].text
    assert "3 处要改（2 行）" in said
    assert "机具名称：这一格是空的" in said
    assert "申请补贴金额：这一格是空的" in said
    assert "台数：" in said


@pytest.mark.parametrize("act", ["overview", "filings", "missing", "build"])
async def test_staff_of_another_province_reach_nothing_of_it(town: Town, act: str) -> None:
    async with town.database.transaction() as session:
        code = await invites.issue(session, Scope("province", "320000"), hours=1, wall=real_now())
    stranger = town.meet(2)
    await stranger.says(f"/start {code}")
    await stranger.forges(f"s:{act}:lx:320000:0:0:0")
    assert stranger.toasts[-1] == "没有找到这一条，或者它不归您管。"
    assert "附件" not in stranger.text
