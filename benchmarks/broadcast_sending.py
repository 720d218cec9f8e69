"""How fast a reminder goes out: from the ledger, against a bare loop over aiogram's `send_message`.

Run `uv run --group bench python -m benchmarks.broadcast_sending`. Both send the same text and button to the
same local Bot API in turns, with no limit of rate; the bare loop one call after the other, and 30 at once.
The ledger's side looks at each recipient again, writes each letter, and commits how every call ended with
synchronous=FULL; the bare loop has one text and one keyboard, made once, and keeps nothing. CPU is that of
the sending process. Then the rate kept: the pace limited, a server that takes 100 ms for each answer.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, cast

import uvloop
from aiogram import Bot
from aiogram.types import InlineKeyboardMarkup

import notices
from benchmarks.answering_at_once import Answering, answering_at_once
from benchmarks.many_recipients import CHANNEL, fill, fire
from benchmarks.our_turns import UNLIMITED, as_bot
from benchmarks.rival_turns import bare_bot
from bot.deliveries import Deliveries
from bot.handover import Handover
from bot.pacing import Pacing
from bot.sending import Sending
from storage.database import Database
from storage.files import FileStore

RECIPIENTS, ROUNDS, BARE_AT_ONCE = 2_000, 3, (1, 30)
RATES, RATE_SECONDS, SERVER_SECONDS = (30.0, 100.0), 20, 0.1


class Late(asyncio.WriteTransport):
    """A way back that takes its time."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        super().__init__()
        self._transport = transport

    def write(self, data: Any) -> None:
        """Later."""
        asyncio.get_running_loop().call_later(SERVER_SECONDS, self._transport.write, data)


class AnsweringLate(Answering):
    """The same server, further away."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps a slow way back."""
        super().connection_made(Late(cast(asyncio.WriteTransport, transport)))


async def _serve(told: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(AnsweringLate, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(told: Connection) -> None:
    asyncio.run(_serve(told))


@contextmanager
def answering_late() -> Iterator[str]:
    """The address of a server that takes 100 ms."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


@dataclass(frozen=True)
class Speed:
    """Messages a second, and CPU seconds a message."""

    rate: float
    cpu: float


class Timed(Sending):
    """Knows when the end of each call was committed."""

    def expect(self, count: int) -> None:
        """So many are to be sent."""
        self.moments: list[float] = []
        self.count, self.all_sent = count, asyncio.Event()

    async def turn_over(self) -> int:
        """As ever, and looks at the time."""
        ended = [verdict for _, verdict in self._verdicts if verdict.outcome.state == "sent"]
        begun = await super().turn_over()
        self.moments += [time.perf_counter()] * len(ended)
        if len(self.moments) >= self.count:
            self.all_sent.set()
        return begun


async def send_from_ledger(bot: Bot, folder: Path, count: int, pacing: Pacing) -> tuple[list[float], float]:
    """When each message was recorded as sent, the first moment being the beginning; CPU seconds a message."""
    database = Database.open(f"sqlite:///{folder / 'sending.sqlite3'}")
    await fill(database, count)
    clock, _ = await fire(database)
    letters = Deliveries(notices.load(), clock, CHANNEL, bot.id)
    sending = Timed(
        database,
        bot,
        FileStore(folder / "files"),
        pacing,
        Handover(),
        worker="benchmark",
        channel=CHANNEL,
        letters=letters,
    )
    sending.expect(count)
    begin, cpu = time.perf_counter(), time.process_time()
    task = asyncio.create_task(sending.run())
    await sending.all_sent.wait()
    cpu = time.process_time() - cpu
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()
    (folder / "sending.sqlite3").unlink()
    return [begin, *sending.moments], cpu / count


async def send_bare(bot: Bot, arguments: dict[str, Any], count: int, at_once: int) -> Speed:
    """A loop that sends the same to everybody, and keeps nothing."""
    numbers = iter(range(count))
    words = {"text": arguments["text"], "parse_mode": arguments["parse_mode"]}
    markup = InlineKeyboardMarkup.model_validate(arguments["reply_markup"])

    async def one_after_another() -> None:
        for number in numbers:
            await bot.send_message(chat_id=number + 1, reply_markup=markup, **words)

    begin, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return Speed(count / (time.perf_counter() - begin), (time.process_time() - cpu) / count)


async def sample(bot: Bot, folder: Path) -> dict[str, Any]:
    """The arguments of the call a broadcast makes."""
    database = Database.open(f"sqlite:///{folder / 'sample.sqlite3'}")
    await fill(database, 1)
    clock, _ = await fire(database)
    async with database.transaction() as session:
        (item,) = await Deliveries(notices.load(), clock, CHANNEL, bot.id).take(session, "benchmark", 1)
    await database.close()
    assert item.method == "SendMessage"
    return item.arguments


async def compare(address: str, folder: Path) -> None:
    """Prints both speeds."""
    bot, bare = as_bot(address), bare_bot(address)
    arguments = await sample(bot, folder)
    ours: list[Speed] = []
    theirs: dict[int, list[Speed]] = {at_once: [] for at_once in BARE_AT_ONCE}
    for _ in range(ROUNDS):
        for at_once, speeds in theirs.items():
            speeds.append(await send_bare(bare, arguments, RECIPIENTS, at_once))
        pacing = Pacing(UNLIMITED, UNLIMITED, int(UNLIMITED))
        (begin, *moments), cpu = await send_from_ledger(bot, folder, RECIPIENTS, pacing)
        ours.append(Speed(RECIPIENTS / (moments[-1] - begin), cpu))
    for each in (bot, bare):
        await each.session.close()
    print(f"medians of {ROUNDS} rounds of {RECIPIENTS} messages")
    print(f"from ledger           {_show(ours)}")
    for at_once, speeds in theirs.items():
        share = median(mine.rate / other.rate for mine, other in zip(ours, speeds, strict=True))
        of_cpu = median(other.cpu / mine.cpu for mine, other in zip(ours, speeds, strict=True))
        print(
            f"bare loop, {at_once:2} at once {_show(speeds)}: "
            f"from ledger {share:.2f} of its speed, its CPU {of_cpu:.2f} of ours"
        )


def _show(speeds: list[Speed]) -> str:
    rate, cpu = median(speed.rate for speed in speeds), median(speed.cpu for speed in speeds)
    return f"{rate:6.0f} messages/s, {cpu * 1e6:5.0f} µs of CPU each"


async def keep_rates(address: str, folder: Path) -> None:
    """Prints how much of a configured rate is used, the first second's burst left out."""
    bot = as_bot(address)
    for rate in RATES:
        count = int(rate * RATE_SECONDS)
        (_, *moments), _ = await send_from_ledger(bot, folder, count, Pacing(rate, 1, 5))
        later = [moment for moment in moments if moment > moments[0] + 1]
        kept = (len(later) - 1) / (later[-1] - later[0])
        print(
            f"rate {rate:3.0f}/s, {SERVER_SECONDS * 1e3:.0f} ms a call: {kept:.1f}/s, {kept / rate:.3f} of it"
        )
    await bot.session.close()


def main() -> None:
    """Measures."""
    with TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        with answering_at_once() as address:
            runner.run(compare(address, Path(folder)))
        with answering_late() as address:
            runner.run(keep_rates(address, Path(folder)))


if __name__ == "__main__":
    main()
