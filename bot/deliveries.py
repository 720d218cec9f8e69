"""Letters to many on their way into the outbox: made, stored and claimed in the sender's own transaction."""

from typing import Any

import structlog

from bot.clock import Clock, real_now
from bot.splitting import split_html
from handlers.reminding.letters import Writer
from handlers.screens import Screen
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
        self._writer = Writer(clock.now())

    async def take(self, session: Session, worker: str, limit: int) -> list[OutboxItem]:
        """Up to `limit` calls whose recipients still want them, claimed for `worker`."""
        now, wall = self._clock.now(), real_now()
        found = await letters.take(session, self._catalog, self._channel, limit, now, wall)
        # All letters of a second are written at one moment, so that those alike are rendered once.
        second = now.replace(microsecond=0)
        if self._writer.now != second:
            self._writer = Writer(second)
        made = [(letter, call) for letter in found if (call := self._call(letter)) is not None]
        missing = {letter.recipient for letter in found} - {letter.recipient for letter, _ in made}
        await ledger.skip(session, dict.fromkeys(missing, "refused"), wall)
        calls = [(call, letter.attempts) for letter, call in made]
        items = await outbox.add_claimed(session, worker, calls, wall)
        pairs = zip([letter for letter, _ in made], items, strict=True)
        await ledger.begin(session, {letter.recipient: item.id for letter, item in pairs})
        return items

    def _call(self, letter: Letter) -> Call | None:
        """None where the text cannot be made: a fault in one pack must not hold up what others are told."""
        try:
            screen = self._writer.compose(letter)
        except Exception:
            log.exception("letter not made", broadcast=letter.broadcast.id, recipient=letter.recipient)
            return None
        arguments = arguments_to_send(letter.chat_id, screen)
        return Call(self._bot_id, letter.chat_id, "SendMessage", arguments, kind="broadcast")


def arguments_to_send(chat_id: int, screen: Screen) -> dict[str, Any]:
    """What the outbox keeps of `send(chat_id, screen)`, without the method: checking costs more than writing.

    A letter is one message: its parts are clipped, a staff text has a limit of its own.
    """
    arguments: dict[str, Any] = {
        "chat_id": chat_id,
        "text": split_html(screen.text)[0],
        "parse_mode": "HTML",
    }
    keyboard = screen.keyboard
    if keyboard:
        arguments["reply_markup"] = {"inline_keyboard": keyboard}
    return arguments
