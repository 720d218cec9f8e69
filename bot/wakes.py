"""How the parts of the process tell each other of work, instead of asking the database all the time."""

import asyncio
from contextlib import suppress


class Wake:
    """A bell: rung by whoever makes work, waited for by whoever does it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """There may be work."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns when it has been rung since the last time, or after `seconds`."""
        if not self._event.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._event.wait()
        self._event.clear()
