"""The tree is whole, and places are found as people name them."""

import pytest

import divisions


def test_every_division_hangs_from_one_that_exists() -> None:
    provinces = divisions.children()
    assert len(provinces) == 34
    seen = 0
    for province in provinces:
        for below in divisions.children(province.code):
            assert below.parent == province.code
            for county in divisions.children(below.code):
                seen += 1
                assert county.level == "county"
                assert [item.level for item in divisions.path(county.code)] == ["province", "city", "county"]
    assert seen > 2700


def test_counties_of_municipalities_hang_from_the_municipality() -> None:
    assert [item.name for item in divisions.path("110105")] == ["北京市", "朝阳区"]
    assert divisions.full_name("429004", "/") == "湖北省/仙桃市"


def test_full_name_as_the_notice_prints_it() -> None:
    assert divisions.full_name("320324", "/") == "江苏省/徐州市/睢宁县"
    assert divisions.full_name("653000", "/") == "新疆维吾尔自治区/克孜勒苏柯尔克孜自治州"


def test_within_follows_the_tree_and_not_the_digits() -> None:
    assert divisions.within("320324", "320000")
    assert divisions.within("320324", "320324")
    assert not divisions.within("654201", "654000")
    with pytest.raises(KeyError):
        divisions.within("999999", "320000")


def test_development_zones_are_no_divisions_and_new_counties_are() -> None:
    assert not divisions.exists("540171")
    assert not divisions.exists("320576")
    assert divisions.get("653228").name == "和安县"
    assert divisions.get("653229").name == "和康县"


@pytest.mark.parametrize(
    ("text", "codes", "flags"),
    [
        ("克州", ("653000",), ""),
        ("淮阴县", ("320804",), "historic doubtful"),
        ("铜仁地区沿河县", ("520627",), "historic"),
        ("雎宁县", ("320324",), "corrected"),
        ("睢宁区", ("320324",), "corrected doubtful"),
        ("鼓楼区", ("320106", "320302", "350102", "410204"), ""),
        ("泗洪宿迁江苏", ("321324",), ""),
        ("jiangsu suqian sihong", ("321324",), ""),
    ],
)
def test_search(text: str, codes: tuple[str, ...], flags: str) -> None:
    found = divisions.search(text)
    assert found.problem is None
    assert found.codes == codes
    assert " ".join(flag for flag in ("corrected", "historic", "doubtful") if getattr(found, flag)) == flags


@pytest.mark.parametrize(
    ("text", "problem", "first"),
    [
        ("山西榆林", "mismatch", "610800"),
        ("江苏省丰县霍城", "unrelated", "320321"),
        ("丰县、睢宁县", "several", "320321"),
        ("偏远地区", "vague", None),
        ("哈哈", "unknown", None),
        ("不知道填哪里好，你们帮我看看", "unknown", None),
        ("具体地点还没有最后确定下来", "unknown", None),
    ],
)
def test_search_that_fails_says_why(text: str, problem: str, first: str | None) -> None:
    found = divisions.search(text)
    assert found.problem == problem
    assert (found.codes[0] if found.codes else None) == first


def test_places_a_notice_names_come_first_among_suggestions() -> None:
    assert divisions.search("霍县", ("654000",)).codes[0] == "654023"
    assert divisions.search("霍县").codes[0] != "654023"


def test_mentions_in_running_text() -> None:
    found = divisions.mentions("我们从南京市出发到陕西省商洛市山阳县助学")
    assert [(item.code, item.whole) for item in found] == [("320100", True), ("611024", True)]
