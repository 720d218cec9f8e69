"""Reading what clients of the person API send: never more than allowed, never trusting a type."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

JSON_LIMIT = 1024 * 1024
FILE_LIMIT = 20 * 1024 * 1024
FIELD_LIMIT = 16 * 1024
LONGEST_WAIT = 50.0
NONCE_LIMIT = 64


class TooMuch(Exception):
    """The body is larger than the server takes."""


class NotReadable(Exception):
    """The body is not what its content type says."""


@dataclass
class Form:
    """A read multipart body: its one file and its text fields."""

    name: str = ""
    mime: str = "application/octet-stream"
    content: bytes | None = None
    fields: dict[str, str] = field(default_factory=dict)


def read_chat(request: web.Request) -> int | None:
    """The chat of the path: a positive number of at most 52 bits, as Telegram's are."""
    digits = request.match_info["chat"]
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 16:
        return None
    return int(digits) if 0 < int(digits) < 2**52 else None


def read_whole(request: web.Request, name: str) -> int | None:
    """A query argument that counts from 0; None where it is something else. Absent it is 0."""
    digits = request.query.get(name, "0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def read_wait(request: web.Request) -> float | None:
    """How many seconds a reader will wait, at most 50; None where it is no number. Absent it is 0."""
    try:
        seconds = float(request.query.get("wait", "0"))
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None


def read_nonce(given: object) -> str | None:
    """A client's own mark of a request or an album; None where there is none."""
    return str(given)[:NONCE_LIMIT] if given else None


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body.

    Raises:
        TooMuch: over 1 MB. NotReadable: no JSON object.
    """
    try:
        found = json.loads(await _read_at_most(request.content, JSON_LIMIT))
    except (ValueError, RecursionError):
        raise NotReadable from None
    if not isinstance(found, dict):
        raise NotReadable
    return found


async def read_form(request: web.Request) -> Form:
    """The multipart body with its file.

    Raises:
        TooMuch: the file is over 20 MB. NotReadable: no multipart body.
    """
    if request.content_type != "multipart/form-data":
        raise NotReadable
    if (request.content_length or 0) > FILE_LIMIT + 4 * FIELD_LIMIT:
        raise TooMuch
    form = Form()
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise NotReadable
            if part.name == "file":
                form.name = _decode_name(part.filename or "")
                form.mime = part.headers.get("Content-Type", form.mime).partition(";")[0].strip().lower()
                form.content = await _read_at_most(part, FILE_LIMIT)
            else:
                read = await _read_at_most(part, FIELD_LIMIT)
                form.fields[part.name or ""] = read.decode("utf-8", "replace")
    except (ValueError, AssertionError):
        raise NotReadable from None
    return form


def _decode_name(name: str) -> str:
    """Some HTTP clients write a file's name percent-encoded, others as it is."""
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


async def _read_at_most(stream: Any, limit: int) -> bytes:
    read = bytearray()
    while chunk := await (
        stream.read_chunk(1 << 16) if isinstance(stream, BodyPartReader) else stream.read(1 << 16)
    ):
        read += chunk
        if len(read) > limit:
            raise TooMuch
    return bytes(read)
