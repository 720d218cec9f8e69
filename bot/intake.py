"""From the Bot API into the inbox: stored first, acknowledged after.

The next offset acknowledges (Bot API, getUpdates), so it is sent only when the batch before it is committed.
"""

import asyncio
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramConflictError, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod

from bot.cleaning import clean
from bot.clock import real_now
from bot.kill_points import pass_point
from bot.wakes import Wake
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival

POLL_SECONDS = 25
MAX_PAUSE = 30.0
CHAT_HOLDERS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "my_chat_member",
    "chat_member",
)

log = structlog.get_logger(__name__)


class AnotherPoller(Exception):
    """Another program polls with the same token (409)."""


class TokenRefused(Exception):
    """The Bot API does not accept the token (401)."""


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates that leaves the updates as they came, so that unknown kinds are stored too."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None


class Intake:
    """Polls until cancelled; `arrived` rings when something was stored."""

    def __init__(self, database: Database, bot: Bot, arrived: Wake) -> None:
        self._database, self._bot, self._arrived = database, bot, arrived
        self._offset: int | None = None

    async def run(self) -> None:
        """Raises AnotherPoller or TokenRefused; any other failure is tried again with back-off."""
        pause = 0.0
        while True:
            try:
                await self.poll(POLL_SECONDS)
                pause = 0.0
            except TelegramConflictError as error:
                raise AnotherPoller from error
            except TelegramUnauthorizedError as error:
                raise TokenRefused from error
            except Exception as error:
                pause = min(pause * 2 or 0.5, MAX_PAUSE)
                if isinstance(error, TelegramAPIError):
                    log.warning("no updates for now", error=str(error), again_in=pause)
                else:
                    log.exception("updates not stored", again_in=pause)
                await asyncio.sleep(pause)

    async def poll(self, seconds: int) -> int:
        """One long poll; returns how many updates were stored.

        An offset is used only until an empty answer shows that it was taken: after an idle week Telegram
        may begin anew at any number, also a lower one.
        """
        method = RawUpdates(offset=self._offset, timeout=seconds)
        updates = await self._bot(method, request_timeout=seconds + 15)
        if not updates:
            self._offset = None
            return 0
        pass_point("after_fetch")
        async with self._database.transaction() as session:
            await inbox.store(session, self._bot.id, [read_arrival(raw) for raw in updates], real_now())
        self._offset = max(raw["update_id"] for raw in updates) + 1
        self._arrived.ring()
        return len(updates)


def read_arrival(raw: dict[str, Any]) -> Arrival:
    """The update as the inbox keeps it, with the chat in whose order it stands (0 where it has none)."""
    body = clean(raw)
    chat: Any = None
    for holder in CHAT_HOLDERS:
        chat = chat or (body.get(holder) or {}).get("chat")
    query = body.get("callback_query") or {}
    chat = chat or (query.get("message") or {}).get("chat") or query.get("from")
    return Arrival(body["update_id"], int((chat or {}).get("id", 0)), body)
