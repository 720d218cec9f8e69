"""How long conversations wait for their answers while tables of 100,000 filings are written, and while not.

Run `uv run --group bench python -m benchmarks.answering_during_export`. Four chats file, each pausing between
turns as persons do not: a fifth of a second. The export is the job's own work, one table after the other in
its child process. A wait runs from the stored update to the reply recorded as sent, synchronous=FULL.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

import notices
from benchmarks.answering_at_once import answering_at_once
from benchmarks.many_filings import FILINGS, fill
from benchmarks.our_turns import Exchange, Person, as_bot, exchange_on, file, newcomers, percentile
from bot.apart import Apart
from bot.clock import Clock
from bot.exporting import export_table
from bot.jobs import Tools
from bot.settings import Settings
from storage.files import FileStore

CHATS, PERSONS, PAUSE_SECONDS = 4, 12, 0.2
TABLES = ("annex2", "annex1")


async def pause() -> None:
    """What a person does between two turns."""
    await asyncio.sleep(random.uniform(0, 2 * PAUSE_SECONDS))


async def waits(exchange: Exchange, persons: list[Person]) -> list[float]:
    """How long these persons waited, a few of them at a time."""
    queue = iter(persons)

    async def chat() -> None:
        for person in queue:
            await file(exchange, person, pause)

    await asyncio.gather(*(chat() for _ in range(CHATS)))
    measured, exchange.waits = exchange.waits, []
    return measured


@asynccontextmanager
async def exports_under_way(export: Callable[[str], Awaitable[object]]) -> AsyncIterator[list[str]]:
    """One table after the other; the list tells which were finished."""
    done: list[str] = []

    async def keep_exporting() -> None:
        while True:
            for table in TABLES:
                await export(table)
                done.append(table)

    task = asyncio.create_task(keep_exporting())
    try:
        yield done
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def measure(address: str, folder: Path) -> None:
    """Prints both, and how they compare."""
    await fill(folder / "turns.sqlite3")
    bot, apart = as_bot(address), Apart()
    settings = Settings.model_validate(
        {"data_dir": folder, "database_url": f"sqlite:///{folder / 'turns.sqlite3'}"}
    )
    async with exchange_on(folder, bot, "FULL") as exchange:
        catalog = notices.load()
        tools = Tools(exchange.database, FileStore(folder / "files"), catalog, Clock(), settings, apart, bot)

        async def export(table: str) -> None:
            names = {"notice": "jiangsu-2021", "table": table, "role": "province", "scope": "320000"}
            await export_table(names, tools)

        await export("annex2")
        await waits(exchange, await newcomers(exchange, CHATS))
        idle: list[float] = []
        busy: list[float] = []
        finished = 0
        for _ in range(2):
            idle += await waits(exchange, await newcomers(exchange, PERSONS))
            async with exports_under_way(export) as done:
                busy += await waits(exchange, await newcomers(exchange, PERSONS))
            finished += len(done)
    apart.close()
    await bot.session.close()
    for name, found in (("idle", idle), ("exporting", busy)):
        print(
            f"{name:10} {len(found)} turns: p50 {percentile(found, 0.5) * 1e3:.1f} ms,"
            f" p99 {percentile(found, 0.99) * 1e3:.1f} ms"
        )
    print(
        f"{finished} tables of {FILINGS} filings written meanwhile;"
        f" p99 {percentile(busy, 0.99) / percentile(idle, 0.99):.2f} times that of idle"
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
