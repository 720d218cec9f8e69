"""aiogram's way to the Bot API without what makes it slow (docs/performance.md).

aiogram asks pydantic for `Response[T]` at every call, and pydantic holds such types weakly: each time the
garbage collector has passed it is built anew, which takes longer than a whole call. And it sends every call
as a form, in which each value is quoted by itself.
"""

from functools import cache, lru_cache
from typing import Any

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.types import InputFile
from aiohttp.payload import JsonBytesPayload
from pydantic_core import to_json

from bot.calls import StoredCall


class KeepingSession(AiohttpSession):
    """aiogram's session over HTTP; a type of answer it has read once stays built, stored calls are JSON."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """A stored call's arguments as JSON; a form where a file is uploaded (Bot API, "Making requests")."""
        arguments = method.model_extra if isinstance(method, StoredCall) else None
        if arguments is None or any(isinstance(value, InputFile) for value in arguments.values()):
            return super().build_form_data(bot, method)
        ready = {
            name: _default(bot, value) if isinstance(value, Default) else value
            for name, value in arguments.items()
        }
        given = {name: value for name, value in ready.items() if value is not None}
        return JsonBytesPayload(given, dumps=to_json)

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """The answer, read; raises as aiogram does."""
        _answer_type(method.__returning__)
        return super().check_response(bot, method, status_code, content)


@lru_cache
def _default(bot: Bot, default: Default) -> Any:
    return bot.session.prepare_value(default, bot=bot, files={}, _dumps_json=False)


@cache
def _answer_type(returning: Any) -> Any:
    return Response.__class_getitem__(returning)
