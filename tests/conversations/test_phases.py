"""The phases of a notice that collects nothing, as the staff of its province hear of them."""

from datetime import datetime

import pytest

from storage.scopes import Scope
from tests.conversations.many import pass_to, tick
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
