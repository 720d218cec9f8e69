"""A project told in one message."""

import pytest

from tests.conversations.talking import Conversation
from tests.conversations.walks import Facts, Project, file, register

TOLD = (
    "我们在宿迁市泗阳县开展了“冬衣到校”项目，给贫困学生发放助学金，投入资金12.5万元，"
    "志愿者20人参与，受益学生300人。"
)


@pytest.fixture
async def filer(contact: Conversation) -> Conversation:
    await register(contact)
    await contact.says("/menu")
    return contact


async def test_what_is_sure_is_taken_and_the_rest_is_asked(filer: Conversation) -> None:
    text = await filer.says(TOLD)
    assert "从您这段话里看出" in text
    assert "✓ 帮扶地区(省/市/县)：江苏省/宿迁市/泗阳县" in text
    assert "✓ 投入资金(万元)：12.5万元" in text


async def test_it_may_be_told_at_the_first_step(filer: Conversation) -> None:
    await filer.says("/file")
    assert "从您这段话里看出" in await filer.says(TOLD)


async def test_a_later_step_takes_a_text_as_its_answer(filer: Conversation) -> None:
    await filer.says("/file")
    await filer.says("睢宁县")
    assert "从您这段话里看出" not in await filer.says(TOLD)


async def test_a_likely_duplicate_is_pointed_out(filer: Conversation) -> None:
    await file(filer, Project(region="泗阳县", name="冬衣到校"))
    await filer.says("/menu")
    text = await filer.says(
        "项目名称：冬衣到校\n帮扶地区：宿迁市泗阳县\n项目性质：教育帮扶\n投入资金：12.5万元\n投入人员数：20\n受益人数：300"
    )
    assert "好像报过" in text
    assert "核对" in await filer.presses("仍然继续")


async def test_it_is_kept_until_the_organization_is_chosen(filer: Conversation) -> None:
    await filer.says("/org")
    await filer.presses("登记另一家")
    await filer.says("徐州市红叶助老协会")
    await filer.presses("跳过", "社会团体", "市级")
    second = Facts()
    await filer.says(second.home, second.contact, second.phone)
    await filer.presses("登记")
    await filer.says("/menu")
    assert "替哪家单位" in await filer.says(TOLD)
    assert "从您这段话里看出" in await filer.presses("徐州市红叶助老协会")


@pytest.mark.parametrize(
    "words",
    ["案例材料要写多少字，什么时候截止，交到哪里去呀？", "今天天气真好，我们出去走走吧，大家都去好不好"],
)
async def test_other_texts_are_no_project(filer: Conversation, words: str) -> None:
    assert "从您这段话里看出" not in await filer.says(words)


async def test_a_text_for_a_figure_fills_what_is_still_missing(filer: Conversation) -> None:
    await filer.says("/file")
    await filer.says("睢宁县", "冬衣到校", "教育帮扶")
    text = await filer.says(TOLD)
    assert "投入资金(万元)：12.5万元" in text
    assert "投入人员数：20人" in text
    assert "受益人数：300人" in text
    assert "泗阳县" not in text
    assert "江苏省/徐州市/睢宁县" in text


@pytest.mark.parametrize("started", [False, True])
async def test_two_projects_in_one_message_are_not_merged(filer: Conversation, started: bool) -> None:
    if started:
        await filer.says("/file")
    text = await filer.says("在丰县修路花了20万元，惠及村民500人；在沛县助学花了5万元，资助30名学生。")
    assert "几个项目" in text
    assert "✓" not in text


async def test_a_figure_is_not_picked_out_of_a_long_text(filer: Conversation) -> None:
    await filer.says("/file")
    await filer.says("睢宁县", "冬衣到校", "教育帮扶", "3万元")
    text = await filer.says(
        "去年到今年我们前后组织了好多回活动，第一回来了15人，第二回来了23人，后来又来了1300人看热闹，大家都说这样的活动应该多办几次，明年还要再来"
    )
    assert "只写一个数" in text
    assert "1323" not in text
    assert "1338" not in text
