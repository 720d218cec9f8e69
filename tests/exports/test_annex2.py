"""附件2: the notice's detail table."""

from typing import Any

import openpyxl

from notices.model import Notice
from storage.scopes import Scope

XUZHOU, PROVINCE = Scope("city", "320300"), Scope("province", "320000")


def test_it_is_printed_as_the_notice_prints_it(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    rows = [
        filed(money=496_600_000, people=0, beneficiaries=14_100),
        filed(name="义诊", nature="health", region="653023"),
    ]
    sheet = lay_out(jiangsu, "annex2", rows, XUZHOU)["明细表"]
    assert [row[0] for row in sheet[:5]] == [
        "附件 2",
        "2021年社会组织开展乡村振兴项目明细表",
        "单位（盖章）：徐州市民政局",
        "联系人：" + "_" * 16,
        "电话：" + "_" * 16,
    ]
    assert sheet[5] == [
        "社会组织名称",
        "帮扶地区\n(省/市/县)",
        "项目名称",
        "项目性质",
        "投入资金\n(万元)",
        "投入人员数",
        "受益人数",
    ]
    assert sheet[6] == ["徐州市青禾志愿者协会", "江苏省/徐州市/睢宁县", "助学", "教育帮扶", 496.6, 0, 14_100]
    assert sheet[7][1:4] == ["新疆维吾尔自治区/克孜勒苏柯尔克孜自治州/阿合奇县", "义诊", "医疗卫生帮扶"]
    assert sheet[8][0].startswith("备注：本表由各社会组织填报")
    assert len(sheet) == 9


def test_long_names_get_the_height_they_need(
    jiangsu: Notice, lay_out: Any, filed: Any, tmp_path: Any
) -> None:
    lay_out(jiangsu, "annex2", [filed(), filed(name="新时代文明实践" * 9)], XUZHOU)
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx")["明细表"]
    short, long = sheet.row_dimensions[7].height, sheet.row_dimensions[8].height
    assert short
    assert long
    assert long >= 2 * short
    assert sheet["C8"].alignment.wrap_text
    assert sheet["E7"].alignment.shrink_to_fit, "a number that is too wide must not print as ####"


def test_a_name_that_looks_like_a_formula_is_text(
    jiangsu: Notice, lay_out: Any, filed: Any, tmp_path: Any
) -> None:
    lay_out(jiangsu, "annex2", [filed(name="=HYPERLINK(1)", organization_name="@甲")], XUZHOU)
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx")["明细表"]
    assert (sheet["C7"].data_type, sheet["A7"].data_type) == ("s", "s")


def test_a_city_lists_its_own_and_the_province_lists_all(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    rows = [
        filed(name="市级"),
        filed(name="省级", level="province"),
        filed(name="苏州", home="320500"),
        filed(name="外省", home="110105"),
    ]
    city = lay_out(jiangsu, "annex2", rows, XUZHOU)["明细表"]
    province = lay_out(jiangsu, "annex2", rows, PROVINCE)["明细表"]
    assert [row[2] for row in city[6:-1]] == ["市级"]
    assert [row[2] for row in province[6:-1]] == ["市级", "省级", "苏州", "外省"]
    assert province[2][0] == "单位（盖章）：江苏省民政厅"


def test_very_many_filings_stand_in_the_order_they_came(jiangsu: Notice, lay_out: Any, filed: Any) -> None:
    names = [f"第{number}期" for number in range(1_100)]
    sheet = lay_out(jiangsu, "annex2", [filed(name=name) for name in names], XUZHOU)["明细表"]
    assert [row[2] for row in sheet[6:-1]] == names
