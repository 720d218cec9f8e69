"""Filing turns a second: from the stored update to the reply recorded as sent, against an echo and a rival.

Run `uv run --group bench python -m benchmarks.filing_turns`; with `profile` it tells where time goes.
All contenders run in one process on one uvloop and call one local Bot API over HTTP, taking turns. A turn of
ours: the update stored (one commit for all that came), handled (one commit), sent, recorded (one commit).
CPU is this process's alone; the ratio of CPU times is what another load on the machine disturbs least.
"""

import asyncio
import cProfile
import gc
import pstats
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.answering_at_once import answering_at_once
from benchmarks.our_turns import Exchange, as_bot, exchange_on, newcomers, percentile, turns
from benchmarks.rival_turns import bare_bot, conversation_turns, conversing, echo_turns, echoing
from storage.database import Synchronous

ROUNDS = 3
CHATS = (1, 32)
MODES: tuple[Synchronous, ...] = ("FULL", "NORMAL")
PERSONS = {1: 8, 32: 32}
Prepared = Callable[[], Awaitable[int]]


async def _nothing_to_prepare(run: Prepared) -> Prepared:
    return run


@dataclass
class Contender:
    """One way to take turns, and what its rounds cost: seconds of wall and of CPU, each a turn."""

    name: str
    chats: int
    prepare: Callable[[], Awaitable[Prepared]]
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def round(self) -> None:
        """One measurement."""
        run = await self.prepare()
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        count = await run()
        self.walls.append((time.perf_counter() - wall) / count)
        self.cpus.append((time.process_time() - cpu) / count)


def ours(name: str, exchange: Exchange, chats: int) -> Contender:
    """The program; in each round other organizations file."""

    async def prepare() -> Prepared:
        contender.waits += exchange.waits
        persons = await newcomers(exchange, PERSONS[chats])
        return partial(turns, exchange, persons, chats)

    contender = Contender(name, chats, prepare)
    return contender


def simple(name: str, chats: int, run: Prepared) -> Contender:
    """One that can begin at once."""
    return Contender(name, chats, partial(_nothing_to_prepare, run))


async def contenders(address: str, folder: Path, open_: AsyncExitStack) -> list[Contender]:
    """All of them, ready."""
    bot, bare, echo = as_bot(address), bare_bot(address), echoing()
    open_.push_async_callback(bot.session.close)
    open_.push_async_callback(bare.session.close)
    found = []
    for chats in CHATS:
        each = 1000 if chats == 1 else 60
        found.append(simple("echo", chats, partial(echo_turns, echo, bare, chats, each)))
        for mode in MODES:
            place = folder / f"{mode}{chats}"
            place.mkdir()
            exchange = await open_.enter_async_context(exchange_on(place, bot, mode))
            found.append(ours(f"ours {mode}", exchange, chats))
        place = folder / f"ptb{chats}"
        place.mkdir()
        rival = await open_.enter_async_context(conversing(address, place))
        each = 20 if chats == 1 else 2
        found.append(simple("python-telegram-bot", chats, partial(conversation_turns, rival, chats, each)))
    return found


def _tell(found: list[Contender], rounds: int) -> None:
    floors = {item.chats: item for item in found if item.name == "echo"}
    print(
        f"{'':20} {'chats':>5} {'turns/s':>8} {'of echo':>8} {'CPU µs':>8} {'of echo':>8}  stored → recorded"
    )
    for item in found:
        floor = floors[item.chats]
        walls = [a / b for a, b in zip(floor.walls, item.walls, strict=True)]
        cpus = [a / b for a, b in zip(floor.cpus, item.cpus, strict=True)]
        line = (
            f"{item.name:20} {item.chats:5} {1 / statistics.median(item.walls):8.0f}"
            f" {statistics.median(walls):8.2f} {statistics.median(item.cpus) * 1e6:8.0f}"
            f" {statistics.median(cpus):8.2f}"
        )
        if item.waits:
            half, most = percentile(item.waits, 0.5) * 1e3, percentile(item.waits, 0.99) * 1e3
            line += f"  p50 {half:.1f} ms, p99 {most:.1f} ms"
        print(line)
    print(f"medians of {rounds} rounds")


async def measure(address: str, folder: Path) -> None:
    """Rounds in which each contender has its turn."""
    async with AsyncExitStack() as open_:
        found = await contenders(address, folder, open_)
        gc.freeze()  # as `xingcun run` does after its start
        for item in found:
            await item.round()
            item.walls.clear()
            item.cpus.clear()
            item.waits.clear()
        for number in range(ROUNDS):
            for item in found if number % 2 else reversed(found):
                await item.round()
        _tell(found, ROUNDS)


async def profile(address: str, folder: Path) -> None:
    """The share of CPU time each function of the project takes with all it calls; at 32 chats, or `one`."""
    chats = 1 if "one" in sys.argv else 32
    async with AsyncExitStack() as open_:
        bot = as_bot(address)
        open_.push_async_callback(bot.session.close)
        exchange = await open_.enter_async_context(exchange_on(folder, bot, "NORMAL"))
        await turns(exchange, await newcomers(exchange, PERSONS[chats]), chats)
        persons = await newcomers(exchange, PERSONS[chats])
        profiler = cProfile.Profile(time.process_time)
        with profiler:
            await turns(exchange, persons, chats)
    stats = pstats.Stats(profiler)
    root = f"{Path.cwd()}/"
    found = [
        (cumulative / stats.total_tt, f"{file.removeprefix(root)}:{name}")  # type: ignore[attr-defined]
        for (file, _, name), (_, _, _, cumulative, _) in stats.stats.items()  # type: ignore[attr-defined]
        if file.startswith(root) and ".venv" not in file
    ]
    for share, name in sorted(found, reverse=True)[:40]:
        print(f"{share:6.1%} {name}")


def main() -> None:
    """Measures, or profiles."""
    with answering_at_once() as address, TemporaryDirectory() as folder:
        work = profile if "profile" in sys.argv else measure
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work(address, Path(folder)))


if __name__ == "__main__":
    main()
