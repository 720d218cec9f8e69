"""A count of other things than people is read with its own unit, and shown as it is read."""

from datetime import date

import pytest

import forms
import templates
from forms.model import Context, Field

TODAY = Context(date(2024, 3, 1))
MACHINES = Field(name="quantity", type="count", label="台数", unit="台")
HOUSEHOLDS = Field(name="households", type="count", label="户数", unit="户")


@pytest.mark.parametrize(
    ("field", "raw", "value", "shown"),
    [
        (MACHINES, "3台", 3, "3台"),
        (MACHINES, "3", 3, "3台"),
        (MACHINES, "两台", 2, "2台"),
        (MACHINES, "20多台", 20, "约20台"),
        (MACHINES, "大概十台左右", 10, "约10台"),
        (MACHINES, "3台拖拉机", 3, "3台"),
        (HOUSEHOLDS, "312户", 312, "312户"),
        (HOUSEHOLDS, "1.2万户", 12000, "12000户"),
    ],
)
def test_its_own_unit_is_understood(field: Field, raw: str, value: int, shown: str) -> None:
    reading = forms.read(field, raw, TODAY)
    assert reading.answer is not None
    assert not reading.confirm
    assert reading.answer.value == value
    assert forms.show(field, reading.answer) == shown
    again = forms.read(field, shown, TODAY).answer
    assert again is not None
    assert again.value == value


@pytest.mark.parametrize(("field", "raw"), [(MACHINES, "3个人"), (MACHINES, "3户"), (HOUSEHOLDS, "900人")])
def test_another_unit_is_refused_with_the_right_one(field: Field, raw: str) -> None:
    complaint = forms.read(field, raw, TODAY).complaint
    assert complaint is not None
    said = templates.render(f"complaints.{complaint.code}", **complaint.params)
    assert f"有多少{field.unit}" in said
