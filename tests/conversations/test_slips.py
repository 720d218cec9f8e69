"""Double taps, old buttons, stickers, photos, voice, unknown words: a helpful line, nothing lost."""

from typing import Any

import pytest

from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Project, agree, file, fill, register

CONTENT: list[dict[str, Any]] = [
    {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}], "caption": "20"},
    {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
    {"document": {"file_id": "d", "file_unique_id": "d", "file_name": "说明.pdf"}},
    {"location": {"latitude": 34.2, "longitude": 117.2}},
    {"contact": {"phone_number": "13800138000", "first_name": "李"}},
]


@pytest.mark.parametrize("content", CONTENT, ids=lambda item: next(iter(item)))
async def test_what_is_no_text_brings_the_question_again(
    contact: Conversation, content: dict[str, Any]
) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "12.5万")
    await contact.sends(**content)
    assert "打字" in contact.text
    assert "投入人员数" in contact.text
    await contact.says("20")
    assert "✓ 投入人员数：20人" in contact.text


@pytest.mark.parametrize(
    "content", [item for item in CONTENT if "document" not in item], ids=lambda item: next(iter(item))
)
async def test_what_is_no_text_outside_a_form_brings_the_menu(
    contact: Conversation, content: dict[str, Any]
) -> None:
    await register(contact)
    await contact.says("/start")
    await contact.sends(**content)
    assert "只能读文字" in contact.text
    assert "填报项目" in contact.buttons


async def test_unknown_words_bring_the_menu(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/start", "天气怎么样")
    assert "没看懂" in contact.text
    assert "填报项目" in contact.buttons


async def test_a_double_tap_on_submit_files_once(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    said = len(contact.messages)
    await contact.taps(contact.last, "提交", times=2)
    assert "已提交" in contact.text
    assert len(contact.messages) == said
    await contact.says("/mine")
    assert "共 1 份" in contact.text
    await contact.presses("困难学生助学")
    assert "第 1 版" in contact.text


async def test_a_double_tap_on_a_choice_answers_once(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    said = len(contact.messages)
    await contact.taps(contact.last, "教育帮扶", times=2)
    assert "第 4/6 步" in contact.text
    assert len(contact.messages) == said + 1


async def test_an_old_choice_changes_nothing_and_shows_the_open_question(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    old = contact.last
    await contact.says("教育帮扶", "12.5万")
    await contact.taps(old, "民生帮扶")
    assert "这个按钮是前面的，现在到这一步" in contact.toasts[-1]
    assert "这个按钮是前面的，现在到这一步" in contact.text
    assert "投入人员数" in contact.text
    await contact.says("20", "300")
    assert "项目性质\n教育帮扶" in contact.text


async def test_an_old_card_after_submission_says_so(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    card = contact.copy_of(contact.last)
    await contact.presses("提交")
    await contact.taps(card, "改：投入人员数")
    assert "没有再改什么" in contact.text
    assert "已提交，第 1 版" in contact.text
    assert "主菜单" in contact.buttons


async def test_what_is_refused_on_a_tap_stays_in_the_conversation(contact: Conversation, town: Town) -> None:
    await register(contact)
    await fill(contact)
    stranger = town.meet(77)
    await agree(stranger)
    said = len(stranger.messages)
    await stranger.forges(contact.last.buttons["提交"], times=2)
    assert "不归您管" in stranger.text
    assert "不归您管" in stranger.toasts[-1]
    assert len(stranger.messages) == said + 1


async def test_a_discarded_draft_cannot_be_gone_on_with(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    card = contact.copy_of(contact.last)
    await contact.presses("放弃", "确定放弃")
    await contact.taps(card, "提交")
    assert "没有再改什么" in contact.text


async def test_answers_forwarded_at_once_each_meet_their_own_step(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file")
    texts = ["睢宁县", "困难学生助学", "教育帮扶", "12.5万", "20", "300"]
    bodies = [{"message": contact._message(text=text)} for text in texts]
    await town.deliver_all(contact.chat, bodies)
    assert "投入资金(万元)\n12.5万元" in contact.text
    assert "受益人数\n300人" in contact.text


async def test_buttons_work_after_a_restart(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    town.restart()
    await contact.presses("教育帮扶")
    assert "第 4/6 步" in contact.text


async def test_a_doubt_is_settled_after_a_restart(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "300000")
    town.restart()
    await contact.presses("30万元")
    assert "第 5/6 步" in contact.text


async def test_an_unknown_button_leads_to_the_menu(contact: Conversation) -> None:
    await register(contact)
    await contact.forges("gone:1:2")
    assert "填报项目" in contact.buttons


@pytest.mark.parametrize(
    "data",
    [
        "w:choice:filing:1:6:99:0",
        "w:choice:filing:1:6:2:99",
        "w:dance:filing:1:6:2:0",
        "w:choice:filing:1:6:-1:0",
        "p:filing:1:6:0:999999:0:1",
        "p:filing:1:6:0:x:0:0",
        "p:filing:1:6:0::-3:0",
        "m:list:0:-5",
        "m:open:99999999999999999999999:0",
        "m:list:0:999999999",
        "n:passage:js:9999",
        "n:open:nowhere:0",
        "b:js:77:1",
        "r:99",
        "s:overview:js:320000:0:0:0",
    ],
)
async def test_odd_callback_data_harms_nothing(contact: Conversation, data: str) -> None:
    await register(contact)
    await fill(contact)
    card = contact.copy_of(contact.last)
    await contact.forges(data)
    await contact.taps(card, "提交")
    assert "已提交" in contact.text


async def test_menu_words_leave_a_form_and_its_draft_stays(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "我的填报")
    assert "草稿｜困难学生助学" in contact.buttons
    await contact.says("随便说一句")
    assert "没看懂" in contact.text


async def test_help_in_mid_form_leaves_the_question_open(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "/help")
    assert "/mine" in contact.text
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


@pytest.mark.parametrize("typed", ["/nothing", "/cancel now", "/x@some_bot"])
async def test_an_unknown_command_is_no_answer(contact: Conversation, typed: str) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", typed)
    assert "没有这个命令" in contact.text
    await contact.says("困难学生助学")
    assert "✓ 项目名称：困难学生助学" in contact.text


@pytest.mark.parametrize("typed", ["/", "/@", "/ x", "//", "/@bot x", "。", "\u200b", "😀", "a" * 4096])
async def test_odd_words_get_an_answer(contact: Conversation, typed: str) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县")
    said = len(contact.messages)
    await contact.says(typed)
    assert len(contact.messages) > said
    assert "出了点问题" not in contact.text


async def test_a_long_list_is_paged(contact: Conversation) -> None:
    await register(contact)
    for name in ("修路", "助学", "慰问", "义诊", "植树", "送书", "办厂", "打井", "养蜂"):
        await file(contact, Project(name=f"{name}项目"))
    await contact.says("/mine")
    assert "共 9 份" in contact.text
    assert len([label for label in contact.buttons if label.startswith("已提交｜")]) == 8
    await contact.presses("下一页")
    assert len([label for label in contact.buttons if label.startswith("已提交｜")]) == 1


async def test_two_of_one_name_are_told_apart_in_a_list(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "/mine", "/file")
    await contact.presses("再报一个")
    await contact.says("阿合奇县", "/mine")
    assert [label for label in contact.buttons if "还没写名称" in label] == [
        "草稿｜还没写名称",
        "草稿｜还没写名称（2）",
    ]


async def test_a_suggestion_overtaken_by_other_words_is_not_called_answered(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "300000")
    doubt = contact.copy_of(contact.last)
    await contact.says("三十来个人")
    await contact.taps(doubt, "30万元")
    assert "已经填过" not in contact.text
    assert "第 4/6 步\n投入资金(万元)" in contact.text


async def test_two_natures_in_one_answer_are_offered_first_and_each_only_once(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "助学和义诊")
    assert "请选主要一种" in contact.text
    assert contact.buttons[:3] == ["教育帮扶", "医疗卫生帮扶", "民生帮扶"]
    await contact.presses("教育帮扶")
    assert "✓ 项目性质：教育帮扶" in "".join(seen.text for seen in contact.messages.values())
