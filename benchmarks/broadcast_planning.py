"""Resolving a reminder's audience of 100,000 in one transaction, and what others wait meanwhile.

Run `uv run --group bench python -m benchmarks.broadcast_planning`. Four persons at a time register and file
while the audience is resolved and the first of it is sent; their longest wait (stored update to reply
recorded as sent) stands beside that of the time before. synchronous=FULL, no limit of rate.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.answering_at_once import answering_at_once
from benchmarks.broadcast_answers import exchange_beside
from benchmarks.many_recipients import fill, fire
from benchmarks.our_turns import UNLIMITED, Exchange, Person, as_bot, file, percentile, register
from bot.pacing import Pacing
from storage import broadcast_queries, ledger_figures
from storage.database import Database

RECIPIENTS, PERSONS, BEFORE_SECONDS = 100_000, 4, 5.0


async def keep_filing(exchange: Exchange, chats: Iterator[int]) -> None:
    """One newcomer after the other registers and files, until cancelled."""
    for chat in chats:
        person = Person(chat)
        await register(exchange, person)
        await file(exchange, person)


async def measure(address: str, folder: Path) -> None:
    """Prints how long it took and what it cost."""
    database = Database.open(f"sqlite:///{folder / 'planning.sqlite3'}")
    await fill(database, RECIPIENTS)
    bot = as_bot(address)
    pacing = Pacing(UNLIMITED, UNLIMITED, int(UNLIMITED))
    async with exchange_beside(database, folder, bot, pacing) as exchange:
        chats = itertools.count(1)
        filing = [asyncio.create_task(keep_filing(exchange, chats)) for _ in range(PERSONS)]
        await asyncio.sleep(BEFORE_SECONDS)
        before, exchange.waits = exchange.waits, []
        begin = time.perf_counter()
        _, broadcast = await fire(database)
        took = time.perf_counter() - begin
        async with database.transaction() as session:
            await broadcast_queries.move(session, broadcast, ["running"], "paused")
        await asyncio.sleep(1)
        during = exchange.waits
        for task in filing:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        async with database.snapshot() as session:
            tally = await ledger_figures.tally(session, broadcast)
    await bot.session.close()
    await database.close()
    print(f"{tally.total} recipients planned in {took:.2f} s, in one transaction")
    for name, found in (("before", before), ("during, and a second after", during)):
        print(
            f"{name}: {len(found)} turns, p95 {percentile(found, 0.95) * 1e3:.0f} ms,"
            f" longest {max(found) * 1e3:.0f} ms"
        )


def main() -> None:
    """Measures."""
    with (
        answering_at_once() as address,
        TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(measure(address, Path(folder)))


if __name__ == "__main__":
    main()
