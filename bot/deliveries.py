"""Letters to many on their way into the outbox: made, stored and claimed in the sender's own transaction."""

from bot.calls import to_calls
from bot.clock import Clock, real_now
from handlers.outgoing import Outgoing
from handlers.reminding.letters import compose
from handlers.screens import send
from notices import Catalog
from reminders import letters
from storage import ledger, outbox
from storage.database import Session
from storage.outbox import OutboxItem


class Deliveries:
    """What `Sending` asks for letters."""

    def __init__(self, catalog: Catalog, clock: Clock, channel: str, bot_id: int) -> None:
        self._catalog, self._clock, self._channel, self._bot_id = catalog, clock, channel, bot_id

    async def take(self, session: Session, worker: str, limit: int) -> list[OutboxItem]:
        """Up to `limit` calls whose recipients still want them, claimed for `worker`."""
        now, wall = self._clock.now(), real_now()
        found = await letters.take(session, self._catalog, self._channel, limit, now, wall)
        calls = []
        for letter in found:
            outgoing = Outgoing(send(letter.chat_id, compose(letter, now)), kind="broadcast")
            # A letter is one message: its parts are clipped, a staff text has a limit of its own.
            calls.append((to_calls(outgoing, self._bot_id, letter.chat_id)[0], letter.attempts))
        items = await outbox.add_claimed(session, worker, calls, wall)
        pairs = zip(found, items, strict=True)
        await ledger.begin(session, {letter.recipient: item.id for letter, item in pairs})
        return items
