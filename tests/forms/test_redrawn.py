"""Reading is understanding: a case drawn anew with other digits, places, units and wordings is still read."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stdnum.cn.uscc as uscc

import divisions
import forms
from bot.commands.parse import _field, parse_row
from scripts.score_readings import verdict
from tests.forms.redrawing import redraw

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "messy.jsonl").read_text(encoding="utf-8").splitlines()
]
FIGURES = [case for case in CASES if case["field"] in ("invested_wan", "people", "beneficiaries")]
TODAY = {"today": "2021-10-15"}


@pytest.mark.parametrize("case", FIGURES, ids=lambda case: f"{case['field']}-{case['raw']}")
def test_other_figures_and_wordings_are_followed(case: dict[str, Any]) -> None:
    dice = random.Random(case["raw"])
    for _ in range(8):
        drawn = redraw(case, dice)
        if drawn is not None:
            assert verdict(drawn["expected"], parse_row(drawn)) == "right", (drawn, parse_row(drawn))


def test_other_figures_of_blind_cases_are_never_wrong_silently() -> None:
    lines = (Path(__file__).parent / "data" / "blind_third.jsonl").read_text(encoding="utf-8").splitlines()
    drawn_anew = 0
    for case in map(json.loads, lines):
        if case["field"] not in ("invested_wan", "people", "beneficiaries"):
            continue
        dice = random.Random(case["raw"])
        for drawn in filter(None, (redraw(case, dice) for _ in range(4))):
            drawn_anew += drawn["raw"] != case["raw"]
            assert verdict(drawn["expected"], parse_row(drawn)) != "silent", (drawn, parse_row(drawn))
    assert drawn_anew > 400


def test_most_figures_can_be_drawn_anew() -> None:
    drawn = [redraw(case, random.Random(1)) for case in FIGURES]
    assert (
        sum(
            item is not None and item["raw"] != case["raw"] for item, case in zip(drawn, FIGURES, strict=True)
        )
        >= 50
    )


UNIQUE = {}
for division in (
    d
    for p in divisions.children()
    for c in divisions.children(p.code)
    for d in (c, *divisions.children(c.code))
):
    UNIQUE.setdefault(division.name, []).append(division)
COUNTIES = [
    found[0]
    for name, found in UNIQUE.items()
    if len(found) == 1
    and found[0].level == "county"
    and len(divisions.path(found[0].code)) == 3
    and len(name) > 2
]
SHAPES = (
    *(
        "{province}{city}{county}",
        "{city}{county}",
        "{county}",
        "{province}/{city}/{county}",
        "{county}({city})",
    ),
    *("{province} {city} {county}", "{county}{city}{province}", "{province}{county}", "{city}市{county}"),
    *("{county}某村", "帮扶{county}"),
)


def short(name: str) -> str:
    """A city's name without 市, as people say it."""
    return name.removesuffix("市")


@pytest.mark.parametrize("shape", SHAPES)
def test_any_county_is_found_in_any_order(shape: str) -> None:
    dice = random.Random(shape)
    for county in dice.sample(COUNTIES, 60):
        province, city, _ = divisions.path(county.code)
        raw = shape.format(province=province.name, city=short(city.name), county=county.name)
        got = parse_row({"field": "region", "raw": raw, "context": TODAY})
        assert got.get("code") == county.code, (raw, got)


def test_a_name_shared_by_counties_offers_them_all() -> None:
    shared = [found for name, found in UNIQUE.items() if len(found) > 1 and name.endswith("区")]
    assert len(shared) > 20
    for found in shared:
        got = parse_row({"field": "region", "raw": found[0].name, "context": TODAY})
        assert got.get("confirm"), got
        assert {item.code for item in found} <= set(got["candidates"])


def test_a_county_under_a_wrong_city_is_pointed_out() -> None:
    dice = random.Random(7)
    cities = [
        city
        for province in divisions.children()
        for city in divisions.children(province.code)
        if city.level == "city"
    ]
    for county in dice.sample(COUNTIES, 60):
        city = dice.choice([item for item in cities if item.code[:2] != county.code[:2]])
        got = parse_row({"field": "region", "raw": city.name + county.name, "context": TODAY})
        assert "error" in got, (city.name, county.name, got)


def test_a_homophone_is_mended_or_asked_about() -> None:
    from pypinyin import lazy_pinyin

    common = (
        "州洲阳杨扬宁凝林临灵陵山杉水江疆河和合安按平坪萍城成诚县线现东冬南男北背西希溪沙杀云芸元原源永勇"
    )
    sounds: dict[str, list[str]] = {}
    for character in common:
        sounds.setdefault(lazy_pinyin(character)[0], []).append(character)
    dice, mended = random.Random(3), 0
    tried = 0
    for county in COUNTIES:
        at = dice.randrange(len(county.name) - 1)
        others = [c for c in sounds.get(lazy_pinyin(county.name[at])[0], []) if c != county.name[at]]
        if not others or len(county.name) < 3 or tried >= 150:
            continue
        raw = county.name[:at] + dice.choice(others) + county.name[at + 1 :]
        if raw in UNIQUE:
            continue
        got = parse_row({"field": "region", "raw": raw, "context": TODAY})
        tried += 1
        mended += got.get("code") == county.code or county.code in got.get("candidates", [])
        assert got.get("code") in (None, county.code) or got.get("confirm") or got.get("corrected"), (
            raw,
            got,
        )
    assert tried > 60
    assert mended / tried > 0.9


PERIODS = (
    ("{y}年{a}月-{b}月", "{y}-{a:02}", "{y}-{b:02}"),
    ("{y}.{a}-{b}", "{y}-{a:02}", "{y}-{b:02}"),
    ("{y}-{a}~{y}-{b}", "{y}-{a:02}", "{y}-{b:02}"),
    ("{y}年{a}月至{b}月", "{y}-{a:02}", "{y}-{b:02}"),
    ("{y}.{a:02}.{d:02}至{b}.{d}", "{y}-{a:02}-{d:02}", "{y}-{b:02}-{d:02}"),
    ("{y}{a:02}{d:02}-{y}{b:02}{d:02}", "{y}-{a:02}-{d:02}", "{y}-{b:02}-{d:02}"),
    ("{y}年{a}月—{z}年{b}月", "{y}-{a:02}", "{z}-{b:02}"),
    ("{y}年{a}月到{z}年{b}月", "{y}-{a:02}", "{z}-{b:02}"),
    ("{y}年—{z}年", "{y}-01", "{z}-12"),
    ("{y}年", "{y}-01", "{y}-12"),
    ("{y}年{a}月{d}日", "{y}-{a:02}-{d:02}", "{y}-{a:02}-{d:02}"),
    ("{y}/{a}/{d}-{y}/{b}/{d}", "{y}-{a:02}-{d:02}", "{y}-{b:02}-{d:02}"),
    ("{y}年{a}月至今", "{y}-{a:02}", None),
    ("{y}上半年", "{y}-01", "{y}-06"),
)


@pytest.mark.parametrize(("shape", "start", "end"), PERIODS, ids=lambda part: str(part))
def test_any_period_of_a_shape_is_read(shape: str, start: str, end: str | None) -> None:
    dice = random.Random(shape)
    for _ in range(40):
        drawn = {"y": dice.randint(2005, 2020), "z": dice.randint(2021, 2030), "a": dice.randint(1, 6)}
        drawn |= {"b": dice.randint(7, 12), "d": dice.randint(1, 28)}
        got = parse_row({"field": "period", "raw": shape.format(**drawn), "context": TODAY})
        assert not got.get("confirm"), (shape.format(**drawn), got)
        assert got["start"] == start.format(**drawn), got
        assert got["end"] == (end.format(**drawn) if end else None), got


def test_an_earlier_end_and_a_missing_year_are_pointed_out() -> None:
    dice = random.Random(5)
    for _ in range(40):
        later, earlier, month = dice.randint(2021, 2030), dice.randint(2000, 2020), dice.randint(1, 12)
        backwards = f"{later}.{month}-{earlier}.{month}"
        assert "早于" in parse_row({"field": "period", "raw": backwards, "context": TODAY})["error"]
        assert (
            "年份" in parse_row({"field": "period", "raw": f"{month}月{month}日", "context": TODAY})["error"]
        )


def drawn_code(dice: random.Random) -> str:
    body = "5" + dice.choice("123") + dice.choice(("320300", "610000", "650100", "320324"))
    body += "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
    return body + str(uscc.calc_check_digit(body))


def test_any_valid_credit_code_is_taken_and_no_other() -> None:
    dice = random.Random(11)
    for _ in range(60):
        code = drawn_code(dice)
        spaced = " ".join((code[:4], code[4:8], code[8:12], code[12:]))
        wide = code.translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)})
        for raw in (code, code.lower(), spaced, wide, f"统一社会信用代码：{code}"):
            got = parse_row({"field": "uscc", "raw": raw})
            assert got["value"] == code
            assert got["region_code"] == code[2:8]
        wrong = code[:-1] + dice.choice([c for c in "0123456789ABC" if c != code[-1]])
        for raw in (wrong, code[:-1], code + "A", code[3:], code[9:]):
            assert "error" in parse_row({"field": "uscc", "raw": raw}), raw


def test_any_phone_is_taken_in_any_shape() -> None:
    dice = random.Random(13)
    for _ in range(40):
        mobile = dice.choice(("138", "139", "158", "186", "199", "177")) + "".join(
            dice.choice("0123456789") for _ in range(8)
        )
        area, local = (
            dice.choice(("025", "010", "021", "029")),
            "8" + "".join(dice.choice("0123456789") for _ in range(7)),
        )
        for raw in (mobile, f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}", f"+86 {mobile}", f"手机{mobile}"):
            assert parse_row({"field": "phone", "raw": raw}).get("value") == mobile, raw
        for raw in (f"{area}-{local}", area + local, f"({area}){local}", f"{area}—{local}"):
            assert parse_row({"field": "phone", "raw": raw})["value"] == f"{area}-{local}", raw
        got = parse_row({"field": "phone", "raw": f"{area}-{local}转{mobile[:3]}"})
        assert (got["value"], got["ext"]) == (f"{area}-{local}", mobile[:3])
        assert "error" in parse_row({"field": "phone", "raw": mobile[:-1]})


DEEDS = {
    "民生帮扶": ("送棉被", "修路", "装太阳能路灯", "打井", "送米面油", "慰问困难户"),
    "产业帮扶": ("种植白及", "办合作社", "捐有机肥", "养羊", "农业技术指导", "建大棚"),
    "消费帮扶": ("以购代捐", "直播带货", "土豆义卖", "采购农产品", "代销滞销苹果"),
    "教育帮扶": ("助学", "建图书室", "教师培训", "发奖学金", "捐书包文具"),
    "生态帮扶": ("人居环境整治", "植树", "清理河道", "垃圾分类"),
    "医疗卫生帮扶": ("白内障手术", "先心病手术", "义诊", "送药", "捐救护车"),
    "志愿服务": ("志愿服务", "理发", "陪老人聊天", "文艺演出"),
}


@pytest.mark.parametrize("frame", ["{}", "我们主要是{}", "去村里{}", "{}活动", "开展{}", "{}(2021年)"])
def test_a_deed_is_recognized_in_any_frame(frame: str) -> None:
    for label, deeds in DEEDS.items():
        for deed in deeds:
            got = parse_row({"field": "nature", "raw": frame.format(deed), "context": TODAY})
            assert got.get("value") == label, (deed, got)
            assert not got.get("confirm"), (deed, got)


def test_two_deeds_of_two_natures_are_never_decided() -> None:
    dice = random.Random(17)
    for _ in range(60):
        one, other = dice.sample(list(DEEDS), 2)
        raw = f"既{dice.choice(DEEDS[one])}又{dice.choice(DEEDS[other])}"
        got = parse_row({"field": "nature", "raw": raw, "context": TODAY})
        assert "error" in got or got.get("confirm"), (raw, got)


def test_today_moves_relative_words() -> None:
    field = _field("period")
    for month in range(1, 13):
        reading = forms.read(field, "上个月", forms.Context(today=date(2022, month, 10)))
        before = f"{2022 if month > 1 else 2021}-{month - 1 or 12:02}"
        assert reading.answer is not None
        assert reading.answer.value == {"start": before, "end": before}
