"""Telling a double tap from a tap: the same button of the same message, at once, nothing in between."""

from datetime import datetime, timedelta

from aiogram.types import CallbackQuery, Update

AT_ONCE = timedelta(seconds=1)
REMEMBERED = 10_000
"""Chats whose last update is kept in mind; forgetting one only means that a double tap is answered twice."""


class DoubleTaps:
    """What each chat did last. A double tap changes nothing anyway; this spares people a second answer."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[tuple[int, str], int, datetime]] = {}

    def is_repeat(self, update: Update, chat_id: int, now: datetime) -> bool:
        """Whether the update only repeats the tap before it; a row tried anew is no repetition."""
        tap = _tap(update.callback_query)
        before = self._last.pop(chat_id, None)
        if tap is None:
            return False
        if before and before[0] == tap and before[1] != update.update_id and now - before[2] <= AT_ONCE:
            self._last[chat_id] = before
            return True
        self._last[chat_id] = (tap, update.update_id, now)
        if len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
        return False


def _tap(query: CallbackQuery | None) -> tuple[int, str] | None:
    if query is None or query.message is None or query.data is None:
        return None
    return query.message.message_id, query.data
