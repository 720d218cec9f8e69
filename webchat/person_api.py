"""The JSON API of persons, used by the page and by any other client; see docs/webchat-api.md."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from webchat.bot_api import commands_for
from webchat.bot_sending import CAPTION_LIMIT
from webchat.files import PICTURE_TYPES
from webchat.guard import Guard, refusal
from webchat.keyboards import DATA_BYTES
from webchat.person_requests import (
    FILE_LIMIT,
    NotReadable,
    TooMuch,
    read_chat,
    read_form,
    read_json,
    read_nonce,
    read_wait,
    read_whole,
)
from webchat.person_view import show_details, show_message
from webchat.persons import Persons
from webchat.state import TEXTS, Conversations
from webchat.text_cleaning import clean_text

TEXT_LIMIT = 100_000
NAME_LIMIT = 40
PAGE_OF_CHANGES = 500


class PersonApi:
    """Handlers of `/api/…`. The guard has checked the key before any of them runs."""

    def __init__(self, chats: Conversations, guard: Guard, banner: Callable[[], str]) -> None:
        self._chats = chats
        self._guard = guard
        self._banner = banner
        self._persons = Persons(chats)

    async def send_text(self, request: web.Request) -> web.StreamResponse:
        """POST messages: a text; over 4096 characters it becomes several messages."""
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        try:
            body = await read_json(request)
        except NotReadable:
            return refusal(400, "bad_request")
        except TooMuch:
            return refusal(413, "text_too_long", limit=TEXT_LIMIT)
        if not isinstance(body.get("text"), str):
            return refusal(400, "bad_request")
        if len(body["text"]) > TEXT_LIMIT:
            return refusal(413, "text_too_long", limit=TEXT_LIMIT)
        text = clean_text(body["text"])
        if not text.strip():
            return refusal(400, "text_empty")
        sent = self._persons.write(chat, text, read_nonce(body.get("nonce")))
        return web.json_response({"id": sent[0].id, "ids": [message.id for message in sent]})

    async def press(self, request: web.Request) -> web.StreamResponse:
        """POST presses: a button of a message that stands in this chat.

        The data need not be on the message now: a changed client could send the same to Telegram.
        """
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        try:
            body = await read_json(request)
        except (NotReadable, TooMuch):
            return refusal(400, "bad_request")
        if not isinstance(body.get("data"), str) or type(body.get("message_id")) is not int:
            return refusal(400, "bad_request")
        data = clean_text(body["data"])
        if not 1 <= len(data.encode()) <= DATA_BYTES:
            return refusal(400, "data_wrong")
        press = self._persons.press(chat, body["message_id"], data)
        if press is None:
            return refusal(404, "message_gone")
        return web.json_response({"id": press})

    async def send_file(self, request: web.Request) -> web.StreamResponse:
        """POST files: multipart with `file`, and where wanted `caption`, `album`, `nonce`."""
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        try:
            form = await read_form(request)
        except NotReadable:
            return refusal(400, "bad_request")
        except TooMuch:
            return refusal(413, "file_too_big", limit=FILE_LIMIT >> 20)
        if not form.content:
            return refusal(400, "file_missing" if form.content is None else "file_empty")
        caption = clean_text(form.fields.get("caption", "")).strip()
        if len(caption) > CAPTION_LIMIT:
            return refusal(400, "caption_too_long", limit=CAPTION_LIMIT)
        album, nonce = (read_nonce(form.fields.get(name)) for name in ("album", "nonce"))
        sent = self._persons.upload(chat, form.name, form.mime, form.content, caption, album, nonce)
        return web.json_response({"id": sent.id, "ids": [sent.id]})

    async def read_messages(self, request: web.Request) -> web.StreamResponse:
        """GET messages: what changed after a cursor; with `wait` as soon as something did."""
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        after, signals, wait = (
            read_whole(request, "after"),
            read_whole(request, "signals"),
            read_wait(request),
        )
        if after is None or signals is None or wait is None:
            return refusal(400, "bad_request")
        heard = signals if "signals" in request.query else None
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            answer = self._changes(chat, after, heard)
            left = deadline - asyncio.get_running_loop().time()
            if answer["next"] > after or answer.get("signals") or left <= 0 or self._chats.bell.closed:
                return web.json_response(answer)
            await self._chats.bell.wait(chat, left)

    def _changes(self, chat: int, after: int, heard: int | None) -> dict[str, Any]:
        changed = self._chats.messages.changes(chat, after, PAGE_OF_CHANGES)
        standing = [message for message in changed if not message.deleted]
        shown = [show_message(message, self._chats.files, self._guard.sign_file) for message in standing]
        answer: dict[str, Any] = {"next": changed[-1].cursor if changed else after, "messages": shown}
        deleted = [message.id for message in changed if message.deleted]
        if deleted and after > 0:
            answer["deleted"] = deleted
        if heard is not None:
            for message, view in zip(standing, shown, strict=True):
                view.update(show_details(message, self._chats.files))
            answer["signals"] = self._chats.signals.since(chat, heard) if heard else []
            answer["next_signal"] = self._chats.signals.last
            answer["banner"] = self._banner()
        return answer

    async def read_file(self, request: web.Request) -> web.StreamResponse:
        """GET files: the bytes under the file's name; only pictures may open in the browser."""
        file = self._chats.files.find(request.match_info["file"])
        if file is None:
            return refusal(404, "file_gone")
        picture = file.mime in PICTURE_TYPES and file.width is not None
        shown = "inline" if picture and "download" not in request.query else "attachment"
        headers = {
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        mime = file.mime if picture else "application/octet-stream"
        return web.Response(body=self._chats.files.read(file), content_type=mime, headers=headers)

    async def list_chats(self, request: web.Request) -> web.StreamResponse:
        """GET chats: the persons, each with the cursor of the last change in the chat."""
        people = self._chats.messages.people()
        listed = [{"id": chat, "name": name, "last": last} for chat, name, last in people]
        return web.json_response({"bot": TEXTS["bot"], "banner": self._banner(), "chats": listed})

    async def rename_chat(self, request: web.Request) -> web.StreamResponse:
        """PUT chats/{chat}: give a person a name; a new person becomes known by it."""
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        try:
            body = await read_json(request)
        except (NotReadable, TooMuch):
            return refusal(400, "bad_request")
        name = clean_text(str(body.get("name", ""))).strip()
        if not 1 <= len(name) <= NAME_LIMIT or "\n" in name:
            return refusal(400, "name_wrong", limit=NAME_LIMIT)
        self._chats.messages.rename(chat, name)
        return web.json_response({"id": chat, "name": name})

    async def list_commands(self, request: web.Request) -> web.StreamResponse:
        """GET commands: what the bot set with setMyCommands, as this person sees it."""
        chat = read_chat(request)
        if chat is None:
            return refusal(400, "bad_chat")
        return web.json_response({"commands": commands_for(self._chats, chat)})
