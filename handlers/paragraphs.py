"""Recognizes that a message tells of a project: at the menu, or at the first step of a filing."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

from forms.paragraph import propose
from handlers import asked, beginning, telling, wizard
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import show
from registration import windows
from registration.entries import Entry

router = Router(name="paragraphs")


class Told(BaseFilter):
    """Passes for a text that answers several fields of a form that is open; gives `entry` at a first step."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        text = message.text or ""
        if len(text) < telling.SHORTEST or not turn.actor.organizations or text.startswith("/"):
            return False
        before = await asked.recall(turn.state)
        entry = await wizard.recalled(turn, before) if before else None
        if entry is None:
            return {"entry": None} if _tells_of_something(turn, text) else False
        if entry.kind != "filing" or entry.answers:
            return False
        return {"entry": entry} if len(telling.read(turn, entry, text).answers) >= telling.ENOUGH else False


def _tells_of_something(turn: Turn, text: str) -> bool:
    for offer in windows.offers(turn.catalog, turn.now):
        context = wizard.context_among(turn, [offer.notice])
        if len(propose(offer.form, text, context).answers) >= telling.ENOUGH:
            return True
    return False


@router.message(Told())
async def on_told(message: Message, entry: Entry | None, turn: Turn) -> list[Reply]:
    """Fills in what was told; for a new filing, the form and organization are chosen first where needed."""
    text = message.text or ""
    if entry is not None:
        return show(message, await telling.fill_in(turn, entry, text))
    turn.actor.require_consent()
    await telling.keep(turn, text)
    return show(message, await beginning.choose_new(turn))
