"""What a person reads when something is refused, or has gone wrong."""

from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Update

import templates
from handlers.callbacks import Go
from handlers.outgoing import Outgoing
from handlers.screens import Screen, button, send
from registration.refusals import Refusal

TOAST_LIMIT = 200


def explain(refusal: Refusal, update: Update, chat_id: int) -> list[Outgoing]:
    """The refusal's text as a message that stays, and over the tapped button where there is one."""
    path = f"refusals.{refusal.code}"
    rows = [[button("home", Go(to="home"))]]
    told = Outgoing(send(chat_id, Screen(templates.render(path, **refusal.params), rows)))
    query = update.callback_query
    if query is None:
        return [told]
    return [_over_button(query, templates.plain(path, **refusal.params)), told]


def _over_button(query: CallbackQuery, text: str) -> Outgoing:
    """A short line over the tapped button; a longer one is left to the message that follows."""
    short = text if len(text) <= TOAST_LIMIT else None
    return Outgoing(AnswerCallbackQuery(callback_query_id=query.id, text=short), kind="answer")


def apologize(chat_id: int, *, parked: bool) -> Outgoing:
    """That it failed and will be tried again, or that it was given up."""
    return tell(chat_id, templates.render("program.gave_up" if parked else "program.broken"))


def point_to_start(update: Update, chat_id: int) -> list[Outgoing]:
    """The answer to a button on a message Telegram no longer shows the bot."""
    query = update.callback_query
    if query is None:
        return []
    text = templates.plain("program.too_old")
    return [_over_button(query, text), tell(chat_id, templates.render("program.too_old"))]


def tell(chat_id: int, text: str) -> Outgoing:
    """A message in HTML."""
    return Outgoing(SendMessage(chat_id=chat_id, text=text, parse_mode="HTML"))
