"""Questions outside of forms: answered from the notices; any answer rated, or passed on to staff."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

import templates
from handlers.asking import answers
from handlers.asking.interruptions import ends_asking
from handlers.callbacks import Opinion, Queue
from handlers.identity import Turn
from handlers.offices import office_of
from handlers.outgoing import Reply
from handlers.screens import Screen, button, chat_of, say, send, show, toast
from policy import Engine
from registration import questions

router = Router(name="questions")


class Asks(BaseFilter):
    """Passes where words end in a question and nothing else waits for words, and gives `words`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        words = (message.text or "").strip()
        if not words or words.startswith("/") or not ends_asking(words):
            return False
        return False if await turn.state.get_data() else {"words": words}


@router.message(Asks())
async def on_question(message: Message, words: str, turn: Turn, engine: Engine) -> list[Reply]:
    """A question outside of any form."""
    return show(message, answers.screen(turn, await answers.ask(turn, engine, words), way_home=True))


@router.callback_query(Opinion.filter())
async def on_opinion(query: CallbackQuery, callback_data: Opinion, turn: Turn) -> list[Reply]:
    """有用, 没用, 转工作人员."""
    if callback_data.act == "pass_on":
        return await _pass_on(query, callback_data.id, turn)
    helpful = callback_data.act == "useful"
    question = await questions.rate(turn.session, turn.actor, callback_data.id, helpful=helpful)
    if helpful:
        return say(query, "questions.noted")
    noted = toast(query, templates.plain("questions.noted"))
    return [noted, send(chat_of(query), answers.sorry(callback_data.id, waiting=question.state == "waiting"))]


async def _pass_on(query: CallbackQuery, question_id: int, turn: Turn) -> list[Reply]:
    done = await questions.pass_on(
        turn.session, turn.actor, turn.catalog, turn.channel, question_id, turn.now
    )
    if done is None:
        return say(query, "questions.passed_before")
    told: list[Reply] = [toast(query), send(chat_of(query), _passed_on(turn, done))]
    if done.alone:
        rows = [[button("questions", Queue(act="list"))]]
        arrived = Screen(templates.render("questions.arrived"), rows)
        told += [send(chat, arrived) for chat in done.chats]
    return told


def _passed_on(turn: Turn, done: questions.PassedOn) -> Screen:
    """Who answers; without anybody, whom to ask instead."""
    notice = turn.catalog.notice(done.question.notice) if done.question.notice else None
    if not done.scopes:
        contact = notice.contact if notice else None
        said = templates.render("questions.nobody_yet", text=done.question.text, notice_contact=contact)
        return Screen(said)
    offices = [office_of(turn.catalog, scope, notice) for scope in done.scopes]
    return Screen(
        templates.render("questions.passed_on", text=done.question.text, offices=list(dict.fromkeys(offices)))
    )
