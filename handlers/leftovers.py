"""What no other handler took. Registered last."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

import templates
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.pages import page
from handlers.screens import chat_of, send, show, toast

router = Router(name="leftovers")


@router.message()
async def on_anything(message: Message, turn: Turn) -> list[Reply]:
    """Words nobody understood, or no words at all: the menu, with a line about it."""
    macro = "not_understood" if message.text else "not_text"
    return show(message, (await page(turn, "home")).under(templates.render(f"home.{macro}")))


@router.callback_query()
async def on_any_tap(query: CallbackQuery, turn: Turn) -> list[Reply]:
    """A button of a kind that is no longer known."""
    screen = await page(turn, "home")
    return [toast(query, templates.plain("home.expired_button")), send(chat_of(query), screen)]
