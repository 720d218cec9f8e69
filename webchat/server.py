"""The web chat as one object: a local Bot API for the bot, a page and a JSON API for people."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from webchat.bot_api import BotApi
from webchat.control_api import ControlApi
from webchat.faults import Faults
from webchat.guard import Guard, Handler
from webchat.person_api import PersonApi
from webchat.state import PAGE, Conversations, open_conversations
from webchat.wire import UPLOAD_LIMIT

SCRIPTS = ("api.js", "bubbles.js", "chat.js", "composer.js", "log.js", "people.js", "rich_text.js")
PAGE_FILES = {
    "/": ("index.html", "text/html"),
    "/chat.css": ("chat.css", "text/css"),
    **{f"/{name}": (name, "text/javascript") for name in SCRIPTS},
}


class NotLoopback(ValueError):
    """The chat speaks plain HTTP and serves this machine only."""


class WebChat:
    """Conversations of any number of persons with one bot, kept in `folder`.

    Args:
        folder: holds `webchat.sqlite3`; made where missing.
        key: opens the page and the JSON API.
        token: the bot's, `<number>:<secret>`.
        host: a loopback address.
        port: 0 takes a free one.
        banner: gives the line shown above the chat, such as a shifted clock; empty for none.
        faults: for tests only: scripted failures, a log of calls, and `/control/…`.
    Raises:
        NotLoopback: for a host other machines could reach.
    """

    def __init__(
        self,
        folder: Path,
        key: str,
        token: str,
        host: str = "127.0.0.1",
        port: int = 0,
        banner: Callable[[], str] = str,
        faults: Faults | None = None,
    ) -> None:
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise NotLoopback(host)
        self._folder, self._key, self._token = folder, key, token
        self._host, self._wanted_port, self._banner, self._faults = host, port, banner, faults
        self._runner: web.AppRunner | None = None
        self._chats: Conversations | None = None
        self.port = port

    @property
    def api_url(self) -> str:
        """What a bot takes in place of https://api.telegram.org."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self.port}"

    @property
    def address(self) -> str:
        """The page with its key, for the person to open."""
        return f"{self.api_url}/?key={quote(self._key, safe='')}"

    async def start(self) -> None:
        """Open the store and serve.

        Raises:
            OSError: the port is taken or the folder cannot be written.
        """
        self._chats = open_conversations(self._folder, self._token)
        guard = Guard(self._key)

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await guard.watch(request, handler)

        app = web.Application(middlewares=[watch], client_max_size=UPLOAD_LIMIT + (1 << 20))
        self._add_routes(app, self._chats, guard)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted_port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self.port = guard.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """End the waiting requests and close the store. Everything accepted is on disk already."""
        if self._chats is not None:
            self._chats.bell.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._chats is not None:
            self._chats.connection.close()
            self._chats = None

    def _add_routes(self, app: web.Application, chats: Conversations, guard: Guard) -> None:
        bot = BotApi(chats, self._token, self._faults)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", bot.call)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", bot.download)
        person = PersonApi(chats, guard, self._banner)
        app.router.add_get("/api/chats", person.list_chats)
        app.router.add_put("/api/chats/{chat}", person.rename_chat)
        app.router.add_get("/api/chats/{chat}/messages", person.read_messages)
        app.router.add_post("/api/chats/{chat}/messages", person.send_text)
        app.router.add_post("/api/chats/{chat}/presses", person.press)
        app.router.add_post("/api/chats/{chat}/files", person.send_file)
        app.router.add_get("/api/chats/{chat}/commands", person.list_commands)
        app.router.add_get("/api/files/{file}", person.read_file)
        for address in PAGE_FILES:
            app.router.add_get(address, _serve_page)
        if self._faults is not None:
            control = ControlApi(chats, self._faults)
            app.router.add_post("/control/faults", control.add_fault)
            app.router.add_delete("/control/faults", control.clear_faults)
            app.router.add_get("/control/calls", control.read_calls)
            app.router.add_post("/control/updates", control.add_update)
            app.router.add_post("/control/replays", control.replay_updates)


async def _serve_page(request: web.Request) -> web.StreamResponse:
    name, mime = PAGE_FILES[request.path]
    return web.Response(text=(PAGE / name).read_text(encoding="utf-8"), content_type=mime, charset="utf-8")
