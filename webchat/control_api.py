"""The test harness over HTTP, for tests whose server is another process. Key-protected like the person API.

These addresses exist only where the server was built with a `Faults` object.
"""

from aiohttp import web

from webchat.faults import Faults
from webchat.guard import refusal
from webchat.person_requests import NotReadable, TooMuch, read_json, read_whole
from webchat.state import UPDATES, Conversations


class ControlApi:
    """Handlers of `/control/…`."""

    def __init__(self, chats: Conversations, faults: Faults) -> None:
        self._chats = chats
        self._faults = faults

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """POST faults: the fields of `webchat.faults.Fault`."""
        try:
            body = await read_json(request)
            self._faults.add(body.pop("kind"), **body)
        except (NotReadable, TooMuch, KeyError, TypeError):
            return refusal(400, "bad_request")
        return web.json_response({"waiting": len(self._faults.script)})

    async def clear_faults(self, request: web.Request) -> web.StreamResponse:
        """DELETE faults: from now on everything works."""
        self._faults.clear()
        return web.json_response({"waiting": 0})

    async def read_calls(self, request: web.Request) -> web.StreamResponse:
        """GET calls: the log of calls after number `after`."""
        return web.json_response({"calls": self._faults.as_json(read_whole(request, "after") or 0)})

    async def add_update(self, request: web.Request) -> web.StreamResponse:
        """POST updates: a raw update `kind` with `payload`, under `update_id` where given."""
        try:
            body = await read_json(request)
            number = self._chats.updates.add(str(body["kind"]), body["payload"], body.get("update_id"))
        except (NotReadable, TooMuch, KeyError):
            return refusal(400, "bad_request")
        self._chats.bell.ring(UPDATES)
        return web.json_response({"update_id": number})

    async def replay_updates(self, request: web.Request) -> web.StreamResponse:
        """POST replays: deliver the last `count` updates once more, ids and all."""
        try:
            count = int((await read_json(request))["count"])
        except (NotReadable, TooMuch, KeyError, TypeError, ValueError):
            return refusal(400, "bad_request")
        replayed = self._chats.updates.recent(count)
        for number, kind, payload in replayed:
            self._chats.updates.add(kind, payload, number, replay=True)
        self._chats.bell.ring(UPDATES)
        return web.json_response({"update_ids": [number for number, _, _ in replayed]})
