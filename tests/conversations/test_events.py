"""What people hear because others did something: one thing at once, many things as one message."""

import pytest

from storage.scopes import Scope
from tests.conversations.many import hear, pass_to
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, Project, agree, file, register


@pytest.fixture
async def member(town: Town) -> Conversation:
    person = town.meet(1, "李明")
    await register(person, Facts(name="徐州市甲协会"))
    return person


async def ask_to_join(person: Conversation, contact: str, phone: str) -> None:
    await agree(person)
    await person.presses("登记单位")
    await person.says("徐州市甲协会")
    await person.presses("申请加入")
    await person.says(contact, phone)
    await person.presses("申请加入")


async def question_answered(asker: Conversation, clerk: Conversation, question: str, words: str) -> None:
    asker.town.oracle.refuse(question, "jiangsu-2021", "js-a3-1", topic="别的事")
    await asker.says(question)
    await asker.presses("转工作人员")
    await clerk.says("/questions")
    await clerk.presses(question, "答复")
    await clerk.says(words)
    await clerk.presses("发出")


async def test_requests_that_come_together_are_one_message_and_decided_one_by_one(
    town: Town, member: Conversation
) -> None:
    first, second = town.meet(2, "王芳"), town.meet(3, "周宁")
    await ask_to_join(first, "王芳", "13900139000")
    await ask_to_join(second, "周宁", "13900139001")
    heard = len(member.messages)
    await hear(town)
    assert len(member.messages) == heard + 1
    card = member.last
    assert "1. 王芳（13900139000） 申请替徐州市甲协会填报" in card.text
    assert "2. 周宁（13900139001） 申请替徐州市甲协会填报" in card.text
    await member.taps(card, "同意加入：1 王芳")
    assert member.text == "已同意 王芳 替徐州市甲协会填报。"
    assert "您的申请已同意" in first.text
    assert list(card.buttons) == ["同意加入：2 周宁", "拒绝：2 周宁"]
    await member.taps(card, "拒绝：2 周宁")
    assert "没有得到同意" in second.text
    assert not card.buttons


async def test_a_flood_of_requests_loses_none(town: Town, member: Conversation) -> None:
    for number in range(22):
        await ask_to_join(
            town.meet(100 + number), f"王{'一二三四五六七八九十甲'[number % 11]}", "13900139000"
        )
    before = set(member.messages)
    await hear(town)
    cards = [message for number, message in member.messages.items() if number not in before]
    assert [len(card.buttons) for card in cards] == [40, 4]


async def test_an_answer_comes_whole_beside_what_else_has_happened(town: Town, member: Conversation) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    words = "以正式通知为准。" * 300
    await question_answered(member, clerk, "明年还征集吗", words)
    await ask_to_join(town.meet(2, "王芳"), "王芳", "13900139000")
    heard = len(member.messages)
    await hear(town)
    assert len(member.messages) == heard + 1
    assert "工作人员答复（徐州市民政局，2021年10月11日）\n您问：明年还征集吗" in member.text
    assert words in member.text
    told = member.last
    await member.presses("同意加入")
    assert words in told.text
    assert member.text == "已同意 王芳 替徐州市甲协会填报。"


async def test_the_first_is_told_within_seconds_and_what_follows_soon_after_as_one(
    town: Town, member: Conversation
) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    await pass_to(town, minute=5)
    heard = len(clerk.messages)
    await file(member, Project(name="孤儿关爱"))
    await hear(town)
    assert len(clerk.messages) == heard + 1
    assert "孤儿关爱" in clerk.text
    for name in ("村医培训", "果园改造"):
        await file(member, Project(name=name))
        await hear(town)
    assert len(clerk.messages) == heard + 1
    await pass_to(town, minute=40)
    assert len(clerk.messages) == heard + 2
    assert "新提交 2 份" in clerk.text


async def test_at_night_only_what_somebody_waits_for_is_told(town: Town, member: Conversation) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    town.clock.moment = town.clock.moment.replace(hour=21)
    await file(member)
    await question_answered(member, clerk, "明年还征集吗", "以正式通知为准。")
    await ask_to_join(town.meet(2, "王芳"), "王芳", "13900139000")
    heard = len(clerk.messages)
    await hear(town)
    assert "工作人员答复" in member.text
    assert "王芳" in member.text
    assert len(clerk.messages) == heard
    await pass_to(town, day=12, hour=8, minute=30)
    assert "新提交 1 份" in clerk.text
