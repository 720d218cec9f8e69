"""The contenders: an aiogram bot that echoes, and the same filing as python-telegram-bot would have it.

Neither stores an update before it is acknowledged, nor a reply before it is sent. The echo keeps nothing at
all. ConversationHandler persists the conversation and the answers after each update, by PicklePersistence,
without waiting for the disk; it reads no value and checks nothing.
"""

import asyncio
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)

from benchmarks.our_turns import PROJECTS

QUESTION = "第 {}/6 步\n帮扶地区(省/市/县)\n请写出项目帮扶的省、市、县。\n例：江苏省徐州市睢宁县"
ANSWERS = PROJECTS[0]
CARD = len(ANSWERS)


def message_from(chat: int, text: str, number: int) -> dict[str, Any]:
    """A message as the Bot API tells of it."""
    person = {"id": chat, "is_bot": False, "first_name": "李明"}
    message: dict[str, Any] = {
        "message_id": number,
        "date": 1_633_885_200,
        "chat": {"id": chat, "type": "private", "first_name": "李明"},
        "from": person,
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": number, "message": message}


def tap_from(chat: int, data: str, number: int) -> dict[str, Any]:
    """A tap on a button of the last message."""
    message = message_from(chat, "…", number)["message"]
    query = {"id": "1", "from": message["from"], "chat_instance": "1", "data": data, "message": message}
    return {"update_id": number, "callback_query": query}


def bare_bot(address: str) -> Bot:
    """A bot at that Bot API, as aiogram makes it."""
    return Bot("42:benchmark", session=AiohttpSession(api=TelegramAPIServer.from_base(address)))


def echoing() -> Dispatcher:
    """The least a bot can do."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    return dispatcher


async def echo_turns(dispatcher: Dispatcher, bot: Bot, chats: int, each: int) -> int:
    """Every chat says `each` things, one after the other answered; how many turns that took."""

    async def talk(chat: int) -> None:
        for number in range(1, each + 1):
            await dispatcher.feed_raw_update(bot, message_from(chat, ANSWERS[1], number))

    await asyncio.gather(*(talk(chat) for chat in range(1, chats + 1)))
    return chats * each


async def _begin(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    await update.message.reply_text(QUESTION.format(1))
    return 0


async def _answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    assert context.user_data is not None
    answers = context.user_data.setdefault("answers", [])
    answers.append(update.message.text)
    if len(answers) < CARD:
        await update.message.reply_text(QUESTION.format(len(answers) + 1))
        return len(answers)
    card = InlineKeyboardMarkup([[InlineKeyboardButton("提交", callback_data="submit")]])
    await update.message.reply_text("\n".join(answers), reply_markup=card)
    return CARD


async def _submit(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.callback_query is not None
    assert context.user_data is not None
    await update.callback_query.answer()
    context.user_data.setdefault("filed", []).append(context.user_data.pop("answers"))
    await update.callback_query.edit_message_text("已提交")
    return ConversationHandler.END


def conversing(address: str, folder: Path) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Six questions, a card, submit; kept in one pickle."""
    words = MessageHandler(filters.TEXT & ~filters.COMMAND, _answer)
    states: dict[object, list[Any]] = {number: [words] for number in range(CARD)}
    states[CARD] = [CallbackQueryHandler(_submit, "submit")]
    conversation = ConversationHandler(
        [CommandHandler("file", _begin)], states, [], name="filing", persistent=True
    )
    kept = PicklePersistence(
        folder / "conversations.pickle", store_data=PersistenceInput(bot_data=False, chat_data=False)
    )
    application = (
        Application.builder()
        .token("42:benchmark")
        .base_url(f"{address}/bot")
        .connection_pool_size(64)
        .persistence(kept)
        .build()
    )
    application.add_handler(conversation)
    return application


async def conversation_turns(
    application: "Application[Any, Any, Any, Any, Any, Any]", chats: int, each: int
) -> int:
    """Every chat files `each` projects; the state is persisted after each update."""

    async def take(body: dict[str, Any]) -> None:
        await application.process_update(Update.de_json(body, application.bot))
        await application.update_persistence()

    async def talk(chat: int) -> None:
        for number in range(1, each + 1):
            for text in ("/file", *ANSWERS):
                await take(message_from(chat, text, number))
            await take(tap_from(chat, "submit", number))

    await asyncio.gather(*(talk(chat) for chat in range(1, chats + 1)))
    return chats * each * (len(ANSWERS) + 2)
