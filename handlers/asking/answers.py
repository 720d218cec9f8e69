"""Asking the engine in a person's name, and the screen its answer is shown on."""

import asyncio
from dataclasses import dataclass

import policy
import templates
from handlers.callbacks import Go, Notices, Opinion
from handlers.identity import Turn
from handlers.outgoing import Unprepared
from handlers.screens import Row, Screen, button, in_rows
from policy import Engine, Outcome
from registration import questions
from storage.questions import Question


@dataclass(frozen=True, slots=True)
class Answered:
    """What the engine said to the question kept under that id."""

    outcome: Outcome
    id: int


async def consult(turn: Turn, engine: Engine, words: str, notice: str | None = None) -> Outcome:
    """What the engine makes of words after the turn before; `notice` is the one being filed under.

    Raises Unprepared before the index stands.
    """
    if not engine.ready:
        raise Unprepared(engine.warm)
    before = await questions.before(turn.session, turn.actor, turn.now)
    # In a thread: a long message takes a good part of a second, and other chats go on meanwhile.
    return await asyncio.to_thread(
        engine.answer,
        words,
        previous=_turn_of(before) if before else None,
        notice=notice or await questions.own_notice(turn.session, turn.actor, turn.catalog),
    )


async def ask(turn: Turn, engine: Engine, words: str, notice: str | None = None) -> Answered:
    """The same, and the question is kept with what came of it."""
    outcome = await consult(turn, engine, words, notice)
    number = await questions.keep(
        turn.session,
        turn.actor,
        words,
        outcome=outcome.kind,
        reason=outcome.reason,
        notice=outcome.turn.notice,
        turn={"question": outcome.turn.question, "anchors": list(outcome.turn.anchors)},
        now=turn.now,
    )
    return Answered(outcome, number)


def _turn_of(question: Question) -> policy.Turn:
    return policy.Turn(question.turn["question"], question.notice, tuple(question.turn["anchors"]))


def screen(turn: Turn, answered: Answered, *, way_home: bool) -> Screen:
    """The answer with its sources to open and what may be done with it."""
    outcome = answered.outcome
    rows = _sources(turn, outcome)
    if outcome.kind == "answered":
        rows.append(
            [
                button("useful", Opinion(act="useful", id=answered.id)),
                button("useless", Opinion(act="useless", id=answered.id)),
            ]
        )
    if outcome.kind == "refused":
        rows.append([button("pass_on", Opinion(act="pass_on", id=answered.id))])
    if way_home and outcome.kind != "answered":
        rows.append([button("notices", Go(to="notices")), button("home", Go(to="home"))])
    return Screen(policy.reply(outcome, turn.catalog), rows)


def _sources(turn: Turn, outcome: Outcome) -> list[Row]:
    """A button to each passage in its place; named by its heading where there are several."""
    passages = outcome.passages or outcome.related
    buttons = []
    for slug, anchor in passages:
        notice = turn.catalog.notice(slug)
        place = next(number for number, item in enumerate(notice.passages) if item.id == anchor)
        data = Notices(act="source", notice=notice.key, passage=place)
        if len(passages) == 1:
            buttons.append(button("source", data))
        else:
            buttons.append(button("source_of", data, heading=notice.passages[place].heading_path[-1]))
    return in_rows(buttons, 2)


def sorry(answered_id: int, *, waiting: bool) -> Screen:
    """What is offered when an answer did not help."""
    if waiting:
        return Screen(templates.render("questions.sorry_waiting"))
    rows = [[button("pass_on", Opinion(act="pass_on", id=answered_id))]]
    return Screen(templates.render("questions.sorry"), rows)
