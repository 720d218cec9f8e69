"""A database with many contacts who have filed nothing, and the reminder that is due for all of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import notices
from bot.clock import Clock, real_now
from reminders import firing
from reminders.ladder import rungs
from storage.database import Database
from tests.faults.crowd import settle_in

CHANNEL = "webchat"
# Chats below are for persons who talk meanwhile.
FIRST_CHAT = 1_000_000
AT_A_TIME = 10_000
# The morning on which the reminder of seven days before is due.
MORNING = datetime(2021, 10, 13, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


async def fill(database: Database, count: int) -> None:
    """So many persons, each with an organization."""
    await database.upgrade()
    for some in range(0, count, AT_A_TIME):
        chats = range(FIRST_CHAT + some, FIRST_CHAT + min(some + AT_A_TIME, count))
        async with database.transaction() as session:
            await settle_in(session, CHANNEL, list(chats))


async def fire(database: Database) -> tuple[Clock, int]:
    """Begins the reminder, in one transaction: the clock it is due by, and the broadcast's id."""
    clock = Clock(MORNING - real_now())
    notice = next(item for item in notices.load().notices if item.slug == "jiangsu-2021")
    rung = next(
        item for item in rungs(notice) if item.reminder.name == "nothing" and item.due.day == MORNING.day
    )
    async with database.transaction() as session:
        broadcast = await firing.fire(session, rung, clock.now(), real_now())
    assert broadcast is not None
    return clock, broadcast
