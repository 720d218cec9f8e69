"""Staff at the questions passed on to them: the list, a card, an answer written, checked and sent."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

import templates
from handlers import asked
from handlers.callbacks import Go, Queue
from handlers.identity import Turn
from handlers.offices import office_of
from handlers.outgoing import Reply
from handlers.screens import Row, Screen, button, show
from handlers.words import cancels
from notices.model import Notice
from registration import questions
from reminders import events
from storage.question_queries import Asking
from storage.questions import Question
from storage.scopes import Scope

router = Router(name="question desk")
PAGE = 8
LONGEST = 3000
ANSWERING = "answering"


class Answering(BaseFilter):
    """Passes while a member of staff writes an answer, and gives `question_id`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        data = await turn.state.get_data()
        if ANSWERING not in data or (message.text or "").startswith("/"):
            return False
        return {"question_id": int(data[ANSWERING])}


async def first_page(turn: Turn) -> Screen:
    """The questions that wait, from the oldest."""
    if not turn.actor.is_staff:
        return Screen(templates.render("desk.not_staff"), [[button("home", Go(to="home"))]])
    return await list_page(turn, 0)


async def list_page(turn: Turn, number: int) -> Screen:
    """One page of the questions that wait in the person's scopes; raises NotYours."""
    found, total = await questions.waiting(
        turn.session, turn.actor, turn.channel, limit=PAGE, offset=number * PAGE
    )
    rows: list[Row] = [
        [button("question_row", Queue(act="open", id=item.question.id or 0), text=item.question.text)]
        for item in found
    ]
    turning: Row = []
    if number > 0:
        turning.append(button("previous_page", Queue(act="list", page=number - 1)))
    if (number + 1) * PAGE < total:
        turning.append(button("next_page", Queue(act="list", page=number + 1)))
    end = [button("home", Go(to="home"))]
    return Screen(templates.render("questions.waiting", total=total), [*rows, turning, end])


def _notice_of(turn: Turn, question: Question) -> Notice | None:
    return turn.catalog.notice(question.notice) if question.notice else None


def card(turn: Turn, asking: Asking) -> Screen:
    """A question with who asks and what the bot made of it."""
    question, organization = asking.question, asking.organization
    notice = _notice_of(turn, question)
    headings = (
        [" › ".join(notice.passage(anchor).heading_path) for anchor in question.turn["anchors"]]
        if (notice)
        else []
    )
    text = templates.render(
        "questions.card",
        text=question.text,
        organization=organization.name if organization else templates.plain("questions.nobody"),
        contact=organization.contact if organization else "",
        phone=organization.phone if organization else "",
        asked_at=question.asked_at,
        notice=notice.short_title if notice else "",
        refused=question.outcome != "answered",
        told="；".join(dict.fromkeys(headings)),
    )
    rows: list[Row] = [[button("list", Queue(act="list")), button("home", Go(to="home"))]]
    if question.state == "answered":
        text += "\n\n" + templates.render(
            "questions.settled",
            answer=question.answer,
            office=question.office,
            answered_at=question.answered_at,
        )
    else:
        rows.insert(0, [button("write_answer", Queue(act="write", id=question.id or 0))])
    return Screen(text, rows)


@router.callback_query(Queue.filter())
async def on_queue(query: CallbackQuery, callback_data: Queue, turn: Turn) -> list[Reply]:
    """The list, a card, or a step towards its answer."""
    if callback_data.act == "send":
        return await _send(query, callback_data, turn)
    await asked.forget(turn.state)
    if callback_data.act == "list":
        return show(query, await list_page(turn, callback_data.page))
    asking, scope = await questions.seen(turn.session, turn.actor, turn.channel, callback_data.id)
    if callback_data.act != "write" or asking.question.state == "answered":
        return show(query, card(turn, asking))
    await turn.state.set_data({ANSWERING: callback_data.id})
    return show(query, _writing(turn, asking, scope))


def _office(turn: Turn, asking: Asking, scope: Scope) -> str:
    return office_of(turn.catalog, scope, _notice_of(turn, asking.question))


def _writing(turn: Turn, asking: Asking, scope: Scope) -> Screen:
    text = templates.render("questions.write", text=asking.question.text, office=_office(turn, asking, scope))
    return Screen(text, [[button("not_now", Queue(act="open", id=asking.question.id or 0))]])


@router.message(Answering())
async def on_answer(message: Message, question_id: int, turn: Turn) -> list[Reply]:
    """Shows what was written as its reader will see it; words that come after it replace it."""
    asking, scope = await questions.seen(turn.session, turn.actor, turn.channel, question_id)
    if asking.question.state == "answered" or cancels(message):
        await asked.forget(turn.state)
        return show(message, card(turn, asking))
    words = (message.text or "").strip()
    if not words:
        return show(message, _writing(turn, asking, scope).under(templates.render("questions.write_words")))
    if len(words) > LONGEST:
        said = templates.render("questions.too_long", limit=LONGEST)
        return show(message, _writing(turn, asking, scope).under(said))
    written = (await turn.state.get_data()).get("written", 0) + 1
    await turn.state.set_data({ANSWERING: question_id, "words": words, "written": written})
    return show(message, _check(turn, asking, scope, words, written))


def _check(turn: Turn, asking: Asking, scope: Scope, words: str, written: int) -> Screen:
    """What was written, the `written`th time, as its reader will see it."""
    text = templates.render(
        "questions.check", text=asking.question.text, words=words, office=_office(turn, asking, scope)
    )
    number = asking.question.id or 0
    rows = [
        [
            button("send_answer", Queue(act="send", id=number, page=written)),
            button("not_now", Queue(act="open", id=number)),
        ]
    ]
    return Screen(text, rows)


async def _send(query: CallbackQuery, tapped: Queue, turn: Turn) -> list[Reply]:
    """Sends what was written last; the asker hears of it, with the office it comes from."""
    asking, scope = await questions.seen(turn.session, turn.actor, turn.channel, tapped.id)
    data = await turn.state.get_data()
    if asking.question.state == "answered" or data.get(ANSWERING) != tapped.id or "words" not in data:
        return show(query, card(turn, asking))
    if data["written"] != tapped.page:
        return show(query, _check(turn, asking, scope, data["words"], data["written"]))
    office = _office(turn, asking, scope)
    await questions.answer(turn.session, turn.actor, asking, data["words"], office, turn.now)
    await asked.forget(turn.state)
    question = asking.question
    await events.note_answer(turn.session, question.person_id, question.text, data["words"], office, turn.now)
    done = (await list_page(turn, 0)).under(templates.render("questions.answered_by_you"))
    return show(query, done)
