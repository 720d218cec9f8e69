"""催报 and 群发 as staff see them: whom, preview, progress, pause, stop, and the list of who was missed."""

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.outbox import OutboxItem
from storage.people import StaffRole
from storage.scopes import Scope
from tests.conversations.many import hand_out, pass_to, tick
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, file, register

STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
HOMES = {1: ("徐州市甲协会", "徐州市"), 2: ("睢宁县乙协会", "睢宁县"), 3: ("南通市丙协会", "南通市")}


@pytest.fixture
async def contacts(town: Town) -> dict[int, Conversation]:
    for chat, (name, home) in HOMES.items():
        await register(town.meet(chat), Facts(name=name, home=home))
    return town.people


@pytest.fixture
async def clerk(town: Town, contacts: dict[int, Conversation]) -> Conversation:
    return await join_staff(town, 9, Scope("city", "320300"))


@pytest.fixture
async def province(town: Town, contacts: dict[int, Conversation]) -> Conversation:
    return await join_staff(town, 10, Scope("province", "320000"))


async def write_to_all(clerk: Conversation, words: str) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("群发", "全部登记单位", "（全部）")
    await clerk.says(words)


async def test_a_chase_from_the_list_shows_count_and_sample_before_anything_leaves(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await clerk.says("/staff")
    await clerk.presses("尚未填报", "催报", "全部 2 家")
    assert "2 家单位，2 位联系人" in clerk.text
    assert "徐州市甲协会：还没有填报" in clerk.text
    assert await hand_out(town) == 0
    await clerk.presses("发给 2 位")
    assert "催报（发送中）" in clerk.text
    assert "待发 2" in clerk.text
    assert await hand_out(town) == 2
    assert "徐州市甲协会：还没有填报" in contacts[1].text
    assert "睢宁县乙协会：还没有填报" in contacts[2].text
    assert "填报：睢宁县乙协会" in contacts[2].buttons
    assert "南通市丙协会" not in contacts[3].text.replace("已登记（待核实）\n南通市丙协会", "")


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        (("按地区选", "睢宁县 1 家"), {2}),
        (("按地区选", "市区（未写县区） 1 家"), {1}),
        (("选一家单位", "徐州市甲协会"), {1}),
        (("全部 2 家",), {1, 2}),
    ],
)
async def test_one_organization_a_county_or_all_are_chased(
    town: Town,
    clerk: Conversation,
    contacts: dict[int, Conversation],
    way: tuple[str, ...],
    reached: set[int],
) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", *way, "发给")
    await hand_out(town)
    assert {chat for chat in HOMES if "还没有填报" in contacts[chat].text} == reached


async def test_one_organization_is_called_by_its_name(town: Town, clerk: Conversation) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "选一家单位", "徐州市甲协会")
    assert "发给：徐州市甲协会，尚未填报的单位" in clerk.text
    await clerk.presses("发给 1 位")
    assert "徐州市甲协会，尚未填报的单位，共 1 位联系人" in clerk.text


async def test_who_was_just_reminded_is_not_offered_to_be_reminded_again(
    town: Town, clerk: Conversation
) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "选一家单位", "徐州市甲协会", "发给 1 位")
    await hand_out(town)
    await clerk.says("/broadcast")
    await clerk.presses("催报", "全部 2 家")
    assert "1 位两小时内刚提醒过，不再重复" in clerk.text
    assert clerk.buttons == ["发给 1 位", "不发了"]
    await clerk.says("/broadcast")
    await clerk.presses("催报", "选一家单位", "徐州市甲协会")
    assert clerk.buttons == ["不发了"]


async def test_a_text_of_staff_reaches_also_who_wants_no_reminders(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await contacts[1].says("/deadlines")
    await contacts[1].presses("不再提醒")
    await write_to_all(clerk, "明天九点开会")
    assert "收不到" not in clerk.text
    await clerk.presses("发给 2 位")
    await hand_out(town)
    assert "明天九点开会" in contacts[1].text


async def test_what_was_not_sent_after_all_is_not_listed(clerk: Conversation) -> None:
    await write_to_all(clerk, "明天九点开会")
    await clerk.presses("不发了")
    await clerk.says("/broadcast")
    assert not any("群发｜" in label for label in clerk.buttons)


async def test_the_province_chases_a_city(
    town: Town, province: Conversation, contacts: dict[int, Conversation]
) -> None:
    await province.says("/broadcast")
    await province.presses("催报", "按地区选", "南通市 1 家", "发给 1 位")
    await hand_out(town)
    assert {chat for chat in HOMES if "还没有填报" in contacts[chat].text} == {3}


async def test_a_free_text_arrives_as_written_under_the_sender_s_name(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    words = "明天九点开会，带材料。<b>&{{7*7}}"
    await write_to_all(clerk, words)
    assert words in clerk.text
    await clerk.presses("发给 2 位")
    await hand_out(town)
    assert contacts[2].text == f"徐州市\n\n{words}"


@pytest.mark.parametrize("words", ["通知", "填报", "催报。"])
async def test_a_word_of_the_menu_is_a_text_where_a_text_was_asked_for(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation], words: str
) -> None:
    await write_to_all(clerk, words)
    await clerk.presses("发给 2 位")
    await hand_out(town)
    assert contacts[1].text == f"徐州市\n\n{words}"


@pytest.mark.parametrize("way", ["tapped", "typed"])
async def test_writing_to_many_can_be_given_up(clerk: Conversation, way: str) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("群发", "全部登记单位", "（全部）")
    await (clerk.presses("取消") if way == "tapped" else clerk.says("取消"))
    assert "催报与群发" in clerk.text
    await clerk.says("通知")
    assert "请核对" not in clerk.text


@pytest.mark.parametrize("words", ["长" * 3001, "😀" * 1501])
async def test_a_text_too_long_for_one_message_is_asked_again(clerk: Conversation, words: str) -> None:
    await write_to_all(clerk, words)
    assert "不超过 3000 字" in clerk.text


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


async def test_who_is_told_to_wait_is_looked_at_again_after_the_wait(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "全部 2 家", "发给")
    assert await hand_out(town, ending=lambda _item: "pending") == 2
    async with town.database.transaction() as session:
        rows = list(await session.scalars(select(BroadcastRecipient)))
        assert {row.state for row in rows} == {"pending"}
        for row in rows:
            row.not_before = None
            session.add(row)
    await file(contacts[1])
    heard = len(contacts[1].messages)
    await hand_out(town)
    assert len(contacts[1].messages) == heard
    assert "还没有填报" in contacts[2].text


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


async def test_at_night_staff_are_told_when_it_will_leave(town: Town, clerk: Conversation) -> None:
    town.clock.moment = town.clock.moment.replace(hour=21)
    await write_to_all(clerk, "明天九点开会")
    assert "2021年10月12日 08:30 开始发送" in clerk.text
    await clerk.presses("发给 2 位")
    assert await hand_out(town) == 0
    town.clock.moment = town.clock.moment.replace(day=12, hour=8, minute=30)
    assert await hand_out(town) == 2


FORGED = [
    "k:go:::::{id}:0",
    "k:pause:::::{id}:0",
    "k:stop!:::::{id}:0",
    "k:show:::::{id}:0",
    "k:missed:::::{id}:0",
]
BEYOND = [
    "k:all:js:320600::::0:0",
    "k:chase:js:320000:::0:0",
    "k:all:js:320300:320602::0:0",
    "k:write:js:320300::staff:0:0",
    "k:fire:js:320000:::9:0",
    "k:fire!:js:320000:::9:0",
    "k:go:::::999:0",
    "k:nonsense:::::1:0",
]


@pytest.mark.parametrize("data", FORGED)
async def test_another_city_s_broadcast_is_out_of_reach(town: Town, clerk: Conversation, data: str) -> None:
    await write_to_all(clerk, "明天九点开会")
    stranger = await join_staff(town, 11, Scope("city", "320600"))
    async with town.database.snapshot() as session:
        number = await session.scalar(select(func.max(Broadcast.id)))
    await stranger.forges(data.format(id=number))
    assert stranger.toasts[-1] == "没有找到这一条，或者它不归您管。"
    async with town.database.snapshot() as session:
        assert (await session.scalars(select(Broadcast.state))).one() == "draft"


@pytest.mark.parametrize("data", BEYOND)
async def test_a_forged_step_beyond_one_s_scope_is_refused(
    town: Town, clerk: Conversation, data: str
) -> None:
    await clerk.says("/broadcast")
    before = dict(clerk.messages)
    await clerk.forges(data)
    assert clerk.messages == before or "不归您管" in clerk.text or "已经不能用" in clerk.toasts[-1]
    async with town.database.snapshot() as session:
        assert await session.scalar(select(func.count()).select_from(Broadcast)) == 0


async def test_nobody_is_asked_for_words_that_nobody_would_read(clerk: Conversation) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("群发", "已填报的单位", "（全部）")
    assert clerk.text == "徐州市目前没有“已填报的单位”，不用发。"
    await clerk.presses("催报与群发")
    assert clerk.buttons[:2] == ["催报", "群发"]


@pytest.mark.parametrize("words", ["   ", "长" * 4096])
async def test_words_that_cannot_be_sent_are_asked_for_again_and_the_next_ones_taken(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation], words: str
) -> None:
    await write_to_all(clerk, words)
    await clerk.sends(sticker=STICKER)
    assert "请用文字写要发的话" in clerk.text
    await clerk.says("😀")
    await clerk.presses("发给 2 位")
    await hand_out(town)
    assert contacts[1].text == "徐州市\n\n😀"


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


async def test_a_contact_cannot_send_to_many(town: Town, contacts: dict[int, Conversation]) -> None:
    await contacts[1].says("/broadcast")
    assert "工作人员的页面" in contacts[1].text
