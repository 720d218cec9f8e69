"""What a person sees next: a text with rows of buttons, sent anew or in place of the card that was tapped."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

import templates
from handlers.outgoing import Reply


class Button(NamedTuple):
    """A label and what a tap on it carries; named as in the Bot API."""

    text: str
    callback_data: str


Row = list[Button]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message in HTML and its buttons."""

    text: str
    rows: Sequence[Row] = ()

    @property
    def keyboard(self) -> list[list[dict[str, str]]]:
        """The buttons in the Bot API's JSON."""
        rows = _told_apart(row for row in self.rows if row)
        return [[item._asdict() for item in row] for row in rows]

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram wants them; None when there are none."""
        keyboard = self.keyboard
        return InlineKeyboardMarkup.model_validate({"inline_keyboard": keyboard}) if keyboard else None

    def under(self, text: str) -> "Screen":
        """The same screen with a text above its own."""
        return replace(self, text=f"{text}\n\n{self.text}") if text else self


def _told_apart(rows: Iterable[Row]) -> list[Row]:
    """The rows with a number behind each label that stands there already: two drafts may have one name."""
    seen: Counter[str] = Counter()
    told: list[Row] = []
    for row in rows:
        told.append([])
        for item in row:
            seen[item.text] += 1
            more = seen[item.text]
            told[-1].append(item if more == 1 else item._replace(text=f"{item.text}（{more}）"))
    return told


def button(label: str, data: CallbackData, /, **params: object) -> Button:
    """A button whose label is macro `label` of templates/buttons.html."""
    return Button(templates.plain(f"buttons.{label}", **params), data.pack())


def in_rows(buttons: Iterable[Button], width: int) -> list[Row]:
    """The buttons, `width` to a row; long labels get a row of their own."""
    rows: list[Row] = []
    for item in buttons:
        fits = rows and len(rows[-1]) < width and max(len(item.text), *map(_length, rows[-1])) <= 20 // width
        if fits:
            rows[-1].append(item)
        else:
            rows.append([item])
    return rows


def _length(item: Button) -> int:
    return len(item.text)


def chat_of(event: Message | CallbackQuery) -> int:
    """The chat an update came from."""
    if isinstance(event, Message):
        return event.chat.id
    return event.message.chat.id if event.message else event.from_user.id


def send(chat_id: int, screen: Screen) -> SendMessage:
    """The screen as a new message."""
    return SendMessage(chat_id=chat_id, text=screen.text, parse_mode="HTML", reply_markup=screen.markup)


def toast(query: CallbackQuery, text: str = "", *, alert: bool = False) -> AnswerCallbackQuery:
    """The answer every tap needs, with a short line where there is something to say."""
    return AnswerCallbackQuery(callback_query_id=query.id, text=text or None, show_alert=alert or None)


def say(query: CallbackQuery, path: str, /, rows: Sequence[Row] = ()) -> list[Reply]:
    """The words of macro `path` over the tapped button, and in the conversation, where they stay."""
    told = send(chat_of(query), Screen(templates.render(path), rows))
    return [toast(query, templates.plain(path)), told]


def replace_card(query: CallbackQuery, screen: Screen) -> Reply:
    """The screen in place of the tapped card; a new message where the card cannot be reached."""
    if not isinstance(query.message, Message):
        return send(chat_of(query), screen)
    return EditMessageText(
        chat_id=query.message.chat.id,
        message_id=query.message.message_id,
        text=screen.text,
        parse_mode="HTML",
        reply_markup=screen.markup,
    )


def without(query: CallbackQuery, *taken: CallbackData) -> list[Reply]:
    """The tapped card with its text as it is, less the rows that hold these buttons."""
    card = query.message
    if not isinstance(card, Message) or card.reply_markup is None:
        return []
    gone = {data.pack() for data in taken}
    rows = [row for row in card.reply_markup.inline_keyboard if not any(b.callback_data in gone for b in row)]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return [EditMessageReplyMarkup(chat_id=card.chat.id, message_id=card.message_id, reply_markup=markup)]


def show(event: Message | CallbackQuery, screen: Screen) -> list[Reply]:
    """The screen as an answer to a message, or in place of the tapped card."""
    if isinstance(event, Message):
        return [send(event.chat.id, screen)]
    return [toast(event), replace_card(event, screen)]


def follow(query: CallbackQuery, done: str, screen: Screen) -> list[Reply]:
    """The tapped card closed with the line `done`, and the screen as a new message."""
    return [toast(query), replace_card(query, Screen(done)), send(chat_of(query), screen)]
