"""Questions that lean on the one before, and messages that ask two things."""

import pytest

import notices
from policy import Engine


@pytest.mark.parametrize(
    ("first", "second", "anchor"),
    [
        ("附件1是谁负责填的", "附件2呢", "js-a2-note"),
        ("附件1谁填", "这张表几号交", "js-5"),
        ("山西产业帮扶重点靠谁", "就业那块呢", "sx-3.3"),
        ("山西调研摸底什么时间", "那项目实施呢", "sx-4.3"),
        ("江苏的联系人是谁", "消费帮扶这块呢", "js-3.3"),
        ("洽谈会哪几家承办", "这两家还负责哪些事", "sx-5.1"),
        ("调研摸底谁负责", "他们还要干啥", "sx-4.2"),
        ("牵手圆梦在哪儿做", "东西部协作的呢", "js-2.2"),
        ("全省性的学会要报什么", "电子版发到哪", "js-contact"),
    ],
)
def test_a_slot_or_a_pronoun_stands_for_a_thing_of_the_question_before(
    engine: Engine, first: str, second: str, anchor: str
) -> None:
    found = engine.answer(second, previous=engine.answer(first).turn).passages
    assert found[0][1] == anchor


@pytest.mark.parametrize("words", ["那谢谢啦", "哈哈哈", "嘿哟", "asdf", "我知道了", "明天下雨吗"])
def test_small_talk_after_an_answer_is_not_answered_again(engine: Engine, words: str) -> None:
    before = engine.answer("案例里要放图吗")
    assert before.kind == "answered"
    assert engine.answer(words, previous=before.turn).kind == "declined"


@pytest.mark.parametrize(
    ("question", "anchors"),
    [
        ("案例要写多少字、用什么字体", {"js-a3-3.2", "js-a3-3.1"}),
        ("调研摸底和总结验收分别在哪个月", {"sx-4.1", "sx-4.4"}),
        ("苏晋两省组织领导各有什么要求", {"js-4.1", "sx-5.1"}),
    ],
)
def test_two_things_asked_at_once_are_both_answered(engine: Engine, question: str, anchors: set[str]) -> None:
    assert {anchor for _, anchor in engine.answer(question).passages} == anchors


def test_what_would_answer_alone_stands_first_among_several(engine: Engine) -> None:
    assert engine.answer("江苏这个有问题打哪个电话").passages[0][1] == "js-contact"


@pytest.mark.parametrize("figures", ["300000", "3个村1200户", "约30余人", "五十万元"])
def test_figures_are_no_question(engine: Engine, figures: str) -> None:
    assert engine.answer(figures).passages == ()


def test_the_index_is_not_ready_before_it_is_built(catalog: notices.Catalog) -> None:
    assert not Engine(catalog, {}).ready
    built = Engine(catalog, {})
    built.warm()
    assert built.ready


def test_who_compares_provinces_after_another_question_hears_of_each(engine: Engine) -> None:
    before = engine.answer("大标题用啥字体")
    compared = engine.answer("防返贫江苏和山西各怎么说", previous=before.turn)
    assert [anchor for _, anchor in compared.passages] == ["js-3.1", "sx-3.4"]
