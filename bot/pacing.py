"""How fast calls may leave: an average for each chat with bursts, an average overall, and stops.

Telegram's public limits (Bot API FAQ, "My bot is hitting limits"): about 30 messages a second overall and
one a second in one chat, short bursts allowed.
"""

import asyncio
import time
from collections import OrderedDict, deque

REMEMBERED_CHATS = 10_000
AHEAD_SECONDS = 0.1


class Bucket:
    """Tokens that come at `rate` a second, at most `burst` of them; taking one too many makes a debt."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, now

    def take(self, now: float) -> float:
        """Takes a token, and returns for how many seconds to wait before using it."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)

    def level(self, now: float) -> float:
        """How many tokens there are; a debt is negative."""
        return min(self._burst, self._tokens + (now - self._at) * self._rate)


class Window:
    """Moments at which calls left, so that no second, whenever it begins, holds more than the rate.

    A bucket alone lets its burst and a whole second's tokens into one second. A rate below one is one call
    in so many seconds.
    """

    def __init__(self, rate: float) -> None:
        self._most, self._seconds = max(1, int(rate)), max(1.0, 1 / rate)
        self._left: deque[float] = deque()

    def full_for(self, now: float) -> float:
        """For how many seconds no call may leave."""
        # The same sum as below: rounded otherwise, a call may be kept and yet ask for no wait.
        while self._left and self._left[0] + self._seconds <= now:
            self._left.popleft()
        return self._left[0] + self._seconds - now if len(self._left) >= self._most else 0.0

    def note(self, now: float) -> None:
        """A call leaves."""
        self._left.append(now)


class Pacing:
    """The limits of one bot."""

    def __init__(self, overall: float, chat: float, burst: int) -> None:
        self._chat_rate, self._chat_burst = chat, burst
        self._rate, self._ahead = overall, max(1.0, overall * AHEAD_SECONDS)
        self._overall = Bucket(overall, max(1.0, overall / 10), time.monotonic())
        self._chats: OrderedDict[int, Bucket] = OrderedDict()
        self._window = Window(overall)
        self._stopped_until = 0.0

    async def wait_turn(self, chat_id: int, *, paced: bool = True) -> None:
        """Returns when a call to this chat may leave; a call that is not paced waits only for stops."""
        if paced:
            now = time.monotonic()
            delay = max(self._chat_bucket(chat_id, now).take(now), self._overall.take(now))
            if delay:
                await asyncio.sleep(delay)
        while (rest := self._rest(paced)) > 0:  # noqa: ASYNC110
            await asyncio.sleep(rest)
        if paced:
            self._window.note(time.monotonic())

    def _rest(self, paced: bool) -> float:
        now = time.monotonic()
        return max(self._stopped_until - now, self._window.full_for(now) if paced else 0.0)

    def room_for_broadcast(self) -> int:
        """How many broadcast messages may be claimed now, to leave within `AHEAD_SECONDS`.

        A few wait for their moment, so that none passes unused; a reply waits behind them no longer.
        """
        now = time.monotonic()
        return 0 if now < self._stopped_until else max(0, int(self._overall.level(now) + self._ahead))

    def seconds_to_room(self) -> float:
        """When it is worth asking again: once half of what may wait has left."""
        now = time.monotonic()
        lacking = max(1.0, self._ahead / 2) - self._ahead - self._overall.level(now)
        return max(self._stopped_until - now, lacking / self._rate, 0.001)

    def stop(self, seconds: float) -> None:
        """Lets no call leave for so long."""
        self._stopped_until = max(self._stopped_until, time.monotonic() + seconds)

    def _chat_bucket(self, chat_id: int, now: float) -> Bucket:
        bucket = self._chats.pop(chat_id, None) or Bucket(self._chat_rate, self._chat_burst, now)
        self._chats[chat_id] = bucket
        if len(self._chats) > REMEMBERED_CHATS:
            self._chats.popitem(last=False)
        return bucket
