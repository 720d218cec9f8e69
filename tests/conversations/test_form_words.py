"""Words typed on a form's cards act like the buttons that stand there."""

import pytest

from tests.conversations.talking import Conversation
from tests.conversations.walks import agree, file, fill, register


async def at_the_code(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("徐州市青禾协会")


async def card(contact: Conversation) -> None:
    await at_the_code(contact)
    await contact.says("没有", "协会", "市级", "徐州", "李明", "13800138000")


@pytest.mark.parametrize("words", ["没有", "正在办", "暂无", "跳过", "无", "还没办下来。"])
async def test_an_optional_field_is_passed_by_saying_there_is_none(contact: Conversation, words: str) -> None:
    await at_the_code(contact)
    await contact.says(words)
    assert "✓ 统一社会信用代码：未填" in contact.text
    assert "组织类型" in contact.text


async def test_a_wrong_answer_to_an_optional_field_offers_to_skip_first(contact: Conversation) -> None:
    await at_the_code(contact)
    await contact.says("52320500")
    assert "没有可以跳过" in contact.text
    assert contact.buttons[0] == "跳过这一项"
    assert contact.buttons.count("跳过这一项") == 1


async def test_the_registration_card_names_its_own_button(contact: Conversation) -> None:
    await card(contact)
    await contact.says("然后呢随便")
    assert "核对无误请按“登记”" in contact.text
    assert "登记" in contact.buttons


@pytest.mark.parametrize("words", ["登记", "提交", "确认", "好的", "提交吧", "没问题！"])
async def test_a_card_is_submitted_by_word(contact: Conversation, words: str) -> None:
    await card(contact)
    await contact.says(words)
    assert "已登记" in contact.text


async def test_a_field_named_on_the_card_is_opened(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.says("投入人员数改一下")
    assert "投入人员数" in contact.text
    await contact.says("33")
    assert "投入人员数\n33人" in contact.text
    await contact.says("受益人数改成320")
    assert "受益人数\n320人" in contact.text


async def test_giving_up_by_word_still_asks(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.says("放弃")
    assert "确定放弃" in contact.text
    await contact.says("不是同一个")
    assert "困难学生助学" in contact.text
    await contact.says("取消", "确定")
    assert "已放弃" in contact.text
    await contact.says("/mine")
    assert "还没有填报" in contact.text


async def test_sure_after_being_asked_to_discard_does_not_submit(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.presses("放弃")
    await contact.says("确认")
    assert "已放弃" in contact.text


async def test_giving_up_one_change_returns_to_the_card(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.presses("改：投入人员数")
    await contact.says("取消")
    assert "没有提交之前" in contact.text
    assert "提交" in contact.buttons


async def test_words_lead_back_and_away_in_mid_form(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "上一步")
    assert "第 2/6 步" in contact.text
    assert "现在填的是：困难学生助学" in contact.text
    await contact.says("稍后继续")
    assert "已存为草稿" in contact.text


async def test_submitting_too_early_says_what_is_left(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "提交")
    assert "还差 5 项" in contact.text
    assert "项目名称" in contact.text
    await contact.says("跳过")
    assert "必须填" in contact.text
    await contact.says("好的")
    assert "项目名称" in contact.text
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


async def test_yes_settles_the_only_doubt(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "泗阳？")
    assert "是指 江苏省/宿迁市/泗阳县 吗" in contact.text
    await contact.says("是的")
    assert "✓ 帮扶地区(省/市/县)：江苏省/宿迁市/泗阳县" in contact.text


async def test_another_project_is_gone_on_with_by_word(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    assert "好像报过" in contact.text
    await contact.says("继续")
    assert "第 3/6 步" in contact.text
