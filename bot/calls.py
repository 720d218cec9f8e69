"""Between methods as handlers return them and calls as the outbox keeps them."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from aiogram import methods
from aiogram.client.default import Default
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import FSInputFile
from pydantic import Field

from bot.splitting import CAPTION_LIMIT, TEXT_LIMIT, measure_html, split_html
from handlers.outgoing import Outgoing
from storage.files import FileStore
from storage.outbox import Call
from storage.queues import StoredFile

STORED = re.compile(r"stored:(\d+)")
UPLOADS = frozenset(("document", "photo", "audio", "video", "animation", "voice", "thumbnail"))


def to_calls(outgoing: Outgoing, bot_id: int, chat_id: int) -> list[Call]:
    """The calls of one outgoing message: several where its text is too long for one.

    `chat_id` is used where the method names no chat, as a callback answer does. Buttons go with the last
    part; a caption's rest follows as messages of their own.
    """
    arguments = outgoing.method.model_dump(mode="json", exclude_defaults=True)
    chat = arguments.get("chat_id", chat_id)
    first = Call(
        bot_id=bot_id,
        chat_id=chat if isinstance(chat, int) else chat_id,
        method=type(outgoing.method).__name__,
        arguments=arguments,
        kind=outgoing.kind,
        name=outgoing.name or outgoing.edits,
        edits=outgoing.edits,
    )
    if outgoing.kind == "answer":
        return [first]
    return _split(first)


def _split(call: Call) -> list[Call]:
    arguments = call.arguments
    field, limit = ("caption", CAPTION_LIMIT) if "caption" in arguments else ("text", TEXT_LIMIT)
    text = arguments.get(field)
    if not isinstance(text, str) or measure_html(text) <= limit:
        return [call]
    head, *rest = split_html(text, TEXT_LIMIT, first=limit)
    parts: list[dict[str, Any]] = [{**arguments, field: head}]
    shared: dict[str, Any] = {key: arguments[key] for key in ("chat_id", "parse_mode") if key in arguments}
    parts += [{**shared, "text": part} for part in rest]
    if "reply_markup" in arguments:
        parts[0].pop("reply_markup", None)
        parts[-1]["reply_markup"] = arguments["reply_markup"]
    followers = [Call(call.bot_id, call.chat_id, SendMessage.__name__, part, call.kind) for part in parts[1:]]
    first = Call(call.bot_id, call.chat_id, call.method, parts[0], call.kind, call.name, call.edits)
    return [first, *followers]


def named_files(arguments: dict[str, Any]) -> set[int]:
    """The ids of the stored files a call uploads."""
    found = (STORED.fullmatch(str(arguments[field])) for field in UPLOADS & arguments.keys())
    return {int(match.group(1)) for match in found if match}


class StoredCall(TelegramMethod[Any]):
    """A call with its arguments as the outbox keeps them: checked when they were written, not once more."""

    __returning__ = Any
    called: str = Field(exclude=True)

    @property
    def __api_method__(self) -> str:  # type: ignore[override]  # aiogram's own base has a property here
        return self.called


def to_method(
    name: str, arguments: dict[str, Any], files: dict[int, StoredFile], store: FileStore
) -> StoredCall:
    """The method to call, with real uploads in place of stored ids; raises KeyError for a file unknown."""
    called, defaults = _method(name)
    ready = {**defaults, **arguments}
    for field in UPLOADS & arguments.keys():
        match = STORED.fullmatch(str(arguments[field]))
        if match:
            file = files[int(match.group(1))]
            ready[field] = FSInputFile(store.locate(file), filename=file.name)
    return StoredCall(called=called, **ready)


@cache
def _method(name: str) -> tuple[str, dict[str, Any]]:
    """The Bot API's name of an aiogram method, and the arguments for which the bot has a default."""
    method: type[TelegramMethod[Any]] = getattr(methods, name)
    fields = method.model_fields.items()
    return method.__api_method__, {
        key: field.default for key, field in fields if isinstance(field.default, Default)
    }


def as_new_message(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of an edit as those of a new message, for a message that cannot be edited."""
    kept = ("chat_id", "text", "parse_mode", "reply_markup", "link_preview_options")
    return {key: value for key, value in arguments.items() if key in kept}


def gather_calls(outgoing: Iterable[Outgoing], bot_id: int, chat_id: int) -> list[Call]:
    """The calls of all outgoing messages, in their order."""
    return [call for item in outgoing for call in to_calls(item, bot_id, chat_id)]
