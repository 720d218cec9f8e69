"""催报 and 群发 as staff begin them: to whom, which words, what the preview says, what is refused."""

import pytest
from sqlalchemy import func, select

from bot.clock import real_now
from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.scopes import Scope
from tests.conversations.casts import write_to_all
from tests.conversations.many import hand_out
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import file

STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}


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


async def test_only_who_would_get_it_is_counted_on_the_button(
    town: Town, clerk: Conversation, contacts: dict[int, Conversation]
) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "选一家单位", "徐州市甲协会", "发给 1 位")
    await hand_out(town)
    for chat, left in ((1, ["发给 1 位", "不发了"]), (2, ["不发了"])):
        await contacts[chat].says("/deadlines")
        await contacts[chat].presses("不再提醒")
        await clerk.says("/broadcast")
        await clerk.presses("催报", "全部 2 家")
        assert f"2 位联系人\n其中收不到的：关闭了提醒 {chat} 位\n\n样例" in clerk.text
        assert clerk.buttons == left


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
    preview = clerk.copy_of(clerk.last)
    for label in ("不发了", "不发了", "发给 2 位"):
        await clerk.taps(preview, label)
        assert clerk.text == "已取消，没有发送。"
    await clerk.says("/broadcast")
    assert not any("群发｜" in label for label in clerk.buttons)


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


async def test_the_rest_of_a_text_too_long_for_one_message_is_not_taken_for_a_text(
    town: Town, clerk: Conversation
) -> None:
    await write_to_all(clerk, "长" * 4096)
    await clerk.says("剩下的半段")
    assert "不超过 3000 字" in clerk.text
    assert "发给 2 位" not in clerk.buttons
    later = int(real_now().timestamp()) + 60
    await clerk.sends(text="明天九点开会", date=later)
    assert "明天九点开会" in clerk.text
    assert "发给 2 位" in clerk.buttons


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


async def test_a_contact_cannot_send_to_many(town: Town, contacts: dict[int, Conversation]) -> None:
    await contacts[1].says("/broadcast")
    assert "工作人员的页面" in contacts[1].text
