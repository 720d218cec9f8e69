"""What was filed, as the notice's own detail table, for the organization to print and seal."""

from datetime import datetime

import openpyxl

from tests.conversations.talking import SHANGHAI, Conversation, Town
from tests.conversations.walks import Facts, Project, file, register

NAME = "徐州市青禾志愿者协会"


async def rows_of(town: Town, contact: Conversation) -> list[list[object]]:
    sheet = openpyxl.load_workbook(await town.file_behind(contact.last)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


async def test_a_contact_prints_what_was_filed(town: Town, contact: Conversation) -> None:
    other = town.meet(77)
    await register(other, Facts(name="徐州市云龙助老协会"))
    await file(other, Project(name="别家的项目"))
    await register(contact)
    await contact.says("/mine")
    assert "导出我单位的明细表" not in contact.buttons
    await file(contact)
    await file(contact, Project(name="孤寡老人慰问"))
    await contact.says("/file", "睢宁县", "没提交的项目", "/mine")
    await contact.presses("导出我单位的明细表")
    assert "可以盖章" in contact.text
    rows = await rows_of(town, contact)
    assert [row[0] for row in rows[2:5]] == [f"单位（盖章）：{NAME}", "联系人：李明", "电话：13800138000"]
    assert [(row[0], row[2], row[4]) for row in rows[6:8]] == [
        (NAME, "困难学生助学", 12.5),
        (NAME, "孤寡老人慰问", 12.5),
    ]
    assert str(rows[8][0]).startswith("备注")
    assert len(rows) == 9


async def test_it_can_be_printed_after_the_deadline(town: Town, contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    town.clock.moment = datetime(2021, 10, 25, 9, tzinfo=SHANGHAI)
    await contact.says("导出明细表")
    await contact.presses(NAME)
    assert "可以盖章" in contact.text
    assert (await rows_of(town, contact))[6][2] == "困难学生助学"


async def test_nobody_prints_for_another_organization(town: Town, contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    data = contact.last.buttons["导出我单位的明细表"]
    stranger = town.meet(77)
    await register(stranger, Facts(name="徐州市云龙助老协会"))
    await stranger.forges(data)
    assert "不归您管" in stranger.text
    assert not stranger.last.file
