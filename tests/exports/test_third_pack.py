"""A pack of quite another shape is laid out without new code: groups, subtotals, other filers."""

from datetime import datetime
from typing import Any

import pytest

from notices.model import Notice
from storage.scopes import Scope

CHENGDU, PROVINCE = Scope("city", "510100"), Scope("province", "510000")


@pytest.fixture
def machines(filed: Any) -> list[Any]:
    def make(number: int, machine: str, quantity: int, fen: int, **more: Any) -> Any:
        said = {"needed_on": "2024-03-20", "quantity": quantity, "operator_phone": "13800138000", **more}
        return filed(
            kind="village",
            organization_id=number,
            organization_name=f"第{number}村民委员会",
            level="",
            home="510121",
            organization_answers={
                "hills": {"value": "hill" if number % 2 else "plain"},
                "households": {"value": 300},
            },
            nature=machine,
            money=fen,
            name=said.pop("machine_name", ""),
            answers={name: {"value": value, "raw": ""} for name, value in said.items()},
        )

    return [
        make(1, "drone", 2, 9_000_000, funding="subsidy", subsidy=3_000_000),
        make(2, "tractor", 1, 12_500_000, funding="own"),
        make(1, "tractor", 3, 30_000_001, funding="subsidy", subsidy=500_000),
        make(2, "other", 4, 2_000_000, funding="own", machine_name="插秧机"),
    ]


def test_groups_stand_together_with_their_sums(villages: Notice, lay_out: Any, machines: list[Any]) -> None:
    sheet = lay_out(villages, "list", machines, CHENGDU)["清单"]
    assert sheet[2][0] == "填表单位：成都市农机站"
    body = sheet[4:]
    day = datetime(2024, 3, 20)
    phone = "13800138000"
    assert body == [
        [1, "第2村民委员会", "拖拉机", None, day, 1, 12.5, None, phone],
        [2, "第1村民委员会", "拖拉机", None, day, 3, 30.000001, 0.5, phone],
        ["拖拉机小计", None, None, None, None, 4, 42.500001, 0.5, None],
        [3, "第1村民委员会", "植保无人机", None, day, 2, 9, 3, phone],
        ["植保无人机小计", None, None, None, None, 2, 9, 3, None],
        [4, "第2村民委员会", "其他", "插秧机", day, 4, 2, None, phone],
        ["其他小计", None, None, None, None, 4, 2, 0, None],
        ["合计", None, None, None, None, 10, 53.500001, 3.5, None],
        ["注：台数、金额按类别小计。", *[None] * 8],
    ]


def test_an_edition_may_have_sheets_by_any_fact_of_the_filer(
    villages: Notice, lay_out: Any, machines: list[Any]
) -> None:
    sheets = lay_out(villages, "list", machines, PROVINCE)
    assert {title: [row[1] for row in sheet[4:] if row[1]] for title, sheet in sheets.items()} == {
        "平坝": ["第2村民委员会"] * 2,
        "丘陵": ["第1村民委员会"] * 2,
    }


def test_rows_may_count_by_any_choice(villages: Notice, lay_out: Any, machines: list[Any]) -> None:
    sheets = lay_out(villages, "summary", machines, CHENGDU)
    assert [row[0:8] for row in sheets["汇总"][4:]] == [
        ["动力机械", "拖拉机", 2, 1, 4, 3, 42.500001, 30.000001],
        [None, "收割机", 0, 0, 0, 0, 0, 0],
        ["其余", None, 2, 1, 6, 2, 11, 9],
    ]
    assert [row[1:5] for row in sheets["来源"][2:]] == [
        ["拖拉机", "第2村民委员会", 300, 1],
        ["拖拉机", "第1村民委员会", 300, 3],
        ["其余", "第1村民委员会", 300, 2],
        ["其余", "第2村民委员会", 300, 4],
    ]


def test_an_empty_table_still_opens(villages: Notice, lay_out: Any) -> None:
    assert [row[0] for row in lay_out(villages, "list", [], CHENGDU)["清单"]][-2:] == [
        "序号",
        "注：台数、金额按类别小计。",
    ]
