"""Inline keyboards as Telegram accepts them. Source: Bot API, InlineKeyboardMarkup."""

import re
from typing import Any

from webchat.messages import Keyboard
from webchat.wire import Arguments, bad_request

DATA_BYTES = 64
BUTTONS = 100


def read_keyboard(arguments: Arguments) -> Keyboard | None:
    """The inline keyboard of a call; None where there is none.

    A keyboard in place of the person's own (reply_markup of another kind) is accepted and not shown.

    Raises:
        Refused: for a keyboard Telegram would not take.
    """
    markup = arguments.structure("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = [[_read_button(button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return keyboard or None


def _read_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if button.get("url") is not None:
        url = str(button["url"])
        if not re.match(r"(?:https?|tg)://\S+$", url):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return {"text": button["text"], "url": url}
    data = button.get("callback_data")
    if not isinstance(data, str):
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if not 1 <= len(data.encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"text": button["text"], "callback_data": data}
