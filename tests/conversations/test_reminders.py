"""Reminders as people read them: only who still owes something, what exactly, and one button to it."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from bot.clock import real_now
from notices import Catalog
from notices.reminders import Reminders
from registration import invites
from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.scopes import Scope
from tests.conversations.many import hand_out, hear, pass_to, tick
from tests.conversations.talking import SHANGHAI, Conversation, Town
from tests.conversations.walks import Facts, Project, file, register


async def join_staff(town: Town, chat: int, scope: Scope) -> Conversation:
    person = town.meet(chat, "办事员")
    async with town.database.transaction() as session:
        code = await invites.issue(session, scope, hours=1, wall=real_now())
    await person.says(f"/start {code}")
    return person


async def states(town: Town) -> dict[str, int]:
    async with town.database.snapshot() as session:
        rows = await session.execute(
            select(BroadcastRecipient.state, func.count()).group_by(BroadcastRecipient.state)
        )
        return {row[0]: row[1] for row in rows}


@pytest.fixture
async def idle(town: Town) -> Conversation:
    person = town.meet(1, "李明")
    await register(person, Facts(name="徐州市甲协会"))
    return person


@pytest.fixture
async def drafting(town: Town) -> Conversation:
    person = town.meet(2, "王芳")
    await register(person, Facts(name="徐州市乙协会", home="睢宁县", level="县级"))
    await person.says("/file", "睢宁县", "困难学生助学")
    return person


@pytest.fixture
async def done(town: Town) -> Conversation:
    person = town.meet(3, "赵强")
    await register(person, Facts(name="徐州市丙协会"))
    await file(person)
    return person


async def test_each_hears_what_exactly_is_missing_and_how_long_there_is(
    town: Town, idle: Conversation, drafting: Conversation, done: Conversation
) -> None:
    heard = len(done.messages)
    await pass_to(town, day=13, hour=9, minute=30)
    assert idle.text.startswith("还有 7 天：2021年社会组织开展乡村振兴项目明细表")
    assert "2021年10月20日 23:59:59 截止" in idle.text
    assert "徐州市甲协会：还没有填报" in idle.text
    assert "徐州市乙协会：草稿还差 4 项（项目性质、投入资金(万元)、投入人员数、受益人数）" in drafting.text
    assert len(done.messages) == heard


async def test_who_filed_one_project_is_told_of_the_draft_of_another(town: Town, done: Conversation) -> None:
    await done.says("/file")
    await done.says("丰县", "村医培训")
    await done.says("/deadlines")
    assert "徐州市丙协会：已提交 1 份，另有草稿没有提交" in done.text
    await pass_to(town, day=17, hour=10, minute=0)
    assert "徐州市丙协会：已提交 1 份，另有草稿没有提交" in done.text
    assert done.buttons == ["接着填：徐州市丙协会", "我的填报", "不再提醒这份通知"]


async def test_the_button_opens_just_that(town: Town, idle: Conversation, drafting: Conversation) -> None:
    await pass_to(town, day=13, hour=9, minute=30)
    await idle.presses("填报：徐州市甲协会")
    assert "第 1/6 步" in idle.text
    await drafting.presses("接着填：徐州市乙协会")
    assert "第 3/6 步" in drafting.text


async def test_every_rung_comes_once_however_often_the_clock_is_looked_at(
    town: Town, idle: Conversation
) -> None:
    days = {13: "还有 7 天", 17: "还有 3 天", 19: "明天截止", 20: "今天截止", 21: "已截止"}
    for day, words in days.items():
        before = len(idle.messages)
        for _ in range(3):
            await pass_to(town, day=day, hour=9, minute=40)
        assert len(idle.messages) == before + 1, day
        assert words in idle.text
    assert "请与通知联系人联系：张云峰 025-83590603" in idle.text


async def test_a_clock_that_jumps_a_day_either_way_doubles_nothing(town: Town, idle: Conversation) -> None:
    await pass_to(town, day=13, hour=9, minute=5)
    before = len(idle.messages)
    for day in (12, 14, 13, 12, 14):
        await pass_to(town, day=day, hour=9, minute=5)
    assert len(idle.messages) == before


async def test_who_files_before_their_turn_hears_nothing(
    town: Town, idle: Conversation, drafting: Conversation
) -> None:
    town.clock.moment = town.clock.moment.replace(day=13, hour=9, minute=40)
    await tick(town)
    await file(idle)
    heard = len(idle.messages)
    while await hand_out(town):
        pass
    assert len(idle.messages) == heard
    assert "还有 7 天" in drafting.text
    assert await states(town) == {"skipped": 1, "sent": 1}


async def test_nothing_leaves_between_eight_and_half_past_eight(town: Town, idle: Conversation) -> None:
    town.clock.moment = town.clock.moment.replace(day=13, hour=9, minute=0)
    await tick(town)
    heard = len(idle.messages)
    for hour, minute in ((20, 0), (23, 59), (0, 0), (8, 29)):
        town.clock.moment = town.clock.moment.replace(hour=hour, minute=minute)
        assert await hand_out(town) == 0
    assert len(idle.messages) == heard
    town.clock.moment = town.clock.moment.replace(hour=8, minute=30)
    assert await hand_out(town) == 1


async def test_after_an_outage_what_is_still_of_use_is_sent_and_the_rest_is_owned_up_to(
    town: Town, idle: Conversation
) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    await tick(town)
    await pass_to(town, day=18, hour=15, minute=0)
    assert "还有 2 天" in idle.text
    assert sum("徐州市甲协会：还没有填报" in message.text for message in idle.messages.values()) == 1
    said = [message.text for message in clerk.messages.values()]
    assert any("2021年10月13日的提醒因程序停机错过，没有发送。" in text for text in said)


async def test_begun_in_mid_ladder_nothing_was_missed(town: Town, idle: Conversation) -> None:
    province = await join_staff(town, 9, Scope("province", "320000"))
    await pass_to(town, day=18, hour=15, minute=0)
    assert "还有 2 天" in idle.text
    assert not any("错过" in message.text for message in province.messages.values())
    await province.says("/broadcast")
    await province.presses("提醒计划")
    assert "2021年10月13日 09:00 还没有动手的单位：启用前已过，没有发" in province.text
    assert "2021年10月17日 09:00 还没有动手的单位：已发完，1 位" in province.text
    assert "2021年10月19日 09:00 还没有动手的单位：待发" in province.text


async def test_a_reminder_whose_date_has_passed_while_it_waited_is_not_sent(
    town: Town, idle: Conversation
) -> None:
    town.clock.moment = town.clock.moment.replace(day=20, hour=9, minute=40)
    await tick(town)
    heard = len(idle.messages)
    town.clock.moment = town.clock.moment.replace(day=21, hour=8, minute=50)
    assert await hand_out(town) == 0
    assert len(idle.messages) == heard
    async with town.database.snapshot() as session:
        reasons = list(await session.scalars(select(BroadcastRecipient.reason)))
    assert reasons == ["late"]


async def test_who_muted_a_notice_is_left_alone_and_staff_see_it(town: Town, idle: Conversation) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    await idle.says("/deadlines")
    await idle.presses("不再提醒")
    assert "不再提醒" in idle.text
    heard = len(idle.messages)
    await pass_to(town, day=13, hour=9, minute=40)
    assert len(idle.messages) == heard
    assert clerk.text == "提醒已发完，您范围内有 1 位联系人没有收到，其中 1 位自己关闭了提醒。"
    await clerk.says("/staff")
    await clerk.presses("尚未填报")
    assert "徐州市甲协会（李明 13800138000）（关闭了提醒）" in clerk.text
    await idle.says("/deadlines")
    await idle.presses("恢复提醒")
    await pass_to(town, day=17, hour=9, minute=40)
    assert "还有 3 天" in idle.text


async def test_staff_hear_the_figures_of_their_own_scope(
    town: Town, idle: Conversation, done: Conversation
) -> None:
    xuzhou = await join_staff(town, 9, Scope("city", "320300"))
    nantong = await join_staff(town, 10, Scope("city", "320600"))
    await pass_to(town, day=13, hour=8, minute=45)
    assert "徐州市：登记 2 家，已填报 1 家，未填报 1 家" in xuzhou.text
    assert "南通市：登记 0 家，已填报 0 家，未填报 0 家" in nantong.text
    await xuzhou.presses("徐州市尚未填报")
    assert "徐州市甲协会" in xuzhou.text


async def test_deadlines_show_what_is_owed_done_and_overdue(
    town: Town, drafting: Conversation, done: Conversation
) -> None:
    await drafting.says("/deadlines")
    assert "截止，还有 9 天" in drafting.text
    assert "草稿还差 4 项" in drafting.text
    await done.says("/deadlines")
    assert "徐州市丙协会：已提交 1 份" in done.text
    town.clock.moment = datetime(2021, 10, 22, 10, 0, tzinfo=SHANGHAI)
    await drafting.says("/deadlines")
    assert "已过期 2 天，未按时填报" in drafting.text
    assert not any("接着填" in label for label in drafting.buttons)
    await done.says("/deadlines")
    assert "23:59:59 截止，已截止\n徐州市丙协会：已提交 1 份" in done.text


async def test_events_that_come_together_are_told_together(town: Town, done: Conversation) -> None:
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    heard = len(clerk.messages)
    await file(done, Project(name="孤儿关爱"))
    await file(done, Project(name="村医培训"))
    await tick(town)
    assert len(clerk.messages) == heard
    await pass_to(town, hour=9, minute=31)
    assert len(clerk.messages) == heard + 1
    assert "新提交 2 份" in clerk.text
    assert "徐州市丙协会：孤儿关爱" in clerk.text
    assert "徐州市丙协会：村医培训" in clerk.text


async def test_the_other_contact_hears_of_a_filing_and_its_author_does_not(
    town: Town, idle: Conversation
) -> None:
    second = town.meet(4, "爬山虎")
    await second.says("/start")
    await second.presses("同意并开始", "登记单位")
    await second.says("徐州市甲协会")
    await second.presses("申请加入")
    await second.says("周宁", "13900139000")
    await second.presses("申请加入")
    await hear(town)
    await idle.presses("同意加入")
    heard = len(second.messages)
    await file(second)
    author = len(second.messages)
    await pass_to(town, hour=9, minute=5)
    assert "您单位有新的提交" in idle.text
    assert "困难学生助学，周宁提交" in idle.text
    assert len(second.messages) == author > heard


async def test_a_text_that_cannot_be_made_holds_up_nobody_else_s(
    town: Town, idle: Conversation, drafting: Conversation
) -> None:
    """A pack whose line for those without a form speaks of a phase, which a form's date has not."""
    jiangsu = town.catalog.notice("jiangsu-2021")
    faulty = [
        item.model_copy(update={"template": "phase_ends"} if item.name == "nothing" else {})
        for item in jiangsu.reminders.ladder
    ]
    pack = jiangsu.model_copy(update={"reminders": Reminders(ladder=tuple(faulty))})
    others = [item for item in town.catalog.notices if item.slug != jiangsu.slug]
    town.catalog = Catalog((pack, *others))
    await pass_to(town, day=13, hour=9, minute=40)
    assert "草稿还差 4 项" in drafting.text
    assert "已登记" in idle.text
    assert await states(town) == {"skipped": 1, "sent": 1}


async def test_a_rung_of_29_february_comes_once(town: Town, idle: Conversation) -> None:
    async with town.database.snapshot() as session:
        assert await session.scalar(select(func.count()).select_from(Broadcast)) == 0
    town.clock.moment = datetime(2024, 2, 29, 0, 0, tzinfo=SHANGHAI)
    await tick(town)
    async with town.database.snapshot() as session:
        fired = list(await session.scalars(select(Broadcast)))
    assert {row.state for row in fired} == {"past"}


async def test_who_is_staff_and_contact_hears_as_both(town: Town, idle: Conversation) -> None:
    await join_staff(town, 1, Scope("city", "320300"))
    await pass_to(town, day=11, hour=9, minute=30)
    await pass_to(town, day=13, hour=8, minute=45)
    assert "徐州市：登记 1 家，已填报 0 家" in idle.text
    await pass_to(town, day=13, hour=9, minute=0)
    assert "徐州市甲协会：还没有填报" in idle.text
