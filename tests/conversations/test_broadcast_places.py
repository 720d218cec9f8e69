"""To which places staff write: a city, a county, one organization, and those who stand in none of these."""

import pytest
from openpyxl import load_workbook

from tests.conversations.casts import HOMES
from tests.conversations.many import hand_out, tick
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Facts, register


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        (("按地区选", "睢宁县 1 家"), {2}),
        (("按地区选", "市区（未写县区） 1 家"), {1}),
        (("选一家单位", "徐州市甲协会"), {1}),
        (("全部 2 家",), {1, 2}),
    ],
)
async def test_one_organization_a_county_or_all_are_chased(
    town: Town,
    clerk: Conversation,
    contacts: dict[int, Conversation],
    way: tuple[str, ...],
    reached: set[int],
) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", *way, "发给")
    await hand_out(town)
    assert {chat for chat in HOMES if "还没有填报" in contacts[chat].text} == reached


async def test_one_organization_is_called_by_its_name(town: Town, clerk: Conversation) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "选一家单位", "徐州市甲协会")
    assert "发给：徐州市甲协会，尚未填报的单位" in clerk.text
    await clerk.presses("发给 1 位")
    assert "徐州市甲协会，尚未填报的单位，共 1 位联系人" in clerk.text


async def test_the_province_chases_a_city(
    town: Town, province: Conversation, contacts: dict[int, Conversation]
) -> None:
    await province.says("/broadcast")
    await province.presses("催报", "按地区选", "南通市 1 家", "发给 1 位")
    await hand_out(town)
    assert {chat for chat in HOMES if "还没有填报" in contacts[chat].text} == {3}


@pytest.fixture
async def apart(contacts: dict[int, Conversation], town: Town) -> None:
    """One registered in the province itself, and one of another province that begins a form."""
    await register(town.meet(4), Facts(name="江苏省戊基金会", home="南京市", level="省级"))
    await register(town.meet(5), Facts(name="上海市己协会", home="上海市"))
    await town.meet(5).says("/file")


PARTS = [
    ("省级及未写所在地 1 家", "江苏省·省级及未写所在地", "江苏省戊基金会"),
    ("外省登记 1 家", "江苏省·外省登记", "上海市己协会"),
]


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(("label", "place", "name"), PARTS)
async def test_who_stands_in_no_city_is_chased_too(
    town: Town, province: Conversation, label: str, place: str, name: str
) -> None:
    await province.says("/broadcast")
    await province.presses("催报", "按地区选", label)
    assert f"发给：{place}，尚未填报的单位\n1 家单位，1 位联系人" in province.text
    await province.presses("发给 1 位")
    assert f"{place}，尚未填报的单位，共 1 位联系人" in province.text
    assert await hand_out(town, ending=lambda _item: "unknown") == 1
    await tick(town)
    sheet = load_workbook(await town.file_behind(province.last)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [name]


@pytest.mark.usefixtures("apart")
async def test_a_text_may_go_to_who_stands_in_no_city(town: Town, province: Conversation) -> None:
    await province.says("/broadcast")
    await province.presses("群发", "全部登记单位", "按地区选", "省级及未写所在地 1 家")
    assert "发给：江苏省·省级及未写所在地，全部登记单位" in province.text
    await province.says("明天九点开会")
    await province.presses("发给 1 位")
    assert await hand_out(town) == 1
    assert town.meet(4).text == "江苏省\n\n明天九点开会"


async def test_those_of_a_city_without_a_county_are_called_so(clerk: Conversation) -> None:
    await clerk.says("/broadcast")
    await clerk.presses("催报", "按地区选", "市区（未写县区） 1 家")
    assert "发给：徐州市·市区（未写县区），尚未填报的单位\n1 家单位" in clerk.text


@pytest.mark.parametrize("part", ["province_level", "elsewhere"])
async def test_a_part_of_the_province_is_out_of_a_city_s_reach(clerk: Conversation, part: str) -> None:
    await clerk.says("/broadcast")
    await clerk.forges(f"k:all:js:320300:{part}::0:0")
    assert "不归您管" in clerk.toasts[-1]
