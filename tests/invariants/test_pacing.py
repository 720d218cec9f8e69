"""Invariant 6: no sliding second holds more calls than the limit; none leaves before a stop has ended."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.pacing
from bot.pacing import Pacing
from tests.invariants.conftest import PROFILE

BURST = 3


class Leaping(asyncio.SelectorEventLoop):
    """A loop whose clock leaps to whatever is due next."""

    moment = 1000.0

    def time(self) -> float:
        return self.moment

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.moment = max(self.moment, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class LoopTime:
    """In place of the time module."""

    @staticmethod
    def monotonic() -> float:
        return asyncio.get_running_loop().time()


@pytest.fixture(autouse=True, scope="module")
def leaping_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.pacing, "time", LoopTime)
        yield


CALLS = st.lists(st.tuples(st.floats(0, 0.3), st.integers(1, 40), st.integers(1, 6)), min_size=1, max_size=12)
STOPS = st.lists(st.tuples(st.floats(0, 4), st.floats(0.1, 3)), max_size=3)


@PROFILE
@given(rate=st.sampled_from([0.5, 1, 7, 30]), calls=CALLS, stops=STOPS)
def test_no_second_holds_too_many_and_stops_are_kept(rate: float, calls: Any, stops: Any) -> None:
    left: list[float] = []
    silences: list[tuple[float, float]] = []

    async def call(pacing: Pacing, chat: int) -> None:
        await pacing.wait_turn(chat)
        left.append(asyncio.get_running_loop().time())

    async def silence(pacing: Pacing, after: float, seconds: float) -> None:
        await asyncio.sleep(after)
        now = asyncio.get_running_loop().time()
        silences.append((now, now + seconds))
        pacing.stop(seconds)

    async def run() -> None:
        pacing = Pacing(rate, 1, BURST)
        tasks = [asyncio.create_task(silence(pacing, *stop)) for stop in stops]
        for pause, count, chat in calls:
            tasks += [asyncio.create_task(call(pacing, chat)) for _ in range(min(count, 12))]
            await asyncio.sleep(pause)
        await asyncio.gather(*tasks)

    with asyncio.Runner(loop_factory=Leaping) as runner:
        runner.run(run())
    moments = sorted(left)
    most, span = max(1, int(rate)), max(1.0, 1 / rate)
    for first, later in zip(moments, moments[most:], strict=False):
        assert later - first >= span - 1e-6
    for begin, end in silences:
        assert not [moment for moment in moments if begin + 1e-9 < moment < end - 1e-6]
