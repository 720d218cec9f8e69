"""Questions passed on to staff: who sees them, how they are answered, how the answer reaches the asker."""

import pytest
from sqlalchemy import select, update

from bot.clock import real_now
from registration import invites
from storage.people import Audit, StaffRole
from storage.scopes import Scope
from tests.conversations.many import hear
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import register

NEXT_YEAR = "明年还征集吗"
PROVINCE, XUZHOU, NANTONG, SHANXI = (
    Scope("province", "320000"),
    Scope("city", "320300"),
    Scope("city", "320600"),
    Scope("province", "140000"),
)


async def employ(town: Town, chat: int, scope: Scope) -> Conversation:
    person = town.meet(chat, "工作人员")
    async with town.database.transaction() as session:
        code = await invites.issue(session, scope, hours=72, wall=real_now())
    await person.says(f"/start {code}")
    return person


@pytest.fixture(autouse=True)
def taught(town: Town) -> None:
    town.oracle.refuse(NEXT_YEAR, "jiangsu-2021", "js-a3-1", topic="明年是否征集")
    town.oracle.refuse("山西验收谁来验", "shanxi-2023", "sx-4.4")
    town.oracle.teach("什么时候截止", "jiangsu-2021", "js-5")


@pytest.fixture
async def clerk(town: Town) -> Conversation:
    return await employ(town, 2001, XUZHOU)


@pytest.fixture
async def province(town: Town) -> Conversation:
    return await employ(town, 2002, PROVINCE)


async def pass_on(person: Conversation, question: str = NEXT_YEAR) -> None:
    await person.says(question)
    await person.presses("转工作人员")


async def test_a_question_goes_to_staff_and_their_answer_comes_back(
    contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await pass_on(contact)
    assert "已转给工作人员（徐州市民政局）" in contact.text
    assert clerk.text == "有问题等您答复。"
    await clerk.presses("待答复的问题")
    assert "共 1 个" in clerk.text
    await clerk.presses(NEXT_YEAR)
    assert "徐州市青禾志愿者协会（李明 13800138000）" in clerk.text
    assert "没有在通知里找到答案" in clerk.text
    await clerk.presses("答复")
    assert "落款是“徐州市民政局”" in clerk.text
    await clerk.says("明年的安排以正式通知为准。")
    assert "不能收回" in clerk.text
    await clerk.presses("发出")
    await hear(clerk.town)
    assert "答复已发给对方" in clerk.text
    assert "现在没有等着答复的问题" in clerk.text
    assert contact.text == (
        "工作人员答复（徐州市民政局，2021年10月11日）\n您问：明年还征集吗\n\n明年的安排以正式通知为准。"
    )


async def test_nothing_is_sent_before_it_is_confirmed_and_only_what_is_shown(
    contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await pass_on(contact)
    before = contact.last.id
    await clerk.says("/questions")
    await clerk.presses(NEXT_YEAR, "答复")
    await clerk.says("会的")
    old = clerk.last
    await clerk.says("不一定 <b>等通知</b>")
    await clerk.taps(old, "发出")
    assert "不一定 <b>等通知</b>" in clerk.text
    assert contact.last.id == before
    await clerk.presses("发出")
    await hear(clerk.town)
    assert "不一定 <b>等通知</b>" in contact.text
    assert "会的" not in contact.text


async def test_an_answer_that_is_a_question_or_a_project_is_still_the_answer(
    contact: Conversation, clerk: Conversation, town: Town
) -> None:
    await register(contact)
    await pass_on(contact)
    await clerk.says("/questions")
    await clerk.presses(NEXT_YEAR, "答复")
    heard = len(town.oracle.heard)
    await clerk.says("请问您是哪个单位的？")
    assert "请核对" in clerk.text
    assert len(town.oracle.heard) == heard


async def test_a_question_is_answered_once(
    contact: Conversation, clerk: Conversation, province: Conversation
) -> None:
    await register(contact)
    await pass_on(contact)
    for person in (clerk, province):
        await person.says("/questions")
        await person.presses(NEXT_YEAR, "答复")
        await person.says(f"由{person.chat}答复")
    await clerk.presses("发出")
    await province.presses("发出")
    await hear(clerk.town)
    assert "徐州市民政局已于 2021年10月11日 09:00 答复" in province.text
    answers = [item.text for item in contact.messages.values() if "工作人员答复（" in item.text]
    assert len(answers) == 1
    assert "由2001答复" in answers[0]


async def test_only_staff_over_the_asker_see_a_question(
    town: Town, contact: Conversation, clerk: Conversation, province: Conversation
) -> None:
    nantong = await employ(town, 2003, NANTONG)
    await register(contact)
    await pass_on(contact)
    assert "徐州市民政局、江苏省民政厅" in contact.text
    await province.says("/questions")
    assert "共 1 个" in province.text
    data = province.last.buttons[NEXT_YEAR]
    for stranger in (nantong, town.meet(1009)):
        await stranger.says("/questions")
        assert NEXT_YEAR not in stranger.buttons
        await stranger.forges(data)
        assert stranger.toasts == ["没有找到这一条，或者它不归您管。"]
    async with town.database.transaction() as session:
        refused = await session.scalars(select(Audit).where(Audit.action == "refused"))  # type: ignore[arg-type]
    assert len(list(refused)) == 2


async def test_without_an_organization_the_province_of_the_notice_answers(
    town: Town, clerk: Conversation, province: Conversation
) -> None:
    shanxi = await employ(town, 2004, SHANXI)
    somebody = town.meet(1002)
    await pass_on(somebody)
    await pass_on(somebody, "山西验收谁来验")
    for person, seen in ((clerk, []), (province, [NEXT_YEAR]), (shanxi, ["山西验收谁来验"])):
        await person.says("/questions")
        assert [label for label in person.buttons if "征集" in label or "验收" in label] == seen
    await shanxi.presses("山西验收谁来验")
    assert "未登记单位" in shanxi.text
    assert "相关通知：山西2023" in shanxi.text


async def test_a_question_on_a_notice_nobody_is_there_for_goes_to_the_asker_s_own_staff(
    contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await pass_on(contact, "山西验收谁来验")
    assert "已转给工作人员（徐州市民政局）" in contact.text
    await clerk.presses("待答复的问题", "山西验收谁来验")
    assert "相关通知：山西2023" in clerk.text


async def test_a_question_goes_to_the_notice_s_own_staff_where_there_are_some(
    town: Town, contact: Conversation, clerk: Conversation
) -> None:
    shanxi = await employ(town, 2003, SHANXI)
    await register(contact)
    await pass_on(contact, "山西验收谁来验")
    assert shanxi.text == "有问题等您答复。"
    assert "有问题等您答复。" not in clerk.text


async def test_without_any_staff_it_says_so_and_names_the_contact(contact: Conversation) -> None:
    await register(contact)
    await pass_on(contact)
    assert "还没有工作人员" in contact.text
    assert "张云峰 025-83590603" in contact.text


async def test_staff_are_called_once_for_many_questions(
    town: Town, contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    for question in ("明年还办吗", "后年还办吗", "今年补不补"):
        await pass_on(contact, question)
    assert len([item for item in clerk.messages.values() if item.text == "有问题等您答复。"]) == 1
    await clerk.says("/start")
    assert "待答复的问题 3 个" in clerk.buttons


async def test_one_person_cannot_fill_the_queue(contact: Conversation, clerk: Conversation) -> None:
    await register(contact)
    for number in range(5):
        await pass_on(contact, f"第{number}年还办吗")
    await pass_on(contact, "再问一个行吗")
    assert contact.toasts[-1] == "您已有 5 个问题在等工作人员答复，请等答复后再转。"
    await clerk.says("/questions")
    assert "共 5 个" in clerk.text


async def test_passing_on_twice_is_told_and_harmless(contact: Conversation, clerk: Conversation) -> None:
    await register(contact)
    await contact.says(NEXT_YEAR)
    asked = contact.last
    await contact.taps(asked, "转工作人员")
    await contact.says("/start")
    await contact.taps(asked, "转工作人员")
    assert contact.text == "已经转过了，答复会发到这里。"
    await clerk.says("/questions")
    assert "共 1 个" in clerk.text


async def test_an_answer_that_did_not_help_can_be_passed_on(
    contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await contact.says("什么时候截止")
    answer = contact.last
    await contact.presses("没用", "转工作人员")
    await clerk.presses("待答复的问题", "什么时候截止")
    assert "助手给了这一处" in clerk.text
    assert "四、有关要求 › 报送要求" in clerk.text
    await contact.taps(answer, "没用")
    assert "已经转给工作人员，请等答复" in contact.text


async def test_the_asker_goes_on_with_a_form_while_staff_answer(
    contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县")
    await contact.says(NEXT_YEAR)
    refusal = contact.messages[max(n for n, item in contact.messages.items() if "转工作人员" in item.buttons)]
    await contact.taps(refusal, "转工作人员")
    await clerk.presses("待答复的问题", NEXT_YEAR, "答复")
    await clerk.says("以正式通知为准。")
    await clerk.presses("发出")
    await hear(clerk.town)
    assert "工作人员答复" in contact.text
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


async def test_a_role_taken_away_takes_the_questions_too(
    town: Town, contact: Conversation, clerk: Conversation
) -> None:
    await register(contact)
    await pass_on(contact)
    await clerk.says("/questions")
    await clerk.presses(NEXT_YEAR, "答复")
    await clerk.says("会的")
    async with town.database.transaction() as session:
        await session.execute(update(StaffRole).values(revoked_at=real_now()))
    await clerk.presses("发出")
    await hear(clerk.town)
    assert clerk.toasts[-1] == "没有找到这一条，或者它不归您管。"
    assert "工作人员答复" not in contact.text
