"""Organizations registered in another province: asked, listed and reminded from when they begin a filing."""

import pytest
from openpyxl import load_workbook

from storage.scopes import Scope
from tests.conversations.many import hand_out, hear, pass_to, tick
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff, states
from tests.conversations.walks import Facts, Project, file, register

SHANGHAI_FOUNDATION = Facts(name="上海市丁基金会", type="基金会", home="上海市", level="省级")


@pytest.fixture
async def guest(town: Town) -> Conversation:
    person = town.meet(1, "丁明")
    await register(person, SHANGHAI_FOUNDATION)
    return person


@pytest.fixture
async def province(town: Town) -> Conversation:
    return await join_staff(town, 9, Scope("province", "320000"))


async def test_who_only_registered_is_not_asked(
    town: Town, guest: Conversation, province: Conversation
) -> None:
    await pass_to(town, day=13, hour=9, minute=40)
    assert "已登记" in guest.text
    await guest.says("/deadlines")
    assert "没有要填报的" in guest.text
    await province.says("/staff")
    await province.presses("尚未填报")
    assert "上海市丁基金会" not in province.text


async def test_who_began_is_reminded_and_stands_on_the_province_s_list(
    town: Town, guest: Conversation, province: Conversation
) -> None:
    await guest.says("/file", "丰县")
    await pass_to(town, day=13, hour=9, minute=40)
    assert "上海市丁基金会：草稿还差 5 项" in guest.text
    assert guest.buttons == ["接着填：上海市丁基金会", "不再提醒这份通知"]
    await province.says("/staff")
    assert "外省登记：0/1 家" in province.text
    await province.presses("尚未填报")
    assert "上海市丁基金会（李明 13800138000）" in province.text
    await province.presses("催报")
    assert "尚未填报 1 家" in province.text
    await pass_to(town, day=21, hour=9)
    assert guest.text.startswith("已截止")


async def test_staff_figures_in_letters_are_those_of_the_desk(
    town: Town, guest: Conversation, province: Conversation
) -> None:
    await guest.says("/file", "丰县")
    await pass_to(town, day=13, hour=8, minute=45)
    assert "江苏省：登记 1 家，已填报 0 家，未填报 1 家" in province.text


async def test_who_withdrew_owes_again_and_who_put_the_draft_away_does_not(
    town: Town, guest: Conversation
) -> None:
    await file(guest)
    await guest.says("/mine")
    await guest.presses("困难学生助学", "撤回", "确定撤回")
    await pass_to(town, day=17, hour=9)
    assert "还有 3 天" in guest.text
    assert "上海市丁基金会：还没有填报" in guest.text


async def test_a_draft_put_away_ends_it(town: Town, guest: Conversation) -> None:
    await guest.says("/file", "丰县")
    await guest.says("放弃")
    await guest.presses("确定放弃")
    await pass_to(town, day=17, hour=9, minute=40)
    assert await states(town) == {}


async def test_the_province_s_staff_hear_of_the_filing_and_of_who_was_not_reached(
    town: Town, guest: Conversation, province: Conversation
) -> None:
    nantong = await join_staff(town, 10, Scope("city", "320600"))
    await file(guest, Project(name="丰县助学"))
    await hear(town)
    assert "上海市丁基金会：丰县助学" in province.text
    assert "丰县助学" not in nantong.text
    await pass_to(town, day=17, hour=9)
    town.clock.moment = town.clock.moment.replace(hour=10)
    await tick(town)
    await hand_out(town, ending=lambda _item: "failed:gone")
    await tick(town)
    assert "1 位联系人没有收到" in province.text
    await province.presses("未送达名单")
    sheet = load_workbook(await town.file_behind(province.last)).worksheets[0]
    assert [cell.value for cell in sheet[2]][1:5] == ["上海市丁基金会", "上海市", "李明", "13800138000"]


async def test_a_person_of_two_provinces_is_told_only_of_what_the_notice_asks(
    town: Town, guest: Conversation
) -> None:
    await guest.says("/org")
    await guest.presses("登记另一家单位")
    await guest.says("徐州市甲协会")
    await guest.presses("跳过", "社会团体", "市级")
    await guest.says("徐州市", "李明", "13800138000")
    await guest.presses("登记")
    await pass_to(town, day=13, hour=9)
    assert "徐州市甲协会：还没有填报" in guest.text
    assert "上海市丁基金会" not in guest.text
