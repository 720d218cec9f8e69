"""What an answer of the Bot API, or the lack of one, means for the call that was made.

The wordings are those of Telegram's server; the Bot API page names only error_code and parameters.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from aiogram.exceptions import (
    ClientDecodeError,
    RestartingTelegram,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError

from storage.outbox import OutboxItem, Outcome

MAX_ATTEMPTS = 5
HARMLESS = ("message is not modified", "query is too old", "query id is invalid")
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
UNEDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")
BAD_MARKUP = ("can't parse entities", "unsupported start tag", "can't find end tag")

Remedy = Literal["as new message", "as plain text"]


class Verdict(NamedTuple):
    """How the call ended, and what follows from it for others.

    `stop_seconds` is how long Telegram wants to hear nothing, `unreachable` that the person is gone,
    `moved_to` the chat's new id, `remedy` how to make the same call at once in another form.
    """

    outcome: Outcome
    stop_seconds: float = 0
    unreachable: bool = False
    moved_to: int | None = None
    remedy: Remedy | None = None


def judge_result(item: OutboxItem, result: Any) -> Verdict:
    """The call was answered."""
    message = result[0] if isinstance(result, list) and result else result
    message_id = message.get("message_id") if isinstance(message, dict) else None
    return Verdict(Outcome(item.id, "sent", item.attempts, message_id=message_id))


def judge_error(item: OutboxItem, error: Exception, now: datetime) -> Verdict:
    """The call was refused, or nobody knows."""
    match error:
        case TelegramRetryAfter():
            again = now + timedelta(seconds=error.retry_after)
            return Verdict(_again(item, error, again, count=False), stop_seconds=error.retry_after)
        case TelegramMigrateToChat():
            return Verdict(_again(item, error, now, count=False), moved_to=error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Verdict(_failed(item, error), unreachable=True)
        case TelegramBadRequest():
            return _judge_bad_request(item, error)
        case TelegramServerError() | RestartingTelegram() | TelegramUnauthorizedError():
            return Verdict(_retry(item, error, now))
        case TelegramNetworkError() if isinstance(error.__cause__, ClientConnectorError):
            return Verdict(_retry(item, error, now))
        case TelegramNetworkError() | ClientDecodeError():
            return Verdict(_unknown(item, error, now))
    return Verdict(_failed(item, error))


def _judge_bad_request(item: OutboxItem, error: TelegramBadRequest) -> Verdict:
    words = error.message.lower()
    if any(phrase in words for phrase in HARMLESS):
        return Verdict(Outcome(item.id, "sent", item.attempts, error=_describe(error)))
    if any(phrase in words for phrase in GONE):
        return Verdict(_failed(item, error), unreachable=True)
    remedy: Remedy | None = None
    if any(phrase in words for phrase in UNEDITABLE) and item.method == "EditMessageText":
        remedy = "as new message"
    elif any(phrase in words for phrase in BAD_MARKUP):
        remedy = "as plain text"
    return Verdict(_failed(item, error), remedy=remedy)


def _unknown(item: OutboxItem, error: Exception, now: datetime) -> Outcome:
    """The bytes may have arrived: a doubled reply is harmless, a doubled broadcast message is not."""
    if item.kind == "broadcast":
        return Outcome(item.id, "unknown", item.attempts + 1, error=_describe(error))
    return _retry(item, error, now, last="unknown")


def _retry(item: OutboxItem, error: Exception, now: datetime, last: str = "failed") -> Outcome:
    if item.attempts + 1 >= MAX_ATTEMPTS:
        return Outcome(item.id, last, item.attempts + 1, error=_describe(error))
    return _again(item, error, now + timedelta(seconds=2**item.attempts), count=True)


def _again(item: OutboxItem, error: Exception, moment: datetime, *, count: bool) -> Outcome:
    attempts = item.attempts + 1 if count else item.attempts
    return Outcome(item.id, "pending", attempts, error=_describe(error), not_before=moment)


def _failed(item: OutboxItem, error: Exception) -> Outcome:
    return Outcome(item.id, "failed", item.attempts + 1, error=_describe(error))


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
