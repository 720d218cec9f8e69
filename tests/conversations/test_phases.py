"""The phases of a notice that collects nothing, as the staff of its province hear of them."""

from datetime import datetime

import pytest

from storage.scopes import Scope
from tests.conversations.many import hand_out, pass_to, tick
from tests.conversations.talking import SHANGHAI, Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, register


@pytest.fixture
async def shanxi(town: Town) -> Conversation:
    town.clock.moment = datetime(2023, 9, 22, 9, 0, tzinfo=SHANGHAI)
    person = await join_staff(town, 9, Scope("province", "140000"))
    await tick(town)
    return person


async def heard(town: Town, person: Conversation, *moment: int) -> list[str]:
    """What the person hears when the clock has gone on to that day at half past nine."""
    before = set(person.messages)
    town.clock.moment = datetime(*moment, 9, 30, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]
    await pass_to(town)
    return [message.text for number, message in person.messages.items() if number not in before]


async def test_two_phases_that_end_on_one_day_are_both_told(town: Town, shanxi: Conversation) -> None:
    source = "山西省“聚势合力,兴村强晋”实施方案（2023）"
    assert sorted(await heard(town, shanxi, 2023, 9, 23)) == sorted(
        [
            f"还有 7 天结束：搭建平台\n通知写的是“2023年9月”\n{source}",
            f"还有 7 天结束：调研摸底\n通知写的是“2023年8月-9月”\n{source}",
        ]
    )
    assert shanxi.buttons == ["看通知"]


async def test_days_are_counted_to_the_phase_and_not_to_the_next_reminder(
    town: Town, shanxi: Conversation
) -> None:
    said = await heard(town, shanxi, 2024, 5, 10)
    assert [text.splitlines()[0] for text in said if "天" in text] == ["还有 21 天结束：项目实施"]
    said = await heard(town, shanxi, 2024, 5, 31)
    assert "明天开始：总结验收" in {text.splitlines()[0] for text in said}


async def test_a_contact_of_a_province_hears_nothing_of_phases(town: Town, shanxi: Conversation) -> None:
    contact = town.meet(1)
    await register(contact, Facts(name="太原市甲协会", home="太原市"))
    assert await heard(town, shanxi, 2023, 9, 23)
    assert "已登记（待核实）" in contact.text


async def test_staff_see_when_phases_begin_and_end(town: Town, shanxi: Conversation) -> None:
    await shanxi.says("/deadlines")
    assert shanxi.text.endswith(
        "山西2023年聚势合力兴村强晋\n"
        "· 调研摸底（2023年8月-9月）：还有 8 天结束\n"
        "· 搭建平台（2023年9月）：还有 8 天结束\n"
        "· 项目实施（2023年10月—2024年5月）：还有 9 天开始\n"
        "· 总结验收（2024年6月）：还有 253 天开始"
    )
    assert shanxi.buttons == ["主菜单"]
    town.clock.moment = datetime(2024, 5, 31, 9, 0, tzinfo=SHANGHAI)
    await shanxi.says("/deadlines")
    assert "· 搭建平台（2023年9月）：已结束\n· 项目实施（2023年10月—2024年5月）：今天结束" in shanxi.text


async def test_staff_see_what_the_ladder_sends_and_send_it_sooner(town: Town, shanxi: Conversation) -> None:
    await shanxi.says("/broadcast")
    assert shanxi.buttons == ["群发", "提醒计划", "主菜单"]
    await shanxi.presses("提醒计划")
    assert "2023年9月23日 09:00 工作人员：待发" in shanxi.text
    await shanxi.presses("现在就发：2023年9月23日 工作人员", "发给 1 位")
    await hand_out(town)
    assert shanxi.text.startswith("还有 8 天结束：搭建平台")
    assert [text for text in await heard(town, shanxi, 2023, 9, 23) if "搭建平台" in text] == []


async def test_a_text_goes_to_the_organizations_of_a_province_that_collects_nothing(
    town: Town, shanxi: Conversation
) -> None:
    inside, outside = town.meet(1), town.meet(2)
    await register(inside, Facts(name="太原市甲协会", home="太原市"))
    await register(outside, Facts(name="徐州市甲协会", home="徐州市"))
    await shanxi.says("/broadcast")
    await shanxi.presses("群发", "全部登记单位")
    assert shanxi.buttons == ["山西省（全部）", "主菜单"]
    await shanxi.presses("山西省（全部）")
    await shanxi.says("项目对接会改到周五")
    await shanxi.presses("发给 1 位")
    assert await hand_out(town) == 1
    assert inside.text == "山西省\n\n项目对接会改到周五"
    assert "徐州市甲协会" in outside.text


async def test_nobody_is_chased_where_nothing_is_filed(town: Town, shanxi: Conversation) -> None:
    await register(town.meet(1), Facts(name="太原市甲协会", home="太原市"))
    await shanxi.says("/broadcast")
    await shanxi.forges("k:all:sx:140000:::0:0")
    assert "不归您管" in shanxi.toasts[-1]
