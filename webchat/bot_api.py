"""The local Bot API: finds the method a call names, carries it out, answers as Telegram does.

Source: Bot API, "Making requests", "Getting updates", "Available methods".
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from webchat.bot_sending import BotSending
from webchat.faults import Fault, Faults, chat_of
from webchat.state import UPDATES, Conversations
from webchat.telegram_objects import file_identity
from webchat.wire import Arguments, Refused, accepted, bad_request, read_arguments, refused

DOWNLOAD_LIMIT = 20 * 1024 * 1024
LONGEST_POLL = 50
ANSWER_LIMIT = 200
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
OLD_PRESS = "query is too old and response timeout expired or query ID is invalid"

Method = Callable[[Arguments], Awaitable[Any]]


class BotApi:
    """Serves `/bot<token>/<method>` and `/file/bot<token>/<path>` for one bot."""

    def __init__(self, chats: Conversations, token: str, faults: Faults | None = None) -> None:
        self._chats = chats
        self._token = token.encode()
        self._faults = faults
        self._sending = BotSending(chats)
        self._poller: asyncio.Event | None = None
        self._methods: dict[str, tuple[str, Method]] = {
            name.lower(): (name, getattr(side, name))
            for side in (self, self._sending)
            for name in vars(type(side))
            if not name.islower()  # the Bot API's own names are the camelCase ones
        }

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of the bot."""
        try:
            self._check_token(request)
            found = self._methods.get(request.match_info["method"].lower())
            if found is None:
                raise Refused(404, "Not Found: method not found")
            name, method = found
            arguments = await read_arguments(request)
            if self._faults is not None:
                return await self._call_with_faults(self._faults, request, name, method, arguments)
            return accepted(await method(arguments))
        except Refused as error:
            return refused(error)
        except web.HTTPRequestEntityTooLarge:
            return refused(Refused(413, "Request Entity Too Large"))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file under the path that getFile named."""
        try:
            self._check_token(request)
        except Refused as error:
            return refused(error)
        file = self._chats.files.find_by_path(request.match_info["path"])
        if file is None:
            return refused(Refused(404, "Not Found"))
        return web.Response(body=self._chats.files.read(file), content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._token):
            raise Refused(401, "Unauthorized")

    async def _call_with_faults(
        self, faults: Faults, request: web.Request, name: str, method: Method, arguments: Arguments
    ) -> web.StreamResponse:
        shown = {**arguments.values, **{part: upload.name for part, upload in arguments.uploads.items()}}
        call = faults.begin(name, shown)
        fault = faults.next_for(name, chat_of(shown)) or Fault("delay")
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "refuse":
            faults.end(call, f"refused {fault.code}", accepted=False)
            raise fault.refusal()
        elif fault.kind == "break_before":
            faults.end(call, "broken before", accepted=False)
            return _hang_up(request)
        try:
            result = await method(arguments)
        except Refused as error:
            faults.end(call, f"refused {error.code}", accepted=False)
            raise
        faults.end(call, "accepted" if fault.kind == "delay" else fault.kind, accepted=True, result=result)
        if fault.kind == "stall_after":
            await self._chats.bell.wait(("call", call.number), fault.seconds)
        if fault.kind in ("break_after", "stall_after"):
            return _hang_up(request)
        return accepted(result)

    async def getMe(self, arguments: Arguments) -> Any:
        """Bot API getMe."""
        return self._chats.objects.bot_about_itself()

    async def getUpdates(self, arguments: Arguments) -> Any:
        """Bot API getUpdates: long polling; of two pollers the older is told of the conflict."""
        limit = min(max(arguments.number("limit") or 100, 1), 100)
        seconds = min(max(arguments.number("timeout") or 0, 0), LONGEST_POLL)
        wanted = arguments.structure("allowed_updates")
        if isinstance(wanted, list) and wanted != self._chats.messages.setting("allowed_updates"):
            self._chats.messages.set_setting("allowed_updates", [str(kind) for kind in wanted])
        ousted = asyncio.Event()
        if self._poller is not None:
            self._poller.set()
            self._chats.bell.ring(UPDATES)
        self._poller = ousted
        try:
            self._chats.updates.confirm(arguments.number("offset") or 0)
            deadline = asyncio.get_running_loop().time() + seconds
            while not (updates := self._chats.updates.waiting(limit)):
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or self._chats.bell.closed:
                    break
                await self._chats.bell.wait(UPDATES, left)
                if ousted.is_set():
                    raise Refused(409, CONFLICT)
            return updates
        finally:
            if self._poller is ousted:
                self._poller = None

    async def deleteWebhook(self, arguments: Arguments) -> Any:
        """Bot API deleteWebhook: there is none; drop_pending_updates is obeyed."""
        if arguments.flag("drop_pending_updates"):
            self._chats.updates.drop_waiting()
        return True

    async def getWebhookInfo(self, arguments: Arguments) -> Any:
        """Bot API getWebhookInfo: always none set."""
        waiting = self._chats.updates.count_waiting()
        return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}

    async def answerCallbackQuery(self, arguments: Arguments) -> Any:
        """Bot API answerCallbackQuery: a notice of at most 200 characters, once a press."""
        text = arguments.text("text") or ""
        if len(text) > ANSWER_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        press = arguments.text("callback_query_id") or ""
        where = self._chats.updates.answer_press(press)
        if where is None:
            raise bad_request(OLD_PRESS)
        chat, message = where
        alert = arguments.flag("show_alert")
        self._chats.signal(chat, kind="answer", press=press, message_id=message, text=text, alert=alert)
        return True

    async def sendChatAction(self, arguments: Arguments) -> Any:
        """Bot API sendChatAction: shown for five seconds or until the next message."""
        chat = self._sending.find_chat(arguments)
        self._chats.signal(chat, kind="action", action=arguments.text("action") or "typing")
        return True

    async def getFile(self, arguments: Arguments) -> Any:
        """Bot API getFile: files of at most 20 MB can be downloaded."""
        file = self._chats.files.find(arguments.text("file_id") or "")
        if file is None:
            raise bad_request("invalid file_id")
        if file.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return {**file_identity(file), "file_path": file.path}

    async def setMyCommands(self, arguments: Arguments) -> Any:
        """Bot API setMyCommands, for all chats or for one."""
        commands = arguments.structure("commands")
        if not isinstance(commands, list) or not all(_is_command(command) for command in commands):
            raise bad_request("can't parse BotCommand")
        kept = [{"command": c["command"], "description": c["description"]} for c in commands]
        self._chats.messages.set_setting(_scope(arguments), kept)
        return True

    async def getMyCommands(self, arguments: Arguments) -> Any:
        """Bot API getMyCommands."""
        return self._chats.messages.setting(_scope(arguments)) or []

    async def deleteMyCommands(self, arguments: Arguments) -> Any:
        """Bot API deleteMyCommands."""
        self._chats.messages.set_setting(_scope(arguments), None)
        return True


def commands_for(chats: Conversations, chat: int) -> list[dict[str, str]]:
    """The commands a person sees: the chat's own, else those of all private chats, else the default ones."""
    scopes = (f"commands:chat:{chat}", "commands:all_private_chats", "commands:default")
    return next((found for scope in scopes if (found := chats.messages.setting(scope))), [])


def _scope(arguments: Arguments) -> str:
    scope = arguments.structure("scope") or {}
    kind = scope.get("type", "default")
    return f"commands:{kind}:{scope['chat_id']}" if kind == "chat" else f"commands:{kind}"


def _is_command(command: Any) -> bool:
    return isinstance(command, dict) and all(
        isinstance(command.get(part), str) and command[part] for part in ("command", "description")
    )


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
