"""A contact's way: consent, registration, filing, correction, withdrawal, the deadline."""

from datetime import datetime, timedelta

import pytest

from tests.conversations.talking import SHANGHAI, Conversation, Town
from tests.conversations.walks import Facts, Project, agree, file, fill, register


async def test_start_explains_itself_in_three_lines_and_asks_consent(contact: Conversation) -> None:
    await contact.says("/start")
    head, question = contact.text.split("\n\n")
    assert len(head.splitlines()) == 3
    assert "同意" in question
    assert "同意并开始" in contact.buttons


async def test_without_consent_nothing_can_be_filed_but_notices_can_be_read(contact: Conversation) -> None:
    await contact.says("/start")
    await contact.presses("暂不同意")
    await contact.says("/file")
    assert "您同意吗" in contact.text
    await contact.says("/notice")
    await contact.presses("江苏2021")
    assert "2021年10月20日 23:59:59" in contact.text


async def test_the_menu_shows_the_open_notice_and_its_deadline(contact: Conversation) -> None:
    await agree(contact)
    assert "2021年社会组织开展乡村振兴项目明细表" in contact.text
    assert "2021年10月20日 23:59:59（还有 9 天）" in contact.text


async def test_an_organization_is_registered_and_its_card_can_be_corrected(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("徐州市青禾协会")
    await contact.presses("跳过")
    await contact.says("协会", "市级", "徐州", "李明", "13800138000")
    assert "徐州市青禾协会" in contact.text
    await contact.presses("改：组织名称")
    await contact.says("徐州市青禾志愿者协会")
    await contact.presses("登记")
    assert "徐州市青禾志愿者协会" in contact.text
    await contact.says("/org")
    assert "待核实" in contact.text
    assert "江苏省/徐州市" in contact.text


async def test_a_credit_code_proposes_type_level_and_place(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("苏州市某某服务中心", "52320500MJ5123455G")
    assert "由代码得出" in contact.text
    assert "组织类型：民办非企业单位" in contact.text
    assert "登记层级：市级" in contact.text
    assert "所在地：江苏省/苏州市" in contact.text
    await contact.says("王芳", "0512-66660000")
    await contact.presses("改：登记层级", "县级")
    assert "县级" in contact.text
    await contact.presses("登记")
    assert "已登记" in contact.text


async def test_a_wrong_credit_code_is_explained_and_asked_again(contact: Conversation) -> None:
    await agree(contact)
    await contact.presses("登记单位")
    await contact.says("苏州市某某服务中心", "52320500MJ512345")
    assert "18" in contact.text
    assert "统一社会信用代码" in contact.text
    assert "跳过这一项" in contact.buttons


async def test_each_question_has_the_printed_label_an_example_and_its_step(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file")
    assert contact.text.startswith("第 1/6 步\n帮扶地区(省/市/县)")
    assert "例：" in contact.text
    await contact.says("睢宁县")
    assert contact.text.startswith("✓ 帮扶地区(省/市/县)：江苏省/徐州市/睢宁县")
    assert "第 2/6 步\n项目名称" in contact.text
    await contact.says("困难学生助学")
    assert [label for label in contact.buttons if label.endswith(("帮扶", "服务", "其他"))] == [
        "民生帮扶",
        "产业帮扶",
        "消费帮扶",
        "教育帮扶",
        "生态帮扶",
        "医疗卫生帮扶",
        "志愿服务",
        "其他",
    ]


async def test_a_project_is_filed_and_listed(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    assert "投入资金(万元)\n12.5万元" in contact.text
    assert "没有提交之前" in contact.text
    await contact.presses("提交")
    assert "2021年10月20日 23:59:59 前还可以修改或撤回" in contact.text
    await contact.presses("我的填报")
    assert "共 1 份" in contact.text
    await contact.presses("已提交｜困难学生助学")
    assert "已提交，第 1 版" in contact.text
    assert "徐州市青禾志愿者协会" in contact.text


@pytest.mark.parametrize(
    ("typed", "shown"), [("0", "0万元"), ("300000元", "30万元"), ("3.5", "3.5万元"), ("50余万", "约50万元")]
)
async def test_amounts_are_echoed_in_wan(contact: Conversation, typed: str, shown: str) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", typed)
    assert f"✓ 投入资金(万元)：{shown}" in contact.text


async def test_a_doubtful_amount_is_asked_about_with_buttons(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "300000")
    assert "300000" in contact.text
    assert "30万元" in contact.buttons
    await contact.presses("30万元")
    assert "第 5/6 步" in contact.text
    await contact.says("20", "300")
    assert "投入资金(万元)\n30万元" in contact.text


async def test_a_doubt_can_be_turned_down_and_typed_anew(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "300000")
    await contact.presses("重新填")
    await contact.says("31万")
    assert "✓ 投入资金(万元)：31万元" in contact.text


async def test_an_ambiguous_place_is_chosen_by_button(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "鼓楼区")
    assert "江苏省/徐州市/鼓楼区" in contact.buttons
    assert "江苏省/南京市/鼓楼区" in contact.buttons
    await contact.presses("江苏省/徐州市/鼓楼区")
    assert "第 2/6 步" in contact.text


async def test_a_place_is_chosen_step_by_step(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file")
    await contact.presses("按省、市、县选", "上一级")
    assert contact.buttons[0] == "江苏省"
    assert "新疆维吾尔自治区" in contact.buttons[:6]
    await contact.presses("江苏省")
    await contact.presses("徐州市", "睢宁县")
    assert "第 2/6 步" in contact.text
    await contact.presses("上一步")
    assert "现在填的是：江苏省/徐州市/睢宁县" in contact.text
    await contact.presses("按省、市、县选", "上一级", "新疆维吾尔自治区", "伊犁哈萨克自治州", "就选到伊犁")
    assert "第 2/6 步" in contact.text
    await contact.says("助学", "教育帮扶", "1万", "1", "1")
    assert "新疆维吾尔自治区/伊犁哈萨克自治州" in contact.text


async def test_provinces_are_paged(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file")
    await contact.presses("按省、市、县选", "上一级")
    first = set(contact.buttons)
    await contact.presses("下一页")
    assert not {label for label in contact.buttons if label.endswith(("省", "市", "区"))} & first
    await contact.presses("上一页")
    assert set(contact.buttons) == first


async def test_what_is_wrong_is_said_and_the_question_stays(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "12.5万", "很多")
    assert "投入人员数" in contact.text
    await contact.says("20")
    assert "✓ 投入人员数：20人" in contact.text


async def test_one_can_go_back_at_each_step(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "教育帮扶", "12.5万")
    await contact.presses("上一步", "上一步", "上一步")
    assert "项目名称" in contact.text
    assert "现在填的是：困难学生助学" in contact.text
    await contact.says("困难学生助学第二期")
    assert "第 5/6 步" in contact.text


async def test_guidance_is_shown_on_request(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file")
    await contact.presses("这一项怎么填")
    assert "按实际受益的地方填" in contact.text
    await contact.says("睢宁县")
    assert "第 2/6 步" in contact.text


async def test_a_single_field_is_corrected_from_the_card(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.presses("改：投入人员数")
    assert "现在填的是：20人" in contact.text
    await contact.says("25")
    assert "投入人员数\n25人" in contact.text
    await contact.presses("改：项目名称", "不改了")
    assert "没有提交之前" in contact.text


async def test_words_at_the_card_lose_nothing(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.says("再看看")
    assert "按“提交”" in contact.text
    await contact.presses("提交")
    assert "已提交" in contact.text


async def test_a_draft_survives_days_and_restarts(town: Town, contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    await contact.presses("稍后继续")
    assert "已存为草稿" in contact.text
    town.restart()
    town.clock.moment += timedelta(days=3)
    await contact.says("/mine")
    await contact.presses("困难学生助学", "继续填写")
    assert "第 3/6 步" in contact.text
    await contact.says("教育帮扶", "12.5万", "20", "300")
    await contact.presses("提交")
    assert "已提交" in contact.text


async def test_start_in_mid_form_offers_to_resume(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学", "/start")
    assert "没填完" in contact.text
    assert "困难学生助学" in contact.text
    assert "第 3/6 步" in contact.text
    await contact.presses("继续填写")
    assert "项目性质" in contact.text


async def test_a_draft_lying_there_is_offered_before_a_new_one(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    await contact.presses("稍后继续")
    await contact.says("/file")
    assert "1 份没填完" in contact.text
    await contact.presses("草稿｜困难学生助学")
    assert "第 3/6 步" in contact.text


async def test_a_draft_is_discarded_only_after_a_second_word(contact: Conversation) -> None:
    await register(contact)
    await fill(contact)
    await contact.presses("放弃")
    assert "确定放弃" in contact.text
    await contact.presses("继续填写")
    await contact.presses("放弃", "确定放弃")
    await contact.says("/mine")
    assert "还没有填报" in contact.text


async def test_what_lies_in_the_list_can_be_given_up_there(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "睢宁县", "/mine")
    await contact.presses("草稿｜还没写名称", "放弃")
    assert "确定放弃" in contact.text
    await contact.presses("确定放弃")
    await contact.says("/mine")
    assert "还没有填报" in contact.text
    await file(contact)
    await contact.says("/mine")
    await contact.presses("已提交｜困难学生助学", "修改")
    await contact.says("/mine")
    await contact.presses("已提交｜困难学生助学", "放弃修改")
    assert "原来提交的内容不变" in contact.text


async def test_a_correction_makes_a_new_version(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    await contact.presses("困难学生助学", "修改", "改：受益人数")
    await contact.says("350")
    await contact.presses("提交修改")
    assert "第 2 版" in contact.text
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    assert "受益人数\n350人" in contact.text
    await contact.presses("修改记录")
    assert "受益人数：300人 → 350人" in contact.text
    assert "第 1 版" in contact.text


async def test_a_correction_given_up_leaves_what_is_filed(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    await contact.presses("困难学生助学", "修改", "改：受益人数")
    await contact.says("350")
    await contact.presses("放弃修改")
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    assert "受益人数\n300人" in contact.text
    assert "第 1 版" in contact.text


async def test_a_filing_is_withdrawn_after_a_second_word(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    await contact.presses("困难学生助学", "撤回")
    assert "确定撤回吗" in contact.text
    await contact.presses("确定撤回")
    await contact.says("/mine")
    await contact.presses("已撤回｜困难学生助学")
    assert "已撤回" in contact.text
    assert not any("修改" in label for label in contact.buttons)


async def test_a_similar_project_starts_from_an_earlier_one(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.presses("再报一个类似的")
    assert "已照“困难学生助学”填好其余各项" in contact.text
    assert "项目名称" in contact.text
    await contact.says("孤寡老人慰问")
    assert "投入资金(万元)\n12.5万元" in contact.text
    await contact.presses("提交")
    await contact.says("/mine")
    assert "共 2 份" in contact.text


async def test_a_likely_duplicate_is_pointed_out_as_soon_as_the_name_is_known(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/file", "睢宁县", "困难学生助学项目")
    assert "好像报过" in contact.text
    await contact.says("教育帮扶")
    assert "请先按按钮" in contact.text
    assert "好像报过" in contact.text
    await contact.presses("仍然继续")
    assert "第 3/6 步" in contact.text


async def test_a_likely_duplicate_can_be_renamed(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    await contact.presses("重新填")
    await contact.says("孤寡老人慰问")
    assert "✓ 项目名称：孤寡老人慰问" in contact.text
    assert "第 3/6 步" in contact.text


async def test_a_duplicate_can_be_looked_at(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/file", "睢宁县", "困难学生助学")
    await contact.presses("查看那一条")
    assert "已提交，第 1 版" in contact.text


async def test_other_places_and_other_names_are_no_duplicates(contact: Conversation) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/file", "泗阳县", "困难学生助学")
    assert "第 3/6 步" in contact.text
    await contact.presses("稍后继续")
    await contact.says("/file")
    await contact.presses("再报一个")
    await contact.says("睢宁县", "孤寡老人慰问")
    assert "第 3/6 步" in contact.text


@pytest.mark.parametrize(
    ("moment", "open_now"),
    [
        (datetime(2021, 10, 20, 23, 59, 58, tzinfo=SHANGHAI), True),
        (datetime(2021, 10, 21, 0, 0, 0, tzinfo=SHANGHAI), False),
    ],
)
async def test_the_deadline_is_kept_to_the_second(
    town: Town, contact: Conversation, moment: datetime, open_now: bool
) -> None:
    await register(contact)
    await file(contact)
    town.clock.moment = moment
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    assert ("修改" in contact.buttons) is open_now
    assert "受益人数\n300人" in contact.text


async def test_after_the_deadline_changes_are_refused_with_the_date(
    town: Town, contact: Conversation
) -> None:
    await register(contact)
    await file(contact)
    await contact.says("/mine")
    await contact.presses("困难学生助学")
    card = contact.last
    await contact.says("/file", "泗阳县", "另一个项目")
    town.clock.moment = datetime(2021, 10, 21, 0, 0, 0, tzinfo=SHANGHAI)
    await contact.says("民生帮扶")
    assert "2021年10月20日 23:59:59 截止" in contact.text
    await contact.taps(card, "修改")
    assert "2021年10月20日 23:59:59 截止" in contact.toasts[-1]
    await contact.taps(card, "撤回")
    assert "2021年10月20日 23:59:59 截止" in contact.toasts[-1]
    await contact.says("/file")
    assert "2021年10月20日 23:59:59 截止" in contact.text
    await contact.says("/start")
    assert "现在没有正在收集的填报" in contact.text
    assert "2021年社会组织开展乡村振兴项目明细表：\n填报已于 2021年10月20日 23:59:59 截止" in contact.text


async def test_organization_facts_are_amended(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/org")
    await contact.presses("修改", "改：联系人")
    await contact.says("赵敏")
    await contact.presses("保存")
    await contact.says("/org")
    assert "联系人\n赵敏" in contact.text


async def test_one_person_may_file_for_several_organizations(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/org")
    await contact.presses("登记另一家单位")
    await contact.says("徐州市某某慈善基金会")
    await contact.presses("跳过", "基金会", "市级")
    await contact.says("徐州市", "李明", "13800138000")
    await contact.presses("登记")
    await contact.says("/file")
    assert "替哪家单位填" in contact.text
    await contact.presses("徐州市某某慈善基金会")
    assert "第 1/6 步" in contact.text


async def test_what_people_type_is_shown_literally(contact: Conversation) -> None:
    await register(contact, Facts(name="<b>徐州&某某{{7*7}}_*[协会"))
    await file(contact, Project(name="{{ 7*7 }} <i>助学</i> & 更多"))
    await contact.says("/mine")
    assert any("{{ 7*7 }} <i>助学</i> & 更多" in label for label in contact.buttons)
    await contact.presses("助学")
    assert "{{ 7*7 }} <i>助学</i> & 更多" in contact.text
    assert "<b>徐州&某某{{7*7}}_*[协会" in contact.text


async def test_an_area_the_notice_names_is_taken_for_its_county(contact: Conversation) -> None:
    await register(contact)
    await contact.says("/file", "黄桥")
    assert "江苏省/泰州市/泰兴市" in contact.buttons
    await contact.presses("江苏省/泰州市/泰兴市")
    assert "第 2/6 步" in contact.text
