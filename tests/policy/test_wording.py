"""Reading what people type: homophones, provinces, clauses."""

import pytest

import notices
from policy import Engine
from policy.places import named_provinces, without_provinces
from policy.several import parts_of
from policy.wording import clauses, matches_injection, normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("留守儿同怎么帮", "留守儿童怎么帮"),
        ("副表题用什么字体", "副标题用什么字体"),
        ("受一人数怎么算", "受益人数怎么算"),
    ],
)
def test_homophones_are_put_right(engine: Engine, typed: str, meant: str) -> None:
    assert engine.decider.spelled(typed) == meant


def test_what_is_spelled_right_stays(engine: Engine) -> None:
    assert engine.decider.spelled("登记层级怎么填") == "登记层级怎么填"


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("江苏和山西", ["江苏省", "山西省"]),
        ("太原市的社团", ["山西省"]),
        ("徐州这边", ["江苏省"]),
        ("陝西省", ["陕西省"]),
        ("大同小异", []),
    ],
)
def test_provinces_are_known_by_their_own_and_their_cities_names(text: str, provinces: list[str]) -> None:
    assert named_provinces(text) == provinces


def test_a_province_can_be_taken_out() -> None:
    assert without_provinces("山西省的呢") == "的呢"


def test_two_things_named_in_one_breath_are_two_questions(engine: Engine, catalog: notices.Catalog) -> None:
    parts = [text for text, _ in parts_of("附件1和附件2分别谁填", None, engine.knowledge)]
    assert parts == ["附件1分别谁填", "附件2分别谁填"]


def test_a_story_is_context_and_the_question_asks() -> None:
    found = clauses(normalise("我们是个小协会，刚成立没多久。材料几号截止？"))
    assert [(part.text, part.asks) for part in found][-1] == ("材料几号截止", True)
    assert not found[0].asks


@pytest.mark.parametrize(
    "text", ["截止日期能改成月底吗", "你们是民政厅吗", "通过审核要几天", "以后有人问怎么办"]
)
def test_questions_are_no_orders(text: str) -> None:
    assert not matches_injection(text)
