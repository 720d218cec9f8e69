"""Two processes look at the clock while two staff press for the same reminder: it goes out once."""

import asyncio
import itertools
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import select

import notices
from storage.broadcasts import Broadcast, BroadcastRecipient
from storage.database import Database
from storage.scopes import Scope
from tests.bot.forking import SERVER
from tests.conversations.many import hand_out, tick
from tests.conversations.talking import IN_THE_WINDOW, Seen, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, register

DUE = IN_THE_WINDOW.replace(day=13, hour=9)
CONTACTS, STAFF = (1, 2, 3), (9, 10)
PATIENCE = 120


def take_part(url: str, folder: str, start: Barrier, chat: int, tap: str) -> None:
    """One process: its clock strikes, and a member of staff taps there, as the other process begins too."""
    asyncio.run(_take_part(url, Path(folder), start, chat, tap))


async def _take_part(url: str, folder: Path, start: Barrier, chat: int, tap: str) -> None:
    database = Database.open(url, synchronous="NORMAL")
    town = Town(database, url, notices.load(), folder)
    town.clock.moment, town._numbers = DUE, itertools.count(10_000 * chat)
    person = town.meet(chat)
    person.messages[0] = Seen(0, "")  # the card that is tapped; what follows may arrive in either process
    start.wait(PATIENCE)
    await asyncio.gather(tick(town), person.forges(tap))
    await town.bot.session.close()
    await database.close()


@pytest.mark.timeout(600)
async def test_two_processes_and_two_staff_at_one_moment_send_a_reminder_once(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    for chat in CONTACTS:
        await register(town.meet(chat), Facts(name=f"徐州市{'甲乙丙'[chat - 1]}协会"))
    town.clock.moment = DUE.replace(hour=8, minute=50)
    await tick(town)
    taps = []
    for chat in STAFF:
        person = await join_staff(town, chat, Scope("province", "320000"))
        await person.says("/broadcast")
        await person.presses("提醒计划", "现在就发")
        taps.append(next(data for label, data in person.last.buttons.items() if "发给" in label))
    start = SERVER.Barrier(len(STAFF))
    processes = [
        SERVER.Process(target=take_part, args=(database_url, str(tmp_path / str(chat)), start, chat, tap))
        for chat, tap in zip(STAFF, taps, strict=True)
    ]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, PATIENCE)
        assert process.exitcode == 0
    async with town.database.snapshot() as session:
        fired = list(
            await session.scalars(select(Broadcast).where(Broadcast.key == "jiangsu-2021/nothing/7"))
        )
        assert [(row.state, row.total) for row in fired] == [("running", len(CONTACTS))]
        rows = await session.scalars(
            select(BroadcastRecipient).where(BroadcastRecipient.broadcast_id == fired[0].id)
        )
        assert len(list(rows)) == len(CONTACTS)
    heard = {chat: len(town.meet(chat).messages) for chat in CONTACTS}
    town.clock.moment = DUE
    while await hand_out(town):
        pass
    assert {chat: len(town.meet(chat).messages) - heard[chat] for chat in CONTACTS} == {1: 1, 2: 1, 3: 1}
