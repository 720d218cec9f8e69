"""The pure rules: folded names, alike names, near places, codes, projections, what a credit code proposes."""

from datetime import date

import pytest

from forms.model import Answer, Choice, Field, Form
from registration import duplicates, invites
from registration.completing import complete_answers, projections
from registration.entries import Entry
from registration.names import fold
from registration.proposals import proposals
from registration.refusals import Incomplete, InvalidAnswer

FORM = Form(
    name="f",
    title="表",
    short_title="表",
    fields=(
        Field(name="title", type="text", label="名称", projection="name"),
        Field(name="amount", type="count", label="人数", projection="people", constraint={"min": 0}),
        Field(name="note", type="text", label="说明", required=False),
    ),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("徐州市青禾协会", "徐州市 青禾 协会", True),
        ("青禾（徐州）协会", "青禾(徐州)协会。", True),
        ("ＡＢＣ协会", "abc协会", True),
        ("青禾\u200b协会", "青禾协会", True),
        ("徐州市青禾协会", "徐州市青苗协会", False),
        ("徐州市青禾协会", "徐州市青禾基金会", False),
    ],
)
def test_names_are_compared_without_what_people_write_differently(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("困难学生助学", "困难学生助学", True),
        ("困难学生助学", "困难学生助学项目", True),
        ("“春蕾”困难学生助学", "春蕾困难学生助学", True),
        ("2021年困难学生资助", "2021年困难学生助学", True),
        ("助学", "助老", False),
        ("助学", "睢宁县贫困学生助学金发放", False),
        ("孤寡老人慰问", "困难学生助学", False),
    ],
)
def test_alike_names(one: str, other: str, alike: bool) -> None:
    assert duplicates.is_alike(fold(one), "", fold(other), "") is alike
    assert duplicates.is_alike(fold(other), "", fold(one), "") is alike


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("320324", "320324", True),
        ("320324", "320300", True),
        ("320000", "320324", True),
        ("", "320324", True),
        ("320324", "320322", False),
        ("653000", "654000", False),
    ],
)
def test_near_places(one: str, other: str, near: bool) -> None:
    assert duplicates.is_alike("困难学生助学", one, "困难学生助学", other) is near
    assert duplicates.is_alike("困难学生助学", other, "困难学生助学", one) is near


@pytest.mark.parametrize(
    ("typed", "shaped"),
    [
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", True),
        ("abcdefgh ijklmnop-qrstuvwx yz234567", True),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ23456", False),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234561", False),
        ("province", False),
        ("", False),
    ],
)
def test_what_looks_like_an_invite(typed: str, shaped: bool) -> None:
    assert invites.looks_like_code(typed) is shaped


def test_a_complete_form_is_filed_without_what_was_skipped() -> None:
    answers = {"title": Answer("助学"), "amount": Answer(0), "note": Answer(None)}
    complete = complete_answers(FORM, answers)
    assert list(complete) == ["title", "amount"]
    assert projections(FORM, complete) == {"name": "助学", "people": 0}


@pytest.mark.parametrize(
    ("answers", "labels"),
    [
        ({}, ("名称", "人数")),
        ({"title": Answer("助学")}, ("人数",)),
        ({"title": Answer(None), "amount": Answer(1)}, ("名称",)),
    ],
)
def test_what_is_missing_is_named(answers: dict[str, Answer], labels: tuple[str, ...]) -> None:
    with pytest.raises(Incomplete) as refused:
        complete_answers(FORM, answers)
    assert refused.value.params == {"labels": labels}


def test_an_answer_beyond_its_limits_is_not_filed() -> None:
    with pytest.raises(InvalidAnswer):
        complete_answers(FORM, {"title": Answer("助学"), "amount": Answer(-1)})


REGISTRATION = Form(
    name="o",
    title="单位",
    short_title="单位",
    fields=(
        Field(name="credit_code", type="credit_code", label="代码", required=False),
        Field(
            name="type",
            type="choice",
            label="类型",
            choices=(Choice(name="association", label="社会团体"), Choice(name="foundation", label="基金会")),
        ),
        Field(name="home", type="region", label="所在地"),
    ),
)


def registration(**answers: Answer) -> Entry:
    return Entry("registration", 1, 0, "register", REGISTRATION, answers)


@pytest.mark.parametrize(
    ("details", "before", "proposed"),
    [
        ({"type": "association", "region": "320300"}, {}, {"type": "association", "home": "320300"}),
        ({"type": "institution", "region": "320300"}, {}, {"home": "320300"}),
        ({"region": "999999"}, {}, {}),
        ({"type": "association"}, {"type": Answer("foundation")}, {}),
        (
            {"type": "association"},
            {"type": Answer("foundation", details={"proposed": True})},
            {"type": "association"},
        ),
    ],
)
def test_a_code_proposes_what_the_person_has_not_said(
    details: dict[str, str], before: dict[str, Answer], proposed: dict[str, str]
) -> None:
    field = REGISTRATION.field("credit_code")
    found = proposals(registration(**before), field, Answer("code", details=details), date(2021, 10, 11))
    assert {name: answer.value for name, answer in found.items()} == proposed
    assert all(answer.details == {"proposed": True} for answer in found.values())
