"""A sum and what it is made of: never counted twice, and asked where the words leave it open."""

import json

import pytest

from bot.commands.parse import parse_row


def read(raw: str) -> dict:
    return json.loads(json.dumps(parse_row({"id": 1, "field": "invested_wan", "raw": raw})))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("20万（其中现金15万，物资5万）", 20),
        ("总投入20万，其中现金15万、物资5万", 20),
        ("25.6万元（其中药品15万元，设备10.6万元）", 25.6),
        ("10万（现金6万、物资4万）", 10),
        ("20万（现金15万+物资5万）", 20),
        ("20万（含物资折价5万）", 20),
        ("3万元（每人1000元）", 3),
        ("现金15万，物资5万，合计20万", 20),
        ("现金10万(含税)，物资5万", 15),
        ("10万元（物资折价），现金2万元", 12),
    ],
)
def test_parts_are_not_added_to_their_sum(raw: str, value: float) -> None:
    got = read(raw)
    assert got["value"] == value
    assert "confirm" not in got


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("20万（现金15万）", [20, 35]),
        ("20万（另物资5万）", [20, 25]),
        ("20万，其中现金15万，另捐物资5万", [20, 25]),
        ("10万元（个人5万元），物资3万", [10, 13]),
        ("约20万，具体18.6万", [20, 18.6]),
        ("15+5=20万", [20, 15, 5]),
    ],
)
def test_what_may_come_on_top_is_asked(raw: str, candidates: list[float]) -> None:
    got = read(raw)
    assert got["confirm"]
    assert got["candidates"] == candidates


def test_a_sum_for_each_of_several_years_is_not_taken_for_the_whole() -> None:
    assert read("5万*3年")["confirm"]


@pytest.mark.parametrize("raw", ["12·5万", "3 0 万"])
def test_a_figure_that_came_apart_is_not_read_as_two(raw: str) -> None:
    assert "分隔符不明" in read(raw)["error"]
