"""aiogram's way to the Bot API without what makes it slow (docs/performance.md).

aiogram asks pydantic for `Response[T]` at every call, and pydantic holds such types weakly: each time the
garbage collector has passed it is built anew, which takes longer than a whole call. And it sends every call
as a form, in which each value is quoted by itself.
"""

from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiohttp import JsonPayload


class KeepingSession(AiohttpSession):
    """aiogram's session over HTTP; a type of answer it has read once stays built, and calls are JSON."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """The arguments as JSON; as a form where a file is uploaded (Bot API, "Making requests")."""
        files: dict[str, Any] = {}
        arguments = {
            name: self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            for name, value in method.model_dump(warnings=False).items()
        }
        if files:
            return super().build_form_data(bot, method)
        return JsonPayload({name: value for name, value in arguments.items() if value is not None})

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """The answer, read; raises as aiogram does."""
        _answer_type(method.__returning__)
        return super().check_response(bot, method, status_code, content)


@cache
def _answer_type(returning: Any) -> Any:
    return Response.__class_getitem__(returning)
