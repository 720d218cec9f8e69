"""After the window everything can be read, and each change is refused with the date, old buttons included."""

from datetime import datetime

import pytest

from tests.conversations.talking import SHANGHAI, Conversation, Town
from tests.conversations.walks import file, fill, register

LATE = datetime(2021, 10, 25, 9, tzinfo=SHANGHAI)
DATE = "2021年10月20日 23:59:59"


@pytest.mark.parametrize("label", ["提交", "改：投入人员数"])
async def test_an_old_card_changes_nothing(town: Town, contact: Conversation, label: str) -> None:
    await register(contact)
    await fill(contact)
    card = contact.copy_of(contact.last)
    town.clock.moment = LATE
    await contact.taps(card, label)
    assert DATE in contact.text
    assert "只能查看" in contact.text
    await contact.says("/mine")
    await contact.presses("草稿｜困难学生助学")
    assert f"填报已于 {DATE} 截止" in contact.text


async def test_an_old_choice_is_refused(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    town.clock.moment = LATE
    await contact.presses("教育帮扶")
    assert DATE in contact.text


@pytest.mark.parametrize("words", ["教育帮扶", "提交", "上一步", "随便"])
async def test_typed_answers_are_refused_once_and_lead_to_the_menu(
    town: Town, contact: Conversation, words: str
) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    town.clock.moment = LATE
    await contact.says(words)
    assert DATE in contact.text
    assert "我的填报" in contact.buttons
    await contact.says("/start")
    assert "没填完的" not in contact.text.splitlines()[0]


@pytest.mark.parametrize("label", ["修改", "撤回", "再报一个类似的"])
async def test_old_buttons_of_a_filed_one_are_refused(town: Town, contact: Conversation, label: str) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    opened = contact.copy_of(contact.last)
    town.clock.moment = LATE
    await contact.taps(opened, label)
    assert DATE in contact.text
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    assert "已提交，第 1 版" in contact.text
