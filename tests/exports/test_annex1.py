"""附件1: the notice's statistics table, figure by figure."""

import random
from typing import Any

import openpyxl
import pytest

from notices.model import Notice
from storage.scopes import Scope

XUZHOU, PROVINCE = Scope("city", "320300"), Scope("province", "320000")
ROWS = ["新疆克州", "新疆伊犁州", "西藏拉萨市", "陕西省", "青海省", "省外其它地区", "省 内"]


def figures(sheet: list[list[Any]]) -> dict[str, list[Any]]:
    """The ten figures of each row, by its label."""
    body = sheet[5:12]
    return {row[1] or row[0]: row[2:] for row in body}


def test_it_is_printed_as_the_notice_prints_it(jiangsu: Notice, lay_out: Any) -> None:
    sheet = lay_out(jiangsu, "annex1", [], XUZHOU)["统计表"]
    assert [row[0] for row in sheet[:3]] == [
        "附件 1",
        "2021年社会组织参与乡村振兴情况统计表",
        "单位（盖章）：徐州市民政局",
    ]
    assert [cell for cell in sheet[3] if cell] == [
        "帮扶地区",
        "参与社会组织数",
        "开展帮扶项目数",
        "投入资金数 (万元)",
        "投入人员数",
        "受益人数",
    ]
    assert sheet[4][2:] == ["总数", "其中：\n市本级"] * 5
    assert [row[0] for row in sheet[5:12]] == ["省外", None, None, None, None, None, "省 内"]
    assert [row[1] for row in sheet[5:11]] == ROWS[:6]
    assert sheet[12][0].startswith("备注：1.本表由各设区市民政局填写")
    assert sheet[13][0].startswith("2.社会组织开展的各类帮困")
    assert len(sheet) == 14


def test_its_header_is_merged_as_the_notice_merges_it(jiangsu: Notice, lay_out: Any, tmp_path: Any) -> None:
    lay_out(jiangsu, "annex1", [], XUZHOU)
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx")["统计表"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {
        "A4:B5",
        "C4:D4",
        "E4:F4",
        "G4:H4",
        "I4:J4",
        "K4:L4",
        "A6:A11",
        "A12:B12",
        "A13:L13",
        "A14:L14",
    } <= merged
    assert sheet.print_title_rows == "$4:$5"


@pytest.mark.parametrize(
    ("region", "row"),
    [
        ("653000", "新疆克州"),
        ("653023", "新疆克州"),
        ("654000", "新疆伊犁州"),
        ("654003", "新疆伊犁州"),
        ("654021", "新疆伊犁州"),
        ("540100", "西藏拉萨市"),
        ("540127", "西藏拉萨市"),
        ("540200", "省外其它地区"),
        ("650000", "省外其它地区"),
        ("654200", "省外其它地区"),
        ("610000", "陕西省"),
        ("610203", "陕西省"),
        ("630200", "青海省"),
        ("110105", "省外其它地区"),
        ("341202", "省外其它地区"),
        ("320000", "省 内"),
        ("320324", "省 内"),
        ("321300", "省 内"),
    ],
)
def test_a_project_counts_in_the_row_its_region_lies_in(
    jiangsu: Notice, lay_out: Any, filed: Any, region: str, row: str
) -> None:
    sheet = lay_out(jiangsu, "annex1", [filed(region=region)], XUZHOU)["统计表"]
    assert [label for label, numbers in figures(sheet).items() if numbers[0]] == [row]


def test_an_organization_counts_once_in_each_row_it_has_a_project_in(
    jiangsu: Notice, lay_out: Any, filed: Any
) -> None:
    rows = [
        filed(organization_id=1, region="320324", money=496_600_000, people=3, beneficiaries=20),
        filed(organization_id=1, region="320321", money=1, people=0, beneficiaries=0),
        filed(organization_id=1, region="653023", money=0, people=2, beneficiaries=5),
        filed(
            organization_id=2,
            region="320324",
            money=4_000_000,
            people=1,
            beneficiaries=1,
            level="county",
            home="320321",
        ),
    ]
    found = figures(lay_out(jiangsu, "annex1", rows, XUZHOU)["统计表"])
    assert found["省 内"] == [2, 1, 3, 2, 500.600001, 496.600001, 4, 3, 21, 20]
    assert found["新疆克州"] == [1, 1, 1, 1, 0, 0, 2, 2, 5, 5]
    assert found["青海省"] == [0] * 10


@pytest.mark.parametrize(
    ("level", "total", "proper"), [("city", 1, 1), ("county", 1, 0), ("other", 1, 0), ("province", 0, 0)]
)
def test_a_city_counts_its_own_counties_and_others_but_not_the_province_s(
    jiangsu: Notice, lay_out: Any, filed: Any, level: str, total: int, proper: int
) -> None:
    found = figures(lay_out(jiangsu, "annex1", [filed(level=level)], XUZHOU)["统计表"])
    assert found["省 内"][:2] == [total, proper]


def test_organizations_of_another_city_stand_in_no_figure(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    found = figures(lay_out(jiangsu, "annex1", [filed(home="320500")], XUZHOU)["统计表"])
    assert found["省 内"] == [0] * 10


def test_the_province_sums_the_cities_and_shows_its_own_apart(
    jiangsu: Notice, lay_out: Any, filed: Any
) -> None:
    rows = [
        filed(organization_id=1, home="320300", level="city"),
        filed(organization_id=2, home="320581", level="county"),
        filed(organization_id=3, home="320106", level="province", money=7_000_000),
    ]
    sheets = lay_out(jiangsu, "annex1", rows, PROVINCE)
    assert list(sheets) == ["各市合计", "省级社会组织", "数据来源"]
    assert figures(sheets["各市合计"])["省 内"][:6] == [2, 1, 2, 1, 2, 1]
    assert figures(sheets["省级社会组织"])["省 内"][:6] == [1, 0, 1, 0, 7, 0]
    assert sheets["各市合计"][1][0] == "2021年社会组织参与乡村振兴情况统计表（各市合计）"
    assert sheets["各市合计"][2][0] == "单位（盖章）：江苏省民政厅"


def test_the_tracing_sheet_gives_each_figure_its_rows(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    rows = [
        filed(organization_id=1, name="甲", region="320324"),
        filed(organization_id=2, name="乙", region="653023", level="county", home="320321", verified=True),
        filed(organization_id=3, name="丙", region="320324", home="110105", level="other"),
    ]
    title, header, *traced = lay_out(jiangsu, "annex1", rows, PROVINCE)["数据来源"]
    assert title[0] == "2021年社会组织参与乡村振兴情况统计表（数据来源）"
    assert header[:2] == ["工作表", "统计行"]
    assert header[-2:] == ["其中：\n市本级", "核实情况"]
    assert [(row[0], row[1], row[5], row[-2], row[-1]) for row in traced] == [
        ("各市合计", "新疆克州", "乙", None, None),
        ("各市合计", "省 内", "甲", "是", "待核实"),
        (None, "未计入本表", "丙", None, "待核实"),
    ]
    assert traced[0][2:5] == ["徐州市青禾志愿者协会", "县级", "江苏省/徐州市/丰县"]
    assert traced[0][6] == "新疆维吾尔自治区/克孜勒苏柯尔克孜自治州/阿合奇县"


def test_the_figures_equal_a_plain_count(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    """Oracle: loops over digits of codes, written without the layout."""
    chance = random.Random(2021)
    homes = [
        ("320300", "city"),
        ("320321", "county"),
        ("320324", "other"),
        ("320505", "county"),
        ("320106", "province"),
    ]
    regions = [
        "653023",
        "654003",
        "540102",
        "610203",
        "630200",
        "341202",
        "320324",
        "321323",
        "110105",
        "320000",
    ]
    rows = []
    for organization in sorted(chance.randrange(40) for _ in range(1_700)):
        home, level = homes[organization % len(homes)]
        rows.append(
            filed(
                organization_id=organization,
                home=home,
                level=level,
                region=chance.choice(regions),
                money=chance.choice([0, 1, 180_933, 4_966_000_00, 12_345_678_901_234]),
                people=chance.randrange(90),
                beneficiaries=chance.randrange(9000),
            )
        )
    prefixes = {
        "新疆克州": "6530",
        "新疆伊犁州": "6540",
        "西藏拉萨市": "5401",
        "陕西省": "61",
        "青海省": "63",
        "省 内": "32",
    }
    expected: dict[str, list[Any]] = {}
    for label in ROWS:
        numbers: list[Any] = []
        for proper in (False, True):
            chosen = []
            for row in rows:
                named = [name for name, prefix in prefixes.items() if row.region.startswith(prefix)]
                where = named[0] if named else "省外其它地区"
                own = row.home.startswith("3203") and row.level in (
                    ("city",) if proper else ("city", "county", "other")
                )
                if where == label and own:
                    chosen.append(row)
            numbers.append(
                [
                    len({row.organization_id for row in chosen}),
                    len(chosen),
                    sum(row.money for row in chosen) / 1_000_000,
                    sum(row.people for row in chosen),
                    sum(row.beneficiaries for row in chosen),
                ]
            )
        expected[label] = [number for pair in zip(*numbers, strict=True) for number in pair]
    found = figures(lay_out(jiangsu, "annex1", rows, XUZHOU)["统计表"])
    assert found == expected


def test_very_many_filings_are_traced_in_the_order_they_came(
    jiangsu: Notice, lay_out: Any, filed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exports.spooling.IN_MEMORY", 600)  # what waits for the disk is written several times
    names = [f"第{number}期" for number in range(1_300)]
    regions = ["653023", "320324"]
    rows = [filed(name=name, region=regions[number % 2], people=number) for number, name in enumerate(names)]
    traced = lay_out(jiangsu, "annex1", rows, XUZHOU)["数据来源"][2:]
    assert [(row[1], row[5], row[8]) for row in traced] == [
        (label, names[number], number)
        for first, label in enumerate(["新疆克州", "省 内"])
        for number in range(first, len(names), 2)
    ]
