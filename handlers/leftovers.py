"""What no other handler took. Registered last."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

import policy
import templates
from handlers.asking import answers
from handlers.callbacks import Opinion
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.pages import page
from handlers.screens import Screen, button, chat_of, send, show, toast
from policy import Engine, Outcome

router = Router(name="leftovers")


class Says(BaseFilter):
    """Passes for words that are no command, and gives `words`."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        words = (message.text or "").strip()
        return {"words": words} if words and not words.startswith("/") else False


@router.message(Says())
async def on_words(message: Message, words: str, turn: Turn, engine: Engine) -> list[Reply]:
    """Words nobody else took: an answer from the notices, or the menu where they ask nothing."""
    answered = await answers.ask(turn, engine, words)
    if not (policy.looks_like_question(words) or is_meant(answered.outcome)):
        menu = (await page(turn, "home")).under(templates.render("home.not_understood"))
        way = [button("pass_on", Opinion(act="pass_on", id=answered.id))]
        return show(message, Screen(menu.text, [way, *menu.rows]))
    return show(message, answers.screen(turn, answered, way_home=True))


def is_meant(outcome: Outcome) -> bool:
    """Whether the engine made something of words that have not the form of a question."""
    return outcome.kind != "refused" or bool(outcome.topic or outcome.related or outcome.province)


@router.message()
async def on_anything(message: Message, turn: Turn) -> list[Reply]:
    """What is neither words nor a known command: the menu, with a line about it."""
    macro = "not_understood" if message.text else "not_text"
    return show(message, (await page(turn, "home")).under(templates.render(f"home.{macro}")))


@router.callback_query()
async def on_any_tap(query: CallbackQuery, turn: Turn) -> list[Reply]:
    """A button of a kind that is no longer known."""
    screen = await page(turn, "home")
    return [toast(query, templates.plain("home.expired_button")), send(chat_of(query), screen)]
