"""A pasted paragraph: sure fields are proposed, unsure ones are asked, none is guessed."""

from collections import Counter
from datetime import date

import pytest

import forms
import notices
from forms.paragraph import propose
from scripts.score_paragraphs import judged, judged_told, rows_of

FORM = notices.load().notice("jiangsu-2021").forms[0]
# The sets told by hand, and the share of their fields that is to be found.
TOLD = {"told.jsonl": 0.8, "told_second.jsonl": 0.6, "told_third.jsonl": 0.6, "told_fourth.jsonl": 0.6}
CONTEXT = forms.Context(today=date(2021, 10, 15))


def proposed(text: str) -> dict[str, str]:
    answers = propose(FORM, text, CONTEXT).answers
    return {name: forms.show(FORM.field(name), answer) for name, answer in answers.items()}


def test_reported_projects_are_proposed_right() -> None:
    counts = Counter(verdict for verdict, *_ in judged(rows_of("projects.jsonl"), FORM))
    assert counts["wrong"] / (counts["right"] + counts["wrong"]) <= 0.01
    assert counts["right"] / (counts["right"] + counts["asked"]) >= 0.7


@pytest.mark.parametrize(("name", "found"), TOLD.items())
def test_paragraphs_by_other_hands_are_proposed_right(name: str, found: float) -> None:
    counts = Counter(verdict for verdict, *_ in judged_told(rows_of(name), FORM))
    assert counts["wrong"] / (counts["right"] + counts["wrong"]) <= 0.01
    assert counts["right"] / (counts["right"] + counts["asked"]) >= found


@pytest.mark.parametrize("row", [row for name in TOLD for row in rows_of(name) if "projects" in row])
def test_several_projects_are_never_merged(row: dict) -> None:
    proposal = propose(FORM, row["text"], CONTEXT)
    assert proposal.several
    assert not proposal.answers


def test_a_whole_paragraph_fills_the_card() -> None:
    text = (
        "我们协会2021年5月到徐州市睢宁县开展“情暖夕阳”慰问活动，给敬老院送棉被，"
        "一共花了3.5万元，志愿者15人参加，慰问老人120名。"
    )
    assert proposed(text) == {
        "region": "江苏省/徐州市/睢宁县",
        "project_name": "“情暖夕阳”慰问活动",
        "nature": "民生帮扶",
        "invested": "3.5万元",
        "people": "15人",
        "beneficiaries": "120人",
    }


def test_labelled_lines_are_read_each_by_its_field() -> None:
    text = (
        "帮扶地区：宿迁泗阳\n项目名称：困难学生助学\n项目性质：教育\n"
        "投入资金：约12.5万\n投入人员：8人\n受益人数：230人"
    )
    told = proposed(text)
    assert told["region"] == "江苏省/宿迁市/泗阳县"
    assert told["invested"] == "约12.5万元"
    assert (told["people"], told["beneficiaries"]) == ("8人", "230人")


def test_what_is_unsure_is_asked() -> None:
    proposal = propose(FORM, "我会在丰县和睢宁县助学，两名学生发放800元，20人参加，帮助几十人。", CONTEXT)
    assert "region" not in proposal.answers
    assert "invested" in proposal.asked
    assert "beneficiaries" in proposal.asked


def test_donors_are_no_staff_and_the_home_is_no_aid_region() -> None:
    told = proposed("南京市某商会80多位会员捐款，送给陕西省山阳县两岭镇学校一批课桌，价值2.32万元。")
    assert told["region"] == "陕西省/商洛市/山阳县"
    assert "people" not in told


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("会长掏了2万，副会长们凑了一点，到睢宁县看望孩子", "invested"),
        ("募捐到31万元，支出了28万元，用于镇安县小学食堂", "invested"),
        ("2020年投入12万元，2021年投入18万元，两年共30万元", "invested"),
        ("向玛沁县捐羽绒服，市价24万，采购花12万8", "invested"),
        ("合作社分红给96户，每户800，总共76800元", "invested"),
        ("给睢宁县困难群众买了保险，保额5000万，保费12.5万", "invested"),
        ("捐赠协议签了200万分四年给，今年第一笔50万已打到特克斯县", "invested"),
        ("资助了从商州区来的13名患儿", "region"),
        ("200名大学生和200名山里孩子结对写信", "beneficiaries"),
        ("我是江阴的，资助了16名困难学生", "region"),
        ("夫妻志愿者3对，加上学生志愿者10名，去建湖县", "people"),
        ("给丹凤县送去现金5万元、口罩和消毒液", "nature"),
    ],
)
def test_one_of_two_readings_is_not_picked(text: str, field: str) -> None:
    proposal = propose(FORM, text, CONTEXT)
    assert field in proposal.asked
    assert field not in proposal.answers


def test_a_misspelt_county_is_not_the_one_whose_name_it_ends_with() -> None:
    assert "region" not in proposed("今年三月去了雎宁县给老人送温暖")
    assert proposed("今年三月去了庆阳市宁县给老人送温暖")["region"] == "甘肃省/庆阳市/宁县"


def test_a_place_keeps_the_words_it_was_told_in() -> None:
    answer = propose(FORM, "我们到徐州市睢宁县慰问老人", CONTEXT).answers["region"]
    assert (answer.value, answer.raw) == ("320324", "徐州市睢宁县")


def test_a_text_about_nothing_proposes_nothing() -> None:
    for text in ("", "你好", "今天天气不错" * 300, "\x00\ud800", "3" * 5000):
        proposal = propose(FORM, text, CONTEXT)
        assert not proposal.answers
        assert len(proposal.asked) == len(FORM.fields)
