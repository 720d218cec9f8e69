"""Whom a broadcast did not reach, as the list for calling says."""

from openpyxl import load_workbook

from storage.outbox import OutboxItem
from tests.conversations.casts import write_to_all
from tests.conversations.many import hand_out, tick
from tests.conversations.talking import Conversation, Town


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
