"""How long conversations wait for their answers while 50,000 reminders go out, and while none do.

Run `uv run --group bench python -m benchmarks.broadcast_answers`. Twenty persons file, each thinking for one
to three seconds between turns, with Telegram's public limits (30/s overall, 1/s a chat, bursts of 5). A wait
runs from the stored update to the reply recorded as sent, synchronous=FULL.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop
from aiogram import Bot

import notices
from benchmarks.answering_at_once import answering_at_once
from benchmarks.many_recipients import CHANNEL, MORNING, fill, fire
from benchmarks.our_turns import Counting, Exchange, Recording, as_bot, file, newcomers, percentile
from bot.clock import Clock, real_now
from bot.deliveries import Deliveries
from bot.pacing import Pacing
from bot.settings import Settings
from bot.wiring import dispatcher
from policy import Engine
from storage import ledger_figures
from storage.database import Database
from storage.files import FileStore
from storage.outbox import OutboxItem

REMINDERS, PERSONS, SECONDS = 50_000, 20, 60.0
RATE, CHAT_RATE, CHAT_BURST = 30.0, 1.0, 5


class Listening(Exchange):
    """Persons who wait for replies; reminders go to others."""

    def hear(self, item: OutboxItem) -> None:
        """A call has been recorded."""
        person = self.persons.get(item.chat_id)
        if item.kind != "broadcast" and person is not None and not person.answered.done():
            super().hear(item)


@asynccontextmanager
async def exchange_beside(
    database: Database, folder: Path, bot: Bot, pacing: Pacing
) -> AsyncIterator[Exchange]:
    """The program on that database at the reminder's morning, paced."""
    catalog, clock = notices.load(), Clock(MORNING - real_now())
    files = FileStore(folder / "files")
    context = {
        "catalog": catalog,
        "channel": CHANNEL,
        "files": files,
        "engine": Engine(catalog),
        "settings": Settings.model_validate({"data_dir": folder}),
    }
    processing = Counting(database, dispatcher(), bot, clock, CHANNEL, context)
    sending = Recording(
        database,
        bot,
        files,
        pacing,
        processing.has_calls,
        worker="benchmark",
        channel=CHANNEL,
        letters=Deliveries(catalog, clock, CHANNEL, bot.id),
    )
    exchange = sending.recorded = processing.expecting = Listening(database, processing, bot.id)
    parts = [asyncio.create_task(part) for part in (processing.run(), sending.run(), exchange.store())]
    try:
        yield exchange
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def think() -> None:
    """What a person does between two turns."""
    await asyncio.sleep(random.uniform(1, 3))


async def waits(exchange: Exchange, seconds: float) -> list[float]:
    """How long new persons waited within these seconds."""
    persons = await newcomers(exchange, PERSONS)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(file(exchange, person, think) for person in persons))
    return list(exchange.waits)


async def measure(address: str, folder: Path) -> None:
    """Prints both."""
    database = Database.open(f"sqlite:///{folder / 'answers.sqlite3'}")
    await fill(database, REMINDERS)
    bot = as_bot(address)
    async with exchange_beside(database, folder, bot, Pacing(RATE, CHAT_RATE, CHAT_BURST)) as exchange:
        idle = await waits(exchange, SECONDS / 2)
        begin = time.perf_counter()
        _, broadcast = await fire(database)
        busy = await waits(exchange, SECONDS)
        took = time.perf_counter() - begin
        async with database.snapshot() as session:
            tally = await ledger_figures.tally(session, broadcast)
    await bot.session.close()
    await database.close()
    for name, found in (("none", idle), ("running", busy)):
        print(
            f"reminders {name:8} {len(found)} turns: p50 {percentile(found, 0.5) * 1e3:.0f} ms,"
            f" p95 {percentile(found, 0.95) * 1e3:.0f} ms, longest {max(found) * 1e3:.0f} ms"
        )
    print(f"{tally.sent} reminders sent in {took:.0f} s, {tally.pending} of {tally.total} pending at the end")


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
