"""A broadcast on its way: progress, pause, stop, two staff at once, a rung sent by hand."""

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from storage.broadcasts import BroadcastRecipient
from storage.people import StaffRole
from storage.scopes import Scope
from tests.conversations.casts import HOMES, write_to_all
from tests.conversations.many import hand_out, pass_to, tick
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff


async def test_progress_is_edited_in_place_and_the_end_is_told(town: Town, clerk: Conversation) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    card = clerk.last.id
    await hand_out(town)
    heard = len(clerk.messages)
    await tick(town)
    assert "群发（已发完）" in clerk.messages[card].text
    assert "已发 2" in clerk.messages[card].text
    assert len(clerk.messages) == heard + 1
    assert clerk.text == "群发已发完：送达 2 位，没有漏掉的"


async def test_paused_nothing_leaves_resumed_the_rest_does_stopped_nothing_more(
    town: Town, clerk: Conversation
) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    assert await hand_out(town, limit=1) == 1
    await clerk.presses("暂停")
    assert "群发（已暂停）" in clerk.text
    assert await hand_out(town) == 0
    await clerk.presses("继续发")
    await clerk.presses("停止")
    assert "还有 1 位没发" in clerk.text
    await clerk.presses("确定停止")
    assert "群发（已停止）" in clerk.text
    assert "停止后没发 1" in clerk.text
    assert await hand_out(town) == 0
    await tick(town)
    assert clerk.messages[clerk.last.id - 1].text == "群发已停止：送达 1 位，没收到 1 位，名单马上发给您"
    sheet = load_workbook(await town.file_behind(clerk.last)).worksheets[0]
    assert [cell.value for cell in sheet[2]][1:] == [
        "睢宁县乙协会", "江苏省徐州市睢宁县", "李明", "13800138000", "停止发送，没有发",
    ]  # fmt: skip
    heard = len(clerk.messages)
    await tick(town)
    assert len(clerk.messages) == heard


async def test_while_stopping_is_thought_over_nothing_leaves_and_the_choice_stays(
    town: Town, clerk: Conversation
) -> None:
    await pass_to(town, minute=30)
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    await clerk.presses("停止")
    assert await hand_out(town) == 0
    await tick(town)
    assert "还有 2 位没发" in clerk.text
    assert clerk.buttons == ["继续发", "确定停止"]
    await clerk.presses("继续发")
    assert await hand_out(town) == 2


async def test_what_was_sent_can_be_found_again_and_not_by_another_city(
    town: Town, clerk: Conversation
) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    await clerk.says("/broadcast")
    await clerk.presses("群发｜徐州市｜发送中")
    assert "待发 2" in clerk.text
    other = await join_staff(town, 11, Scope("city", "320600"))
    await other.says("/broadcast")
    assert not any("徐州市" in label for label in other.buttons)


async def test_a_double_tap_sends_once(town: Town, clerk: Conversation) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.taps(clerk.last, "发给 2 位", times=3)
    assert await hand_out(town) == 2
    assert await hand_out(town) == 0
    async with town.database.snapshot() as session:
        assert await session.scalar(select(func.count()).select_from(BroadcastRecipient)) == 2


@pytest.mark.parametrize("at_once", [1, 100])
async def test_two_staff_who_chase_the_same_at_once_double_nothing(
    town: Town,
    clerk: Conversation,
    province: Conversation,
    contacts: dict[int, Conversation],
    at_once: int,
) -> None:
    for staff in (clerk, province):
        await staff.says("/broadcast")
        await staff.presses("催报", "全部")
    for staff in (clerk, province):
        await staff.presses("发给")
    before = {chat: len(contacts[chat].messages) for chat in HOMES}
    while await hand_out(town, limit=at_once):
        pass
    assert {chat: len(contacts[chat].messages) - before[chat] for chat in HOMES} == {1: 1, 2: 1, 3: 1}


async def test_a_rung_fired_by_hand_is_not_fired_by_the_clock(
    town: Town, province: Conversation, contacts: dict[int, Conversation]
) -> None:
    town.clock.moment = town.clock.moment.replace(day=13, hour=8, minute=50)
    await tick(town)
    colleague = await join_staff(town, 12, Scope("province", "320000"))
    for staff in (colleague, province):
        await staff.says("/broadcast")
        await staff.presses("提醒计划")
    assert "2021年10月13日 09:00 还没有动手的单位：待发" in province.text
    plan = colleague.copy_of(colleague.last)
    await province.presses("现在就发：2021年10月13日 还没有动手的单位")
    assert "江苏省，还没有动手的单位\n3 家单位，3 位联系人" in province.text
    assert "徐州市甲协会：还没有填报" in province.text
    await province.presses("发给 3 位")
    assert "提醒（发送中）" in province.text
    await hand_out(town)
    assert "徐州市甲协会：还没有填报" in contacts[1].text
    before = {chat: len(contacts[chat].messages) for chat in HOMES}
    await colleague.taps(plan, "现在就发")
    assert colleague.text == "这次提醒已经有人发过了。"
    await pass_to(town, day=13, hour=9, minute=40)
    assert {chat: len(contacts[chat].messages) for chat in HOMES} == before


async def test_who_lost_the_role_hears_no_more_of_a_broadcast_that_runs(
    town: Town, clerk: Conversation, province: Conversation
) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    await hand_out(town, limit=1)
    async with town.database.transaction() as session:
        await session.execute(
            update(StaffRole).where(StaffRole.scope == "320300").values(revoked_at=town.clock.now())  # type: ignore[arg-type]
        )
    heard = dict(clerk.messages)
    await hand_out(town, ending=lambda _item: "unknown")
    await tick(town)
    await tick(town)
    assert clerk.messages == heard
    assert "您范围内有 1 位联系人没有收到" in province.text
