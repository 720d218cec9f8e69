"""A place named by its number is the heading or the column that stands there."""

import pytest

from policy import Engine


@pytest.mark.parametrize(
    ("question", "anchors"),
    [
        ("江苏第四部分（三）讲什么", ["js-4.3"]),
        ("山西第四部分第三条是啥", ["sx-4.3"]),
        ("第四部分（三）讲什么", ["js-4.3", "sx-4.3"]),
        ("附件3第二部分讲什么", ["js-a3-2.1", "js-a3-2.2", "js-a3-2.3"]),
        ("苏社管第二部分讲哪几条", ["js-2.1", "js-2.2", "js-2.3"]),
    ],
)
def test_a_numbered_part_is_found(engine: Engine, question: str, anchors: list[str]) -> None:
    assert [anchor for _, anchor in engine.answer(question).passages] == anchors


def test_a_numbered_column_is_the_one_told(engine: Engine) -> None:
    assert engine.answer("附件2第5列").direct == "投入资金 (万元)"


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("苏社管14号文什么时候截止", "js-5"),
        ("14号文的联系人是谁", "js-contact"),
        ("兴村强晋几月结束", "sx-4.4"),
    ],
)
def test_a_notice_is_known_by_its_title_and_number(engine: Engine, question: str, anchor: str) -> None:
    assert engine.answer(question).passages[0][1] == anchor


def test_what_only_the_other_notice_says_is_not_told_of_one_known_by_its_title(engine: Engine) -> None:
    assert engine.answer("兴村强晋的案例写多少字").passages == ()
