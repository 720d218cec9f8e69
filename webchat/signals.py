"""What is worth telling a page at once and not worth keeping: typing, answers to presses. And the bell."""

import asyncio
import time
from collections import deque
from collections.abc import Hashable
from typing import Any


class Bell:
    """Wakes whoever waits for a topic. Topics are chats, and the update queue."""

    def __init__(self) -> None:
        self._events: dict[Hashable, asyncio.Event] = {}
        self.closed = False

    def ring(self, topic: Hashable) -> None:
        """Wake all who wait for this topic."""
        event = self._events.pop(topic, None)
        if event is not None:
            event.set()

    async def wait(self, topic: Hashable, seconds: float) -> None:
        """Return when the topic rings, when the seconds are over, or when the server closes."""
        if self.closed or seconds <= 0:
            return
        event = self._events.setdefault(topic, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return

    def close(self) -> None:
        """Wake everybody, for good."""
        self.closed = True
        for topic in list(self._events):
            self.ring(topic)


class Signals:
    """The last signals of all chats, in memory. Their numbers grow over restarts, as clocks do."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, int, dict[str, Any]]] = deque(maxlen=1000)
        self.last = time.time_ns() // 1000

    def add(self, chat: int, signal: dict[str, Any]) -> None:
        """Remember a signal for whoever looks at this chat."""
        self.last += 1
        self._kept.append((self.last, chat, signal))

    def since(self, chat: int, number: int) -> list[dict[str, Any]]:
        """The chat's signals after the given number, oldest first."""
        return [signal for at, of, signal in self._kept if of == chat and at > number]
