"""Typed answers, and what comes instead of one, while a form is being filled."""

import re
from datetime import datetime

from aiogram import Router
from aiogram.types import Message

import forms
import templates
from handlers import asked, home
from handlers.asked import Asked, Filling
from handlers.filling import wizard, wizard_files, wizard_screens
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, show
from registration import windows
from registration.entries import Entry

router = Router(name="wizard words")
NEW_VALUE = re.compile(r"(?:改成|改为|换成|应该是|应为|应是|[:：])\s*(.+)", re.DOTALL)
"""What a field is to hold, in words such as 受益人数改成320."""


@router.message(Filling())
async def on_words(message: Message, asked: Asked, turn: Turn, real_now: datetime) -> list[Reply]:
    """Takes the words as the answer that is waited for; anything but words brings the question again."""
    entry = await wizard.recalled(turn, asked)
    if entry is None:
        return show(message, await leave(turn))
    refused = windows.refusal(entry.notice, entry.form, turn.now)
    if refused is not None:
        screen = await leave(turn)
        return show(message, screen.under(templates.render(f"refusals.{refused.code}", **refused.params)))
    if not asked.field and entry.pending is not None:
        screen = await wizard.warn_again(turn, entry)
        return show(message, screen.under(templates.render("wizard.tap_first")))
    known = {item.name: item for item in forms.relevant_fields(entry.form, entry.answers)}
    field = known.get(asked.field) or entry.pending
    if field is None:
        return show(message, await _on_card(turn, entry, message.text or ""))
    if field.type == "file":
        return await wizard_files.fetch(message, turn, entry, field, real_now)
    if message.text is None:
        return show(message, wizard_screens.text_wanted(entry, field))
    return show(message, await wizard.answer_words(turn, entry, field, message.text))


async def _on_card(turn: Turn, entry: Entry, words: str) -> Screen:
    """The field that words under a card name, to be changed; else the card again, and how to go on."""
    for field in forms.relevant_fields(entry.form, entry.answers):
        if re.split(r"[（(]", field.label)[0].strip() in words:
            value = NEW_VALUE.search(words)
            if value is None:
                return await wizard.ask(turn, entry, field)
            return await wizard.answer_words(turn, entry, field, value[1])
    said = templates.render("wizard.use_buttons", submit=wizard_screens.submit_label(entry))
    return (await wizard.show_card(turn, entry)).under(said)


async def leave(turn: Turn) -> Screen:
    """The form was finished elsewhere, or can no longer be filled: back to the menu."""
    await asked.forget(turn.state)
    return await home.menu(turn)
