"""The whole way: a person writes, the update is stored, handled, answered; and again after a restart."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText, SendDocument, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.database_lock import DatabaseTaken
from bot.jobs import Tools
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Outgoing, Replies, stored
from registration.refusals import NotYours
from storage import jobs, tallies
from storage.database import Session
from tests.bot.driving import meet, run_app, trial_settings


def counting_router() -> Router:
    """Counts messages in the conversation's state, refuses, fails, edits, begins jobs."""
    router = Router()

    async def count(message: Message, state: FSMContext) -> Replies:
        number = (await state.get_data()).get("n", 0) + 1
        await state.update_data(n=number)
        if message.text == "fail":
            raise RuntimeError("boom")
        if message.text == "refuse":
            raise NotYours
        button = InlineKeyboardButton(text="+", callback_data="plus")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
        return SendMessage(chat_id=message.chat.id, text=f"{number}: {message.text}", reply_markup=keyboard)

    async def press(query: CallbackQuery, state: FSMContext) -> Replies:
        assert isinstance(query.message, Message)
        number = (await state.get_data()).get("n", 0) + 1
        await state.update_data(n=number)
        chat, message_id = query.message.chat.id, query.message.message_id
        return EditMessageText(chat_id=chat, message_id=message_id, text=f"pressed, {number}")

    async def begin(message: Message, session: Session, real_now: datetime, bot: Any) -> Replies:
        chat = message.chat.id
        payload = {"text": "报表"}
        await jobs.enqueue(session, "write", payload, bot_id=bot.id, chat_id=chat, now=real_now)
        return Outgoing(SendMessage(chat_id=chat, text="working"), name="progress")

    router.message.register(begin, F.text == "job")
    router.message.register(count)
    router.callback_query.register(press)
    return router


async def write(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    written = await tools.files.write(payload["text"].encode())
    async with tools.database.transaction() as session:
        row = await tools.files.record(session, written, "统计表.txt", tools.now())
    return {"file": row.id}


async def show(job: JobResult, turn: Turn) -> Replies:
    chat = turn.actor.person.chat_id
    edit = EditMessageText(chat_id=chat, text="done")
    return [
        Outgoing(edit, edits="progress"),
        SendDocument(chat_id=chat, document=stored(job.result["file"]), caption="ready"),
    ]


@pytest.fixture
def router() -> Router:
    return counting_router()


async def test_a_person_is_answered_in_order(data_folder: Path, router: Router) -> None:
    async with run_app(trial_settings(data_folder), [router]) as app, meet(app) as person:
        for word in ("a", "b", "c"):
            await person.says(word)
        assert await person.hears(3) == ["1: a", "2: b", "3: c"]
        await person.hears_no_more()


async def test_persons_do_not_share_a_conversation(data_folder: Path, router: Router) -> None:
    async with (
        run_app(trial_settings(data_folder), [router]) as app,
        meet(app, 1) as one,
        meet(app, 2) as two,
    ):
        await one.says("a")
        await two.says("b")
        await one.says("c")
        assert await one.hears(2) == ["1: a", "2: c"]
        assert await two.hears(1) == ["1: b"]


async def test_a_restart_changes_nothing_in_the_conversation(data_folder: Path) -> None:
    settings = trial_settings(data_folder)
    async with run_app(settings, [counting_router()]) as app, meet(app) as person:
        await person.says("a")
        await person.hears(1)
    async with run_app(settings, [counting_router()]) as app, meet(app) as person:
        await person.hears(1)
        (message_id,) = person.heard
        await person.presses(message_id, "plus")
        (edited,) = await person.listen()
        assert (edited["text"], edited["edited"]) == ("pressed, 2", True)


async def test_a_refusal_undoes_the_turn_and_is_told(data_folder: Path, router: Router) -> None:
    async with run_app(trial_settings(data_folder), [router]) as app, meet(app) as person:
        await person.says("refuse")
        await person.hears(1)
        await person.says("a")
        refusal, next_turn = await person.hears(2)
        assert "不归您管" in refusal
        assert next_turn == "1: a"
        async with app.database.snapshot() as session:
            assert await tallies.count_by_state(session, "inbox") == {"done": 2}


async def test_a_failing_handler_is_told_once_and_keeps_nothing(data_folder: Path, router: Router) -> None:
    async with run_app(trial_settings(data_folder), [router]) as app, meet(app) as person:
        await person.says("fail")
        (apology,) = await person.hears(1)
        assert "自动重试" in apology
        await person.hears_no_more(1.5)
        async with app.database.snapshot() as session:
            assert await tallies.count_by_state(session, "inbox") == {"new": 1}


async def test_a_job_s_result_edits_its_message_and_sends_its_file(data_folder: Path, router: Router) -> None:
    settings = trial_settings(data_folder)
    async with run_app(settings, [router], {"write": write}, {"write": show}) as app, meet(app) as person:
        await person.says("job")
        assert await person.hears(2) == ["done", "ready"]
        (document,) = [message for message in person.heard.values() if message["file"]]
        assert document["file"]["name"] == "统计表.txt"


async def test_a_second_program_on_the_same_folder_is_refused(data_folder: Path) -> None:
    settings = trial_settings(data_folder)
    async with run_app(settings, [counting_router()]):
        with pytest.raises(DatabaseTaken):
            async with run_app(settings, [counting_router()]):
                pass


async def test_the_trial_opens_inside_a_window_and_a_restart_does_not_rewind(data_folder: Path) -> None:
    settings = trial_settings(data_folder)
    async with run_app(settings, [counting_router()]) as app:
        first = app.clock.now()
        assert app.catalog.open_notices(first)
    async with run_app(settings, [counting_router()]) as app:
        assert app.clock.now() > first
    moved = trial_settings(data_folder, now="2021-10-20T23:00")
    async with run_app(moved, [counting_router()]) as app:
        assert app.clock.now().isoformat().startswith("2021-10-20T23:00")
