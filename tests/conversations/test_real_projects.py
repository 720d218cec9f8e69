"""32 real projects, filed through chat by as many organizations; the tables against a count from the CSV."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.clock import real_now
from registration import invites
from storage.scopes import Scope
from tests.conversations.talking import Town
from tests.conversations.walks import Facts, Project, file, register

Row = Mapping[str, str]
CSV = Path(__file__).parents[1] / "data" / "jiangsu_projects.csv"
REGION_ROWS = ["新疆克州", "新疆伊犁州", "西藏拉萨市", "陕西省", "青海省", "省外其它地区", "省 内"]
CITIES = ["徐州市", "苏州市", "南京市"]


def rows() -> list[Row]:
    with CSV.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def region_row(row: Row) -> str:
    """The line of annex 1, from the names in the CSV alone."""
    if row["province"] == "江苏省":
        return "省 内"
    if row["city"] == "克孜勒苏柯尔克孜自治州":
        return "新疆克州"
    if row["city"] == "伊犁哈萨克自治州":
        return "新疆伊犁州"
    if row["city"] == "拉萨市":
        return "西藏拉萨市"
    return row["province"] if row["province"] in ("陕西省", "青海省") else "省外其它地区"


def count(chosen: Iterable[Row]) -> dict[str, list[Decimal]]:
    """Annex 1's ten figures for each line: five measures, each in all and of city level."""
    figures: dict[str, list[Decimal]] = {name: [Decimal(0)] * 10 for name in REGION_ROWS}
    organizations: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in chosen:
        line = region_row(row)
        for split in (0, 1) if row["level"] == "市级" else (0,):
            organizations[line, split].add(row["organization"])
            figures[line][split] = Decimal(len(organizations[line, split]))
            figures[line][2 + split] += 1
            figures[line][4 + split] += Decimal(row["invested_wan"])
            figures[line][6 + split] += int(row["people"])
            figures[line][8 + split] += int(row["beneficiaries"])
    return figures


def printed(sheet: Worksheet) -> dict[str, list[Decimal]]:
    """The same figures as annex 1's sheet shows them."""
    found = {}
    for cells in sheet.iter_rows(values_only=True):
        label = next((str(cell).strip() for cell in cells[1::-1] if cell), "")
        if label in REGION_ROWS:
            found[label] = [Decimal(str(cell or 0)) for cell in cells[2:12]]
    return found


def same(ours: dict[str, list[Decimal]], theirs: dict[str, list[Decimal]]) -> None:
    for line in REGION_ROWS:
        assert theirs[line] == pytest.approx(ours[line]), line


def detail(sheet: Worksheet) -> set[tuple[Any, ...]]:
    """Annex 2's rows, figures as numbers."""
    return {
        (*cells[:4], *(Decimal(str(cell)) for cell in cells[4:7]))
        for cells in sheet.iter_rows(values_only=True)
        if isinstance(cells[5], int)
    }


def expected_detail(chosen: Iterable[Row]) -> set[tuple[Any, ...]]:
    return {
        (
            row["organization"],
            "/".join(part for part in (row["province"], row["city"], row["county"]) if part),
            row["project_name"],
            row["nature"],
            Decimal(row["invested_wan"]),
            Decimal(row["people"]),
            Decimal(row["beneficiaries"]),
        )
        for row in chosen
    }


async def file_all(town: Town) -> None:
    for number, row in enumerate(rows(), start=1):
        person = town.meet(number, f"联系人{number}")
        facts = Facts(
            row["organization"], row["type"], row["level"], row["home"], "王小明", f"1380013{number:04}"
        )
        money = f"{row['invested_wan']}余万元" if row["approximate"] else f"{row['invested_wan']}万元"
        place = row["province"] + row["city"] + row["county"]
        await register(person, facts)
        await file(
            person,
            Project(place, row["project_name"], row["nature"], money, row["people"], row["beneficiaries"]),
        )


async def test_both_workbooks_equal_an_independent_count(town: Town) -> None:
    await file_all(town)
    clerk = town.meet(5000)
    async with town.database.transaction() as session:
        code = await invites.issue(session, Scope("province", "320000"), hours=1, wall=real_now())
    await clerk.says(f"/start {code}")

    async def table(name: str, place: str) -> Any:
        await clerk.says("/export")
        await clerk.presses(name, place)
        return load_workbook(await town.file_behind(clerk.last))

    everything = rows()
    cities = [row for row in everything if row["level"] != "省级"]
    annex1 = await table("附件1", "江苏省")
    same(count(cities), printed(annex1["各市合计"]))
    same(count(row for row in everything if row["level"] == "省级"), printed(annex1["省级社会组织"]))
    assert detail((await table("附件2", "江苏省")).worksheets[0]) == expected_detail(everything)
    for city in CITIES:
        own = [row for row in cities if row["home"].startswith(city)]
        same(count(own), printed((await table("附件1", city)).worksheets[0]))
        assert detail((await table("附件2", city)).worksheets[0]) == expected_detail(own)
