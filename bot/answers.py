"""Keeps the types of the Bot API's answers.

aiogram asks pydantic for `Response[T]` at every call, and pydantic holds such types weakly: each time the
garbage collector has passed it is built anew, which takes longer than a whole call (docs/performance.md).
"""

from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod


class KeepingSession(AiohttpSession):
    """aiogram's session over HTTP; a type of answer it has read once stays built."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """The answer, read; raises as aiogram does."""
        _answer_type(method.__returning__)
        return super().check_response(bot, method, status_code, content)


@cache
def _answer_type(returning: Any) -> Any:
    return Response.__class_getitem__(returning)
