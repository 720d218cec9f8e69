"""Stored messages as the person API shows them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from webchat.files import PICTURE_TYPES, Files
from webchat.html_showing import show_html
from webchat.messages import Keyboard, Message


def show_message(message: Message, files: Files, sign: Callable[[str], str]) -> dict[str, Any]:
    """One message with exactly the documented keys."""
    file = None if message.file is None else files.find(message.file)
    return {
        "id": message.id,
        "from": "bot" if message.by_bot else "person",
        "text": message.text,
        "html": show_html(message.text, message.entities),
        "buttons": show_buttons(message.keyboard),
        "file": None
        if file is None
        else {
            "name": file.name,
            "size": file.size,
            "url": f"/api/files/{file.id}?" + urlencode({"signature": sign(file.id)}),
        },
        "edited": message.edit_date is not None,
    }


def show_details(message: Message, files: Files) -> dict[str, Any]:
    """What the page wants beyond the documented keys: when, and how large a picture is."""
    file = None if message.file is None or not message.as_photo else files.find(message.file)
    picture = None if file is None or file.mime not in PICTURE_TYPES else [file.width, file.height]
    return {"date": message.date, "picture": picture}


def show_buttons(keyboard: Keyboard | None) -> list[list[dict[str, str]]]:
    """The inline keyboard: each button has `text` and either `data` or `url`."""
    return [
        [
            {"text": button["text"], "url": button["url"]}
            if "url" in button
            else {"text": button["text"], "data": button["callback_data"]}
            for button in row
        ]
        for row in keyboard or []
    ]
