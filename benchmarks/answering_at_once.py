"""A Bot API that answers at once and keeps nothing, in a process of its own: what every contender calls.

It speaks just enough HTTP/1.1 for the clients measured: keep-alive, Content-Length or chunks in the request.
"""

import asyncio
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import cast

import uvloop

BOT = {"id": 42, "is_bot": True, "first_name": "b", "username": "b", "can_join_groups": False}
MESSAGE = {"message_id": 7, "date": 1_633_885_200, "chat": {"id": 1, "type": "private"}, "text": "t"}


def _ready(result: object) -> bytes:
    body = json.dumps({"ok": True, "result": result}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


ANSWERS = {
    b"answercallbackquery": _ready(True),
    b"deletewebhook": _ready(True),
    b"getme": _ready(BOT),
    b"getupdates": _ready([]),
}
SENT = _ready(MESSAGE)


class Answering(asyncio.Protocol):
    """One client's connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way back."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Answers every request that is whole."""
        self._buffer += data
        while (end := self._end_of_request()) is not None:
            path = self._buffer.split(b" ", 2)[1]
            self._buffer = self._buffer[end:]
            self._transport.write(ANSWERS.get(path.rsplit(b"/", 1)[1].lower(), SENT))

    def _end_of_request(self) -> int | None:
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return None
        names = self._buffer[:head].lower()
        at = names.find(b"content-length:")
        if at >= 0:
            end = head + 4 + int(names[at + 15 :].split(b"\r\n", 1)[0])
        elif b"transfer-encoding: chunked" in names:
            last = self._buffer.find(b"0\r\n\r\n", head)
            end = len(self._buffer) + 1 if last < 0 else last + 5
        else:
            end = head + 4
        return end if len(self._buffer) >= end else None


async def _serve(told: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(told: Connection) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(told))


@contextmanager
def answering_at_once() -> Iterator[str]:
    """The address of a running server."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
