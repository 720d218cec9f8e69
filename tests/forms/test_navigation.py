"""Which field comes next, and what becomes of answers when an earlier one changes."""

import pytest

import forms

FORM = forms.Form(
    name="visit",
    title="x",
    short_title="x",
    fields=(
        forms.Field(name="kind", type="text", label="kind"),
        forms.Field(
            name="road", type="text", label="road", relevant=forms.Condition(field="kind", values=("road",))
        ),
        forms.Field(
            name="width", type="count", label="width", relevant=forms.Condition(field="road", values=("new",))
        ),
        forms.Field(name="note", type="text", label="note", required=False),
        forms.Field(name="sum", type="money", label="sum"),
    ),
)


def said(**values: str) -> dict[str, forms.Answer]:
    return {name: forms.Answer(value) for name, value in values.items()}


def asked(answers: dict[str, forms.Answer], skipped: frozenset[str] = frozenset()) -> str | None:
    found = forms.next_field(FORM, answers, skipped)
    return found.name if found else None


def test_irrelevant_field_is_never_asked() -> None:
    assert asked({}) == "kind"
    assert asked(said(kind="school")) == "note"
    assert asked(said(kind="road")) == "road"
    assert asked(said(kind="road", road="new")) == "width"


def test_only_an_optional_field_can_be_skipped() -> None:
    assert asked(said(kind="school"), frozenset({"note"})) == "sum"
    assert asked({}, frozenset({"kind"})) == "kind"


def test_nothing_is_asked_when_all_is_said() -> None:
    assert asked(said(kind="school", note="n", sum="1")) is None
    assert forms.missing_fields(FORM, said(kind="school", sum="1")) == ()


def test_answers_that_no_longer_count_are_dropped_with_those_that_hang_on_them() -> None:
    answers = said(kind="school", road="new", width="3", sum="1")
    assert list(forms.drop_irrelevant(FORM, answers)) == ["kind", "sum"]
    assert [item.name for item in forms.relevant_fields(FORM, answers)] == ["kind", "note", "sum"]


def test_position_counts_relevant_fields_only() -> None:
    assert forms.position(FORM, said(kind="school"), "sum") == forms.Position(3, 3)
    assert forms.position(FORM, said(kind="road", road="new"), "sum") == forms.Position(5, 5)
    with pytest.raises(KeyError):
        forms.position(FORM, said(kind="school"), "road")


def test_the_step_back_goes_to_the_relevant_field_before() -> None:
    before = forms.previous_field(FORM, said(kind="school"), "note")
    assert before is not None
    assert before.name == "kind"
    assert forms.previous_field(FORM, {}, "kind") is None


def test_a_broken_limit_is_a_complaint_in_the_packs_words() -> None:
    field = forms.Field(
        name="n",
        type="count",
        label="n",
        constraint=forms.Constraint(min=1, max=50),
        constraint_message="1 到 50",
    )
    context = forms.Context(today=__import__("datetime").date(2021, 10, 15))
    assert forms.read(field, "30", context).firm
    refused = forms.read(field, "51", context).complaint
    assert refused == forms.Complaint("constraint", {"message": "1 到 50"})
