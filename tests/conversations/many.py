"""The clock's work and the letters to many, for persons who talk through the real inbox and outbox."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import real_now
from bot.deliveries import Deliveries
from bot.scheduling import Scheduling
from bot.wakes import Wake
from storage import ledger, outbox
from storage.outbox import OutboxItem, Outcome
from tests.conversations.talking import BOT_ID, Town

Ending = Callable[[OutboxItem], str]


def sent(_item: OutboxItem) -> str:
    return "sent"


async def hand_out(town: Town, limit: int = 1000, ending: Ending = sent) -> int:
    """Letters whose turn it is leave and end as `ending` says; returns how many left."""
    deliveries = Deliveries(town.catalog, town.clock, "webchat", BOT_ID)  # type: ignore[arg-type]
    async with town.database.transaction() as session:
        items = await deliveries.take(session, "test", limit)
    outcomes = []
    for item in items:
        state = ending(item)
        if state == "sent":
            number = town.meet(item.chat_id).receives(item.method, item.arguments)
            outcomes.append(Outcome(item.id, "sent", message_id=number))
        else:
            later = real_now() + timedelta(seconds=900) if state == "pending" else None
            outcomes.append(Outcome(item.id, state.split(":")[0], item.attempts + 1, not_before=later))
    gone = frozenset(item.id for item in items if ending(item) == "failed:gone")
    async with town.database.transaction() as session:
        await ledger.settle(session, outcomes, gone, real_now())
        await outbox.record(session, "test", outcomes, real_now())
    return len(items)


async def tick(town: Town) -> None:
    """One look at the clock, and what it makes the bot say arrives."""
    clock = town.clock
    await Scheduling(
        town.database,
        town.catalog,
        clock,  # type: ignore[arg-type]
        "webchat",
        BOT_ID,
        Wake(),
        rate=30,
    ).tick()
    await town.settle()


async def hear(town: Town) -> None:
    """A few seconds pass, and people hear of what has happened."""
    town.clock.moment += timedelta(seconds=5)
    await tick(town)


async def pass_to(town: Town, **moment: int) -> None:
    """The clock is set (day, hour, minute …), looked at, and the letters go out."""
    town.clock.moment = town.clock.moment.replace(second=0, **moment)
    await tick(town)
    while await hand_out(town):
        pass
    await tick(town)
