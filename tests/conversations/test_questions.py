"""Questions asked in the chat: answered, shown in their place, rated; in the middle of a form too."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.questions import Question
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Project, agree, file, register

WHEN = "什么时候截止"
DEADLINE = "2021年10月20日前"


@pytest.fixture(autouse=True)
def taught(town: Town) -> None:
    town.oracle.teach(WHEN, "jiangsu-2021", "js-5")
    town.oracle.teach("怎么填写投入资金", "jiangsu-2021", "js-a2-unit")


def heard(town: Town) -> list[tuple[str, str | None, str | None]]:
    """The questions asked, each with the one before it and the notice meant."""
    return [(words, turn.question if turn else None, notice) for words, turn, notice in town.oracle.heard]


def was_told(person: Conversation, words: str) -> bool:
    """Whether any message the person has says so."""
    return any(words in message.text for message in person.messages.values())


async def kept(town: Town) -> list[Question]:
    async with town.database.transaction() as session:
        return list(await session.scalars(select(Question).order_by(Question.id)))  # type: ignore[arg-type]


async def test_a_question_is_answered_verbatim_with_its_citation(town: Town, contact: Conversation) -> None:
    await contact.says(WHEN)
    passage = town.catalog.notice("jiangsu-2021").passage("js-5")
    assert passage.text in contact.text
    assert "苏社管〔2021〕14号" in contact.text
    assert "四、有关要求 › 报送要求" in contact.text
    assert contact.buttons == ["原文", "有用", "没用"]


async def test_a_question_needs_no_consent(contact: Conversation) -> None:
    await contact.says("/start")
    await contact.presses("暂不同意")
    await contact.says(WHEN)
    assert "报送要求" in contact.text


async def test_the_source_is_shown_in_its_place_below_the_answer(contact: Conversation) -> None:
    await contact.says(WHEN)
    answer = contact.last
    await contact.presses("原文")
    assert contact.last.id != answer.id
    assert "17/51" in contact.text
    await contact.presses("下一段")
    assert "18/51" in contact.text
    assert "张云峰" in contact.text
    await contact.presses("上一段", "上一段")
    assert "16/51" in contact.text
    assert contact.messages[answer.id].html == answer.html


async def test_each_of_several_passages_can_be_opened(town: Town, contact: Conversation) -> None:
    both = "两省怎么说消费帮扶"
    town.oracle.teach(both, "jiangsu-2021", "js-3.1", "js-a3-1")
    await contact.says(both)
    assert "原文：（一）助力补齐民生短板" in contact.buttons
    await contact.presses("原文：一、征集对象")
    assert "附件3 社会组织参与乡村振兴案例征集要求 › 一、征集对象" in contact.text


@pytest.mark.parametrize(("label", "helpful"), [("有用", True), ("没用", False)])
async def test_an_opinion_is_kept(town: Town, contact: Conversation, label: str, helpful: bool) -> None:
    await contact.says(WHEN)
    await contact.presses(label)
    assert contact.toasts == ["谢谢，记下了。"]
    (question,) = await kept(town)
    assert (question.text, question.outcome, question.notice) == (WHEN, "answered", "jiangsu-2021")
    assert question.helpful is helpful


async def test_another_persons_question_cannot_be_rated(town: Town, contact: Conversation) -> None:
    await contact.says(WHEN)
    data = contact.last.buttons["有用"]
    stranger = town.meet(1002)
    await stranger.says(WHEN)
    await stranger.forges(data)
    assert stranger.toasts == ["没有找到这一条，或者它不归您管。"]
    assert [question.helpful for question in await kept(town)] == [None, None]


async def test_a_question_leans_on_the_one_before_but_not_for_ever(town: Town, contact: Conversation) -> None:
    town.oracle.teach("大标题用啥字体？", "jiangsu-2021", "js-a3-3.2")
    await contact.says("大标题用啥字体？", "正文呢")
    town.restart()
    town.clock.moment += timedelta(minutes=29)
    await contact.says("页码呢")
    town.clock.moment += timedelta(minutes=31)
    await contact.says("联系谁")
    assert [before for _, before, _ in heard(town)] == [None, "大标题用啥字体？", "正文呢", None]
    before = town.oracle.heard[1][1]
    assert before is not None
    assert (before.notice, before.anchors) == ("jiangsu-2021", ("js-a3-3.2",))


async def test_the_notice_meant_is_that_of_ones_own_filing(town: Town, contact: Conversation) -> None:
    await contact.says(WHEN)
    await register(contact)
    await contact.says(WHEN)
    await file(contact)
    await contact.says(WHEN)
    assert [notice for _, _, notice in heard(town)] == [None, "jiangsu-2021", "jiangsu-2021"]


async def test_a_refusal_names_the_contact_and_offers_staff(town: Town, contact: Conversation) -> None:
    town.oracle.refuse("明年还征集吗", "jiangsu-2021", "js-a3-1", topic="明年是否征集")
    await contact.says("明年还征集吗")
    assert "“明年是否征集”，通知里没有找到" in contact.text
    assert "025-83590603" in contact.text
    assert "最接近的是这一段，供参考" in contact.text
    assert contact.buttons[:2] == ["原文", "转工作人员"]


async def test_words_that_ask_nothing_bring_the_menu(contact: Conversation) -> None:
    await agree(contact)
    await contact.says("嗯嗯好的收到")
    assert "没看懂" in contact.text
    assert contact.buttons[0] == "转工作人员"


async def test_a_question_in_a_form_is_answered_and_the_question_of_the_form_comes_again(
    town: Town, contact: Conversation
) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶")
    asked = contact.text.split("\n\n", 1)[1]
    await contact.says(WHEN)
    assert contact.text == "回到刚才这一步：\n\n" + asked
    assert was_told(contact, "报送要求")
    assert heard(town)[-1] == (WHEN, None, "jiangsu-2021")
    await contact.says("12.5万元", "20", "300")
    await contact.presses("提交")
    assert "已提交" in contact.text


async def test_a_question_at_a_doubt_loses_nothing(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "300000")
    assert "您写的是“300000”" in contact.text
    buttons = contact.buttons
    await contact.says(WHEN)
    assert "您写的是“300000”" in contact.text
    assert contact.buttons == buttons
    await contact.presses("30万元")
    assert was_told(contact, "✓ 投入资金(万元)：30万元")


async def test_a_question_at_the_card_brings_the_card_again(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "1万元", "20", "300")
    await contact.says(WHEN)
    await contact.presses("提交")
    assert "已提交" in contact.text


async def test_a_name_that_sounds_like_a_question_can_be_made_the_answer(
    town: Town, contact: Conversation
) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "留守儿童去哪儿？")
    assert "第 2/6 步" in contact.text
    await contact.presses("这就是我要填的")
    assert was_told(contact, "✓ 项目名称：留守儿童去哪儿？")
    assert "第 3/6 步" in contact.text


async def test_a_second_question_leaves_the_first_no_answer(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "留守儿童去哪儿？", WHEN)
    assert "第 2/6 步" in contact.text
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


@pytest.mark.parametrize("typed", ["睢宁县？", "徐州市睢宁县?", "睢宁"])
async def test_an_answer_with_a_question_mark_stays_an_answer(
    town: Town, contact: Conversation, typed: str
) -> None:
    await register(contact)
    await contact.says("/file", typed)
    assert "江苏省/徐州市/睢宁县" in contact.text
    assert heard(town) == []


@pytest.mark.parametrize("words", ["这一项怎么填", "怎么填？", "这个该咋填呢", "这项如何填写"])
async def test_how_a_field_is_filled_is_told_by_the_pack(
    town: Town, contact: Conversation, words: str
) -> None:
    await register(contact)
    await contact.says("/file", words)
    assert "按实际受益的地方填，不是本单位所在地" in contact.text
    assert "第 1/6 步" in contact.text
    assert heard(town) == []


async def test_how_another_field_is_filled_is_told_where_the_notice_does_not(
    town: Town, contact: Conversation
) -> None:
    await register(contact)
    await contact.says("/file", "投入资金怎么算啊")
    assert "捐的物资折成钱一起算" in contact.text
    assert "第 1/6 步" in contact.text


async def test_a_long_story_with_a_question_in_it_is_a_question(town: Town, contact: Conversation) -> None:
    await register(contact)
    story = "我们协会今年在新疆克州阿合奇县投入了50万元，帮了300名学生，志愿者去了20人，" + WHEN
    town.oracle.teach(story, "jiangsu-2021", "js-5")
    await contact.says(story)
    assert "报送要求" in contact.text


async def test_words_that_are_no_answer_but_surely_ask_are_answered(
    town: Town, contact: Conversation
) -> None:
    await register(contact)
    town.oracle.teach("截止日期", "jiangsu-2021", "js-5")
    await contact.says("/file", "睢宁县", "截止日期")
    assert "✓ 项目名称：截止日期" in contact.text
    await contact.says("教育帮扶", "截止日期")
    assert was_told(contact, "报送要求")
    assert contact.text.startswith("回到刚才这一步：\n\n第 4/6 步")
    await contact.says("好几百块钱吧")
    assert not contact.text.startswith("回到刚才")


async def test_notices_are_opened_by_heading(town: Town, contact: Conversation) -> None:
    await contact.says("/notice")
    await contact.presses("江苏2021", "看原文")
    assert "四、有关要求" in contact.buttons
    await contact.presses("四、有关要求", "（四）加强行为规范")
    assert town.catalog.notice("jiangsu-2021").passage("js-4.4").text in contact.text
    await contact.presses("目录", "附件3", "三、案例撰写要求")
    assert len(contact.buttons) == 4 + 3
    await contact.presses("目录")
    assert "附表 社会组织参与乡村振兴案例申报表" in contact.buttons


async def test_every_passage_can_be_reached_by_headings(town: Town, contact: Conversation) -> None:
    await contact.says("/notice")
    await contact.presses("江苏2021", "看原文")
    number = contact.last.id
    open_pages, seen, passages = [contact.copy_of(contact.last)], set(), set()
    while open_pages:
        page = open_pages.pop()
        for label, data in page.buttons.items():
            if not data.startswith("n:") or data in seen or label in ("目录", "通知"):
                continue
            seen.add(data)
            await contact.forges(data, contact.messages[number])
            if data.startswith("n:passage"):
                passages.add(contact.text.splitlines()[-1])
            elif data.startswith("n:headings"):
                open_pages.append(contact.copy_of(contact.last))
    assert len(passages) == 51


async def test_the_whole_text_comes_as_a_file(town: Town, contact: Conversation) -> None:
    await contact.says("/notice")
    await contact.presses("江苏2021")
    page = contact.last
    await contact.taps(page, "全文")
    text = (await town.file_behind(contact.last)).read().decode("utf-8-sig")
    for passage in town.catalog.notice("jiangsu-2021").passages:
        assert passage.text in text.replace("\r\n", "\n")
    first = contact.last.file
    await contact.taps(page, "全文")
    assert contact.last.file == first


async def test_a_notice_is_asked_about_in_a_form_and_the_form_goes_on(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "/notice")
    await contact.presses("江苏2021", "看原文")
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


async def test_filing_goes_as_before(contact: Conversation) -> None:
    await register(contact)
    await file(contact, Project(name="如何让老人吃上热饭助老"))
