"""A program whose handler takes its time, so that something can happen in the middle of it."""

import asyncio
import sys

from aiogram import Router
from aiogram.methods import SendMessage
from aiogram.types import Message

import bot.commands.run
from bot.app import App
from bot.dispatching import make_dispatcher
from bot.settings import Settings
from handlers.outgoing import Replies

HANDLER_SECONDS = 3
BEGUN = "the handler has begun"


def answer_slowly() -> None:
    """Puts a slow conversation in place of the delivered ones."""

    async def answer(message: Message) -> Replies:
        print(BEGUN, file=sys.stderr, flush=True)
        await asyncio.sleep(HANDLER_SECONDS)
        return SendMessage(chat_id=message.chat.id, text=f"heard {message.text}")

    def make_slow_app(settings: Settings) -> App:
        router = Router()
        router.message.register(answer)
        return App(settings, make_dispatcher([router], {}), {})

    bot.commands.run.make_app = make_slow_app
