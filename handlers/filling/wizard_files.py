"""A file sent as an answer: fetched by a job, and taken when it has come, if it is still wanted."""

from datetime import datetime

from aiogram.types import Message

import templates
from forms.model import Answer, Field
from handlers.filling import wizard, wizard_screens
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Reply
from handlers.screens import Screen, send, show
from registration import entries
from registration.entries import Entry
from storage import jobs

FETCH = "fetch"


def file_in(message: Message) -> tuple[str, str] | None:
    """The id and shown name of the file in a message; None when it carries none that can be kept."""
    if message.document is not None:
        return message.document.file_id, message.document.file_name or message.document.file_unique_id
    if message.photo:
        largest = message.photo[-1]
        return largest.file_id, f"{largest.file_unique_id}.jpg"
    return None


async def fetch(message: Message, turn: Turn, entry: Entry, field: Field, real_now: datetime) -> list[Reply]:
    """Asks for the file to be fetched, or for a file where something else came."""
    found = file_in(message)
    if found is None or message.bot is None:
        return show(message, wizard_screens.text_wanted(entry, field))
    payload = {
        "file_id": found[0],
        "name": found[1],
        "entry": entry.id,
        "kind": entry.kind,
        "field": field.name,
    }
    await jobs.enqueue(
        turn.session, FETCH, payload, bot_id=message.bot.id, chat_id=message.chat.id, now=real_now
    )
    return show(message, Screen(templates.render("wizard.file_coming")))


async def on_fetched(job: JobResult, turn: Turn) -> list[Reply]:
    """Takes the file as the answer it was sent for; one that came too late is dropped with a word."""
    chat = turn.actor.person.chat_id
    entry = await entries.find_entry(
        turn.session, turn.actor, turn.catalog, job.payload["kind"], job.payload["entry"]
    )
    fields = entry.form.fields if entry else ()
    field = next((item for item in fields if item.name == job.payload["field"]), None)
    if entry is None or field is None:
        return [send(chat, Screen(templates.render("wizard.stale_done")))]
    if job.failed or "file" not in job.result:
        macro = "file_too_big" if job.result.get("refused") == "too_big" else "file_failed"
        screen = await wizard.ask(turn, entry, field)
        return [send(chat, screen.under(templates.render(f"wizard.{macro}")))]
    answer = Answer(str(job.result["file"]), raw=job.payload["name"])
    return [send(chat, await wizard.settle(turn, entry, field, answer))]
