"""Recognizes that a message tells of a project: at the menu, or while a filing's figures are asked for."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

import templates
from forms.paragraph import Proposal, propose
from handlers import asked
from handlers.asked import Asked
from handlers.filling import beginning, telling, wizard
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, show
from registration import windows
from registration.entries import Entry

router = Router(name="paragraphs")

# Kinds of fields whose answers are told from a narrative: a plain text takes anything.
MEASURED = ("money", "count", "region", "choice", "period", "date")


class Told(BaseFilter):
    """Passes for a text that answers several fields of a form that is open, or tells of several projects.

    Gives the `entry` being filled, None at the menu, and `several`.
    """

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        text = message.text or ""
        if len(text) < telling.SHORTEST or not turn.actor.organizations or text.startswith("/"):
            return False
        before = await asked.recall(turn.state)
        entry = await wizard.recalled(turn, before) if before else None
        if before is not None and entry is not None:
            return _told(entry, telling.read(turn, entry, text)) if _may_be_told(entry, before) else False
        for offer in windows.offers(turn.catalog, turn.now):
            context = wizard.context_among(turn, [offer.notice])
            told = _told(None, propose(offer.form, text, context))
            if told:
                return told
        return False


def _may_be_told(entry: Entry, before: Asked) -> bool:
    """At the first step, or where a figure or a place is asked for: elsewhere a long text is the answer."""
    if entry.kind != "filing":
        return False
    pending = entry.pending
    measured = pending is not None and pending.name == before.field and pending.type in MEASURED
    return not entry.answers or measured


def _told(entry: Entry | None, proposal: Proposal) -> dict[str, Any] | bool:
    if proposal.several or len(proposal.answers) >= telling.ENOUGH:
        return {"entry": entry, "several": proposal.several}
    return False


@router.message(Told())
async def on_told(message: Message, entry: Entry | None, several: bool, turn: Turn) -> list[Reply]:
    """Fills in what was told; for a new filing, the form and organization are chosen first where needed."""
    text = message.text or ""
    if several:
        return show(message, Screen(templates.render("uploads.several_told")))
    if entry is not None:
        return show(message, await telling.fill_in(turn, entry, text))
    turn.actor.require_consent()
    await telling.keep(turn, text)
    return show(message, await beginning.choose_new(turn))
