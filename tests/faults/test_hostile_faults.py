"""Somebody floods the bot; somebody guesses invites; a saved step is gone (19, 53, 56)."""

import asyncio
import time
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col

from bot.clock import real_now
from registration import invites
from storage.people import StaffRole
from storage.queues import ConversationState
from storage.scopes import Scope
from tests.conversations.conftest import catalog, town
from tests.conversations.talking import Town
from tests.conversations.walks import register
from tests.faults.conftest import Start
from tests.faults.peeking import count
from tests.faults.telegram_server import Telegram

__all__ = ["catalog", "town"]


async def test_19_a_saved_step_that_is_gone_leads_to_a_safe_one(town: Town) -> None:
    """Fault 19: the form lost the field that was being asked; the answers given are kept."""
    person = town.meet(1)
    await register(person)
    await person.says("/file", "睢宁县", "困难学生助学")
    async with town.database.transaction() as session:
        states = update(ConversationState).where(col(ConversationState.key) == "42:1:1")
        await session.execute(states.values(data={"kind": "filing", "entry": 1, "field": "gone"}))
    town.restart()
    await person.says("教育帮扶")
    assert "第 4/6 步" in person.text
    await person.says("12.5万元", "20", "300")
    for kept in ("睢宁县", "困难学生助学", "教育帮扶", "12.5万元"):
        assert kept in person.text


async def test_19_a_saved_state_of_a_conversation_that_is_no_more_is_harmless(town: Town) -> None:
    person = town.meet(1)
    await register(person)
    async with town.database.transaction() as session:
        states = update(ConversationState).where(col(ConversationState.key) == "42:1:1")
        await session.execute(states.values(state="Old:step", data={"kind": "filing", "entry": 99}))
    await person.says("你好")
    assert any("填报项目" in label for label in person.buttons)


async def test_53_a_thousand_guesses_open_nothing(town: Town) -> None:
    """Fault 53: after five wrong codes none is looked at, not even a right one."""
    async with town.database.transaction() as session:
        code = await invites.issue(session, Scope("province", "320000"), hours=72, wall=real_now())
    guesser = town.meet(1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    guesses = [f"/invite {letters[n % 32]}{letters[n // 32]}{'A' * 30}" for n in range(1000)]
    await town.deliver_all(1, [{"message": guesser._message(text=text)} for text in guesses])
    await guesser.says(f"/invite {code}")
    assert "60 分钟后再试" in guesser.text
    wrong = [seen for seen in guesser.messages.values() if "邀请码不对" in seen.text]
    assert len(wrong) == 5
    assert await count(town.database, str(StaffRole.__tablename__)) == 0


async def test_56_a_flood_from_one_leaves_the_others_their_answers(
    telegram: Telegram, start: Start, data_folder: Path
) -> None:
    """Fault 56: one person at 100 messages a second is answered at the pace of one chat, others at once."""
    others = [telegram.meet(chat) for chat in (2, 3, 4)]

    async def wait_for_answer(chat: int) -> float:
        heard = len(telegram.taken(chat))
        begun = time.perf_counter()
        await others[chat - 2].says("/help")
        await telegram.takes(heard + 1, chat)
        return time.perf_counter() - begun

    async def flood() -> None:
        person = telegram.meet(1)
        for _ in range(300):
            await asyncio.gather(person.says("/help"), asyncio.sleep(0.01))

    async with start(XINGCUN_RATE_CHAT="1", XINGCUN_RATE_OVERALL="30") as program:
        for chat in (2, 3, 4):
            await wait_for_answer(chat)
        begun = time.perf_counter()
        flooding = asyncio.create_task(flood())
        waits = []
        while not flooding.done():
            for chat in (2, 3, 4):
                waits.append(await wait_for_answer(chat))
            await asyncio.sleep(1)
        seconds = time.perf_counter() - begun
        await flooding
        program.kill()
        await program.dies()
    assert len(telegram.taken(1)) <= 5 + seconds + 2
    # Behind the flood they would wait a second for each of its hundreds.
    assert sorted(waits)[int(len(waits) * 0.95)] < 10
