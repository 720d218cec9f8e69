"""Whatever is typed, no kind raises; what is taken can be shown, and what is shown reads as itself."""

from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import divisions
import forms
import notices
import templates
from bot.commands.parse import _field
from forms.model import FieldType

CONTEXT = forms.Context(today=date(2021, 10, 15), regions=("320324",), areas={"黄桥": ("321283",)})
FIELDS = {
    kind: forms.Field(name="x", type=kind, label="x", unit="人" if kind == "count" else "")
    for kind in get_args(FieldType)
}
FIELDS["choice"] = _field("nature")
CHINESE = st.text(
    alphabet="一二两三十百千万亿元块多余约近不到超过共每年月日至今省市县区州丰睢宁人名户次家和点半几"
    "、,，.-~～()0123456789 wWoOl%+",
    max_size=24,
)
ANY = st.one_of(st.text(max_size=60), CHINESE, st.characters().map(lambda c: f"3{c}万"))


@pytest.mark.parametrize("kind", get_args(FieldType))
@given(raw=ANY)
@settings(max_examples=120, deadline=None)
def test_no_text_raises_and_what_is_taken_reads_as_itself(kind: FieldType, raw: str) -> None:
    field = FIELDS[kind]
    reading = forms.read(field, raw, CONTEXT)
    assert (reading.answer is None) == (reading.complaint is not None)
    if reading.complaint is not None:
        assert templates.plain(f"complaints.{reading.complaint.code}", **reading.complaint.params)
    for answer in (reading.answer, *reading.candidates):
        if answer is not None and kind != "file":
            same(field, answer)


def same(field: forms.Field, answer: forms.Answer) -> None:
    """The answer as shown is read as the same value, as sure or unsure as it was."""
    shown = forms.show(field, answer)
    assert shown.strip()
    again = forms.read(field, shown, CONTEXT)
    assert again.answer is not None, (answer, shown, again)
    assert again.answer.value == answer.value, (shown, again)
    assert again.answer.bound == answer.bound, (shown, again)
    if field.type in ("money", "count"):
        assert again.answer.approximate == answer.approximate, (shown, again)


def sure(field: forms.Field, value: Any, **said: Any) -> None:
    answer = forms.Answer(value, **said)
    again = forms.read(field, forms.show(field, answer), CONTEXT)
    assert again.firm, (answer, forms.show(field, answer), again)
    assert again.answer is not None
    assert (again.answer.value, again.answer.approximate, again.answer.bound) == (
        value,
        answer.approximate,
        answer.bound,
    )


BOUNDS = st.sampled_from([None, "<", "<=", ">", ">="])


@given(fen=st.integers(0, 10**14), bound=BOUNDS, about=st.booleans())
def test_shown_money_is_read_as_itself(fen: int, bound: Any, about: bool) -> None:
    sure(FIELDS["money"], fen, bound=bound, approximate=about or bound is not None)


@given(people=st.integers(0, 10**8), bound=BOUNDS, about=st.booleans(), unit=st.sampled_from(["", "人次"]))
def test_shown_counts_are_read_as_themselves(people: int, bound: Any, about: bool, unit: str) -> None:
    details = {"unit": unit} if unit else {}
    sure(FIELDS["count"], people, bound=bound, approximate=about or bound is not None, details=details)


def test_every_division_shown_is_read_as_itself() -> None:
    for province in divisions.children():
        for city in (province, *divisions.children(province.code)):
            for place in (city, *divisions.children(city.code)):
                sure(FIELDS["region"], place.code)
                told = forms.read(FIELDS["region"], divisions.full_name(place.code), CONTEXT)
                assert told.firm
                assert told.answer is not None
                assert told.answer.value == place.code


@given(
    day=st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    length=st.integers(0, 4000),
    exact=st.booleans(),
    open_end=st.booleans(),
)
def test_shown_periods_are_read_as_themselves(day: date, length: int, exact: bool, open_end: bool) -> None:
    last = min(day + timedelta(days=length), date(2100, 12, 31))
    cut = 10 if exact else 7
    end = None if open_end else last.isoformat()[:cut]
    sure(FIELDS["period"], {"start": day.isoformat()[:cut], "end": end})


@pytest.mark.parametrize("name", ["nature", "org_type", "level"])
def test_every_label_is_read_as_its_choice(name: str) -> None:
    for option in _field(name).choices:
        sure(_field(name), option.name)


def test_an_overlong_text_is_refused_and_not_read() -> None:
    for kind in get_args(FieldType):
        reading = forms.read(FIELDS[kind], "三" * 50_000, CONTEXT)
        assert reading.complaint is not None
        assert reading.complaint.code == "too_long"


FORM = notices.load().notice("jiangsu-2021").forms[0]


@pytest.mark.parametrize(("length", "code"), [(100, None), (101, "constraint"), (500, "constraint")])
def test_a_long_name_is_measured_by_what_the_field_allows(length: int, code: str | None) -> None:
    complaint = forms.read(FORM.field("project_name"), "助" * length, CONTEXT).complaint
    assert (complaint.code if complaint else None) == code


def test_a_name_too_long_to_be_read_is_refused_with_what_the_field_allows() -> None:
    complaint = forms.read(FORM.field("project_name"), "助" * 2_001, CONTEXT).complaint
    assert complaint == forms.Complaint("too_long", {"limit": 100})


PIECES = (
    *(
        "我们在睢宁县",
        "，",
        "。",
        "；\n",
        "志愿者15人",
        "受益",
        "老人80名",
        "200户",
        "投入资金：3万元",
        "20万",
    ),
    *(
        "丰县",
        "项目名称：助学",
        "和",
        "第二个项目",
        "另外",
        "每人500元",
        "一行",
        "给学生",
        "项目性质 教育",
        "的",
    ),
    *("其中", "12.5", "约", "？", "100人次", "伊犁霍城", "大沙河镇"),
)
TOLD = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(text=st.one_of(TOLD, st.text(max_size=80)))
@settings(max_examples=200, deadline=None)
def test_any_paragraph_is_read_and_what_it_proposes_reads_as_itself(text: str) -> None:
    proposal = forms.propose(FORM, text, CONTEXT)
    assert set(proposal.answers).isdisjoint(proposal.asked)
    assert {*proposal.answers, *proposal.asked} == {field.name for field in FORM.fields}
    if proposal.several:
        assert not proposal.answers
    for name, answer in proposal.answers.items():
        same(FORM.field(name), answer)
        assert forms.check(FORM.field(name), answer) is None
