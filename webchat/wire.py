"""How Bot API calls arrive and leave: JSON, urlencoded and multipart bodies, one shape of answer.

Source: Bot API, "Making requests".
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

UPLOAD_LIMIT = 50 * 1024 * 1024


class Refused(Exception):
    """A call the Bot API refuses: answered with ok false, the code, and why."""

    def __init__(
        self,
        code: int,
        description: str,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        given = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to_chat_id}
        self.parameters = {name: value for name, value in given.items() if value is not None}


def bad_request(reason: str) -> Refused:
    """The commonest refusal."""
    return Refused(400, f"Bad Request: {reason}")


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass
class Arguments:
    """A call's arguments, whatever body carried them: JSON values or their text forms."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """An argument as text."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        """An argument as a whole number; refused where it is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """An argument as true or false."""
        value = self.values.get(name)
        return value in (True, 1) or (isinstance(value, str) and value.lower() in ("true", "1", "yes"))

    def structure(self, name: str) -> Any:
        """An argument that is an object or a list, also where a form field carries it as JSON text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_arguments(request: web.Request) -> Arguments:
    """Read the query and the body of a call.

    Raises:
        Refused: for a body that is not what its content type says.
    """
    arguments = Arguments(dict(request.query))
    if request.method != "POST" or not request.can_read_body:
        return arguments
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        arguments.values.update(body)
        return arguments
    try:
        form = await request.post()
    except ValueError:
        raise bad_request("can't parse the request body") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            arguments.uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            arguments.values[name] = value
    return arguments


def accepted(result: Any) -> web.Response:
    """The answer to a call that was carried out."""
    return web.json_response({"ok": True, "result": result})


def refused(error: Refused) -> web.Response:
    """The answer to a call that was not."""
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)
