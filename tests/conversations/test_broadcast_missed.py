"""Whom a broadcast did not reach, as the list for calling says."""

from openpyxl import load_workbook

from storage.outbox import OutboxItem
from tests.conversations.casts import write_to_all
from tests.conversations.many import hand_out, hear, pass_to, tick
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import agree


async def test_who_was_not_reached_is_listed_with_phone_and_reason(town: Town, clerk: Conversation) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")

    def ending(item: OutboxItem) -> str:
        return "failed:gone" if item.chat_id == 1 else "unknown"

    await hand_out(town, ending=ending)
    await tick(town)
    sheet = load_workbook(await town.file_behind(clerk.last)).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[0] == ("序号", "单位", "所在地", "联系人", "电话", "未送达原因")
    assert [(row[1], row[4], row[5]) for row in rows[1:]] == [
        ("徐州市甲协会", "13800138000", "停用了机器人或账号不在"),
        ("睢宁县乙协会", "13800138000", "已发出，不确定是否收到"),
    ]


async def test_the_list_of_who_was_missed_can_be_asked_for_again(town: Town, clerk: Conversation) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("发给 2 位")
    card = clerk.last
    await hand_out(town, ending=lambda _item: "unknown")
    await tick(town)
    before = len(clerk.messages)
    await clerk.taps(clerk.messages[card.id], "未送达名单")
    said = [message.text for message in clerk.messages.values()][before:]
    assert said == ["正在生成未送达名单……", "群发：2 位没有收到，名单里有电话"]


async def test_a_person_of_two_organizations_gets_one_letter_and_is_counted_once(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await contacts[1].says("/org")
    await contacts[1].presses("登记另一家单位")
    await contacts[1].says("徐州市丁协会")
    await contacts[1].presses("跳过", "社会团体", "市级")
    await contacts[1].says("徐州市", "李明", "13800138000")
    await contacts[1].presses("登记")
    await clerk.says("/broadcast")
    await clerk.presses("催报", "全部 3 家")
    assert "3 家单位，2 位联系人" in clerk.text
    await clerk.presses("发给 2 位")
    assert await hand_out(town, ending=lambda item: "failed:gone" if item.chat_id == 1 else "sent") == 2
    await tick(town)
    assert "没收到 1 位" in clerk.messages[clerk.last.id - 1].text
    assert clerk.text == "催报：1 位没有收到，名单里有电话"
    sheet = load_workbook(await town.file_behind(clerk.last)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["徐州市甲协会", "徐州市丁协会"]


async def listed(town: Town, person: Conversation) -> list[tuple[str, ...]]:
    """The rows of the list the person was sent last, without their numbers."""
    sheet = load_workbook(await town.file_behind(person.last)).worksheets[0]
    return [tuple(cell.value or "" for cell in row[1:]) for row in sheet.iter_rows(min_row=2)]


async def test_a_muted_contact_is_listed_as_one_whose_colleague_knows(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await pass_to(town, day=14)
    town.clock.moment = town.clock.moment.replace(day=15)
    second = town.meet(4, "周宁")
    await agree(second)
    await second.presses("登记单位")
    await second.says("徐州市甲协会")
    await second.presses("申请加入")
    await second.says("周宁", "13900139000")
    await second.presses("申请加入")
    await hear(town)
    await contacts[1].presses("同意加入")
    for muting in (second, contacts[2]):
        await muting.says("/deadlines")
        await muting.presses("不再提醒")
    await clerk.says("/broadcast")
    await clerk.presses("催报", "全部 2 家", "发给")
    assert await hand_out(town) == 1
    await tick(town)
    assert clerk.text == "催报：2 位没有收到，名单里有电话"
    assert await listed(town, clerk) == [
        ("徐州市甲协会", "江苏省徐州市", "周宁", "13900139000", "本人关闭了提醒（同单位另有人收到）"),
        ("睢宁县乙协会", "江苏省徐州市睢宁县", "李明", "13800138000", "本人关闭了提醒"),
    ]


async def test_the_list_of_one_place_names_nothing_of_another(town: Town, province: Conversation) -> None:
    both = town.meet(1)
    await both.says("/org")
    await both.presses("登记另一家单位")
    await both.says("江苏省戊基金会")
    await both.presses("跳过", "基金会", "省级")
    await both.says("南京市", "李明", "13800138000")
    await both.presses("登记")
    await province.says("/broadcast")
    await province.presses("催报", "按地区选", "省级及未写所在地 1 家", "发给 1 位")
    await hand_out(town, ending=lambda _item: "unknown")
    await tick(town)
    assert [row[0] for row in await listed(town, province)] == ["江苏省戊基金会"]


async def test_staff_whom_figures_did_not_reach_are_listed_by_name_and_place(
    town: Town, clerk: Conversation, province: Conversation
) -> None:
    town.clock.moment = town.clock.moment.replace(day=13, hour=8, minute=40)
    await tick(town)
    await province.says("/broadcast")
    await province.presses("提醒计划", "现在就发：2021年10月13日 工作人员", "发给 2 位")
    card = province.last.id
    assert "工作人员，共 2 位\n" in province.text
    await hand_out(town, ending=lambda item: "failed:gone" if item.chat_id == 9 else "sent")
    await tick(town)
    assert "联系不上 1" in province.messages[card].text
    assert province.text == "提醒：1 位没有收到，名单里有姓名"
    assert await listed(town, province) == [
        ("工作人员", "江苏省徐州市", "办事员", "", "停用了机器人或账号不在")
    ]


async def test_the_province_hears_which_staff_missed_the_ladder_s_figures(
    town: Town, clerk: Conversation, province: Conversation
) -> None:
    town.clock.moment = town.clock.moment.replace(day=13, hour=8, minute=45)
    await tick(town)
    await hand_out(town, ending=lambda item: "failed:gone" if item.chat_id == 9 else "sent")
    await tick(town)
    await tick(town)
    assert province.text == "提醒已发完，您范围内有 1 位工作人员没有收到。"
    await province.presses("未送达名单")
    assert [row[2] for row in await listed(town, province)] == ["办事员"]
