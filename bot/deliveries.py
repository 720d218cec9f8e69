"""Letters to many on their way into the outbox: made, stored and claimed in the sender's own transaction."""

from datetime import datetime

import structlog

from bot.calls import to_calls
from bot.clock import Clock, real_now
from handlers.outgoing import Outgoing
from handlers.reminding.letters import compose
from handlers.screens import send
from notices import Catalog
from reminders import letters
from reminders.letters import Letter
from storage import ledger, outbox
from storage.database import Session
from storage.outbox import Call, OutboxItem

log = structlog.get_logger(__name__)


class Deliveries:
    """What `Sending` asks for letters."""

    def __init__(self, catalog: Catalog, clock: Clock, channel: str, bot_id: int) -> None:
        self._catalog, self._clock, self._channel, self._bot_id = catalog, clock, channel, bot_id

    async def take(self, session: Session, worker: str, limit: int) -> list[OutboxItem]:
        """Up to `limit` calls whose recipients still want them, claimed for `worker`."""
        now, wall = self._clock.now(), real_now()
        found = await letters.take(session, self._catalog, self._channel, limit, now, wall)
        made = [(letter, call) for letter in found if (call := self._call(letter, now)) is not None]
        missing = {letter.recipient for letter in found} - {letter.recipient for letter, _ in made}
        await ledger.skip(session, dict.fromkeys(missing, "refused"), wall)
        calls = [(call, letter.attempts) for letter, call in made]
        items = await outbox.add_claimed(session, worker, calls, wall)
        pairs = zip([letter for letter, _ in made], items, strict=True)
        await ledger.begin(session, {letter.recipient: item.id for letter, item in pairs})
        return items

    def _call(self, letter: Letter, now: datetime) -> Call | None:
        """None where the text cannot be made: a fault in one pack must not hold up what others are told."""
        try:
            outgoing = Outgoing(send(letter.chat_id, compose(letter, now)), kind="broadcast")
        except Exception:
            log.exception("letter not made", broadcast=letter.broadcast.id, recipient=letter.recipient)
            return None
        # A letter is one message: its parts are clipped, a staff text has a limit of its own.
        return to_calls(outgoing, self._bot_id, letter.chat_id)[0]
