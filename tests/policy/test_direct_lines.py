"""The line above a passage: a fact that answers, yes or no where the text decides it, or nothing."""

import pytest

from notices.bank import Bank, Told, bank_faults
from policy import Engine


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("写4600字行吗", "可以"),
        ("案例写5001字可以吗", "不可以"),
        ("案例写两千字行不行", "不可以"),
        ("摘要写310字行不行", "不可以"),
        ("摘要250字行吗", "可以"),
        ("非法社会组织借我们的账户行不行", "不可以"),
        ("帮残疾人的公益项目能算进统计表吗", "可以"),
        ("案例写3000字行吗", "可以"),
        ("备案的社区社会组织可以报案例吗", "可以"),
        ("以乡村振兴名义牟利行不行", "不可以"),
        ("山西项目可以合作实施吗", "可以"),
    ],
)
def test_yes_and_no_where_the_text_decides(engine: Engine, question: str, verdict: str) -> None:
    assert engine.answer(question).verdict == verdict


@pytest.mark.parametrize(
    "question",
    [
        "境外非政府组织可否作为合作方参与项目",
        "外国的NGO能当合作伙伴吗",
        "境外机构可以参加产业帮扶吗",
        "台湾登记的基金会可以申报案例吗",
        "个人可以申报案例吗",
        "没备案的队伍能投案例吗",
        "超过四千字可以吗",
        "党支部能参加吗",
        "可以和企业合作实施项目吗",
        "自己独立实施的项目用不用定期汇报",
        "收报名费可以吗",
        "可以评比吗",
        "志愿服务队可以报吗",
        "外省的基金会可以报案例吗",
        "基金会可以不报案例吗",
        "基金会可以报两个案例吗",
        "跟没登记的组织合作可以吗",
        "给合法的社会组织借账户可以吗",
        "要不要签长期协议",
        "不签长期协议行吗",
        "主要做法写800字行不行",
        "帮困项目可以重复计入吗",
    ],
)
def test_no_yes_or_no_where_the_text_leaves_it_open(engine: Engine, question: str) -> None:
    assert engine.answer(question).verdict is None


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("副标题用什么字体", "副标题用三号楷体"),
        ("大标题用什么字体", "大标题用二号华中宋加黑"),
        ("示范项目投入多少钱", "116万元"),
        ("材料几号前报送", "10月20日"),
        ("总结验收在什么时候", "2024年6月"),
    ],
)
def test_the_line_holds_the_slot_asked_for(engine: Engine, question: str, fact: str) -> None:
    assert fact in (engine.answer(question).direct or "")


@pytest.mark.parametrize("question", ["山西产业帮扶怎么讲", "消费帮扶这块山西怎么说", "搭建平台这步讲了啥"])
def test_the_line_is_no_bare_heading(engine: Engine, question: str) -> None:
    outcome = engine.answer(question)
    assert outcome.kind == "answered"
    assert not (outcome.direct or "").startswith("(")


def test_a_bank_refuses_a_span_that_is_only_a_heading() -> None:
    told = Told(id="x", anchors=("a",), topic="t", attribute="what", spans=("(一)产业帮扶",), wordings=("w",))
    faults = list(bank_faults(Bank(answers=(told,)), {"a": "(一)产业帮扶。以行业协会为重点"}))
    assert faults == [("x", "the span '(一)产业帮扶' is only a heading and answers nothing")]
