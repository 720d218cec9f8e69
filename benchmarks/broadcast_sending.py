"""How fast a reminder goes out: from the ledger, against a bare loop over aiogram's `send_message`.

Run `uv run --group bench python -m benchmarks.broadcast_sending`. Both send the same text and button to the
same local Bot API in turns, with no limit of rate; the bare loop one call after the other, and 30 at once as
from the ledger. The ledger's side looks at each recipient again, writes each letter, and commits how every
call ended with synchronous=FULL; the bare loop keeps nothing. Then the rate kept: the pace limited, a server
that takes 100 ms for each answer.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, cast

import uvloop
from aiogram import Bot

import notices
from benchmarks.answering_at_once import Answering, answering_at_once
from benchmarks.many_recipients import CHANNEL, fill, fire
from benchmarks.our_turns import UNLIMITED, as_bot
from bot.calls import to_method
from bot.clock import real_now
from bot.deliveries import Deliveries
from bot.pacing import Pacing
from bot.sending import AT_ONCE, Sending
from bot.wakes import Wake
from storage import outbox
from storage.database import Database
from storage.files import FileStore

RECIPIENTS, ROUNDS = 2_000, 3
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


async def send_from_ledger(bot: Bot, folder: Path, count: int, pacing: Pacing) -> list[float]:
    """When each of the messages of a broadcast was recorded as sent; the first moment is the beginning."""
    database = Database.open(f"sqlite:///{folder / 'sending.sqlite3'}")
    await fill(database, count)
    clock, _ = await fire(database)
    letters = Deliveries(notices.load(), clock, CHANNEL, bot.id)
    sending = Timed(
        database,
        bot,
        FileStore(folder / "files"),
        pacing,
        Wake(),
        worker="benchmark",
        channel=CHANNEL,
        letters=letters,
    )
    sending.expect(count)
    begin = time.perf_counter()
    task = asyncio.create_task(sending.run())
    await sending.all_sent.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()
    (folder / "sending.sqlite3").unlink()
    return [begin, *sending.moments]


async def send_bare(
    bot: Bot, method: str, arguments: dict[str, Any], folder: Path, count: int, *, at_once: int
) -> float:
    """Seconds of a loop that sends the same to everybody, and keeps nothing."""
    files = FileStore(folder / "files")
    numbers = iter(range(count))

    async def one_after_another() -> None:
        for number in numbers:
            await bot(to_method(method, {**arguments, "chat_id": number + 1}, {}, files))

    begin = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return time.perf_counter() - begin


async def sample(bot: Bot, folder: Path) -> tuple[str, dict[str, Any]]:
    """The call a broadcast makes."""
    database = Database.open(f"sqlite:///{folder / 'sample.sqlite3'}")
    await fill(database, 1)
    clock, _ = await fire(database)
    async with database.transaction() as session:
        await Deliveries(notices.load(), clock, CHANNEL, bot.id).take(session, "benchmark", 1)
    async with database.transaction() as session:
        await outbox.recover(session, real_now(), everything=True)
        item = (await session.execute(outbox.OUTBOX.select())).mappings().one()
    await database.close()
    return str(item["method"]), dict(item["arguments"])


async def compare(address: str, folder: Path) -> None:
    """Prints both speeds."""
    bot = as_bot(address)
    method, arguments = await sample(bot, folder)
    ours: list[float] = []
    bare: dict[int, list[float]] = {1: [], AT_ONCE: []}
    for _ in range(ROUNDS):
        for at_once, speeds in bare.items():
            seconds = await send_bare(bot, method, arguments, folder, RECIPIENTS, at_once=at_once)
            speeds.append(RECIPIENTS / seconds)
        pacing = Pacing(UNLIMITED, UNLIMITED, int(UNLIMITED))
        begin, *moments = await send_from_ledger(bot, folder, RECIPIENTS, pacing)
        ours.append(RECIPIENTS / (moments[-1] - begin))
    await bot.session.close()
    print(f"from ledger           {median(ours):6.0f} messages/s (median of {ROUNDS} rounds of {RECIPIENTS})")
    for at_once, speeds in bare.items():
        share = median(mine / plain for mine, plain in zip(ours, speeds, strict=True))
        print(
            f"bare loop, {at_once:2} at once {median(speeds):6.0f} messages/s: from ledger {share:.2f} of it"
        )


async def keep_rates(address: str, folder: Path) -> None:
    """Prints how much of a configured rate is used, the first second's burst left out."""
    bot = as_bot(address)
    for rate in RATES:
        count = int(rate * RATE_SECONDS)
        moments = (await send_from_ledger(bot, folder, count, Pacing(rate, 1, 5)))[1:]
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
