"""Choosing a division step by step: province, city, county, a page at a time."""

from aiogram import Router
from aiogram.types import CallbackQuery

import divisions
import templates
from divisions import Division
from forms.model import Answer, Field, Reading
from handlers.callbacks import Place, Step
from handlers.filling import wizard, wizard_screens
from handlers.filling.wizard_screens import step
from handlers.filling.wizard_taps import current, stale
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Row, Screen, button, follow, in_rows, show
from registration import entries
from registration.entries import Entry

router = Router(name="regions")
PAGE = 15


@router.callback_query(Place.filter())
async def on_place(query: CallbackQuery, callback_data: Place, turn: Turn) -> list[Reply]:
    """A division was tapped: what lies in it, or the answer."""
    data = callback_data
    same = Step(act="", kind=data.kind, id=data.id, revision=data.revision, field=data.field)
    entry = await current(turn, same)
    known = not data.code or divisions.exists(data.code)
    if entry is None or not known or data.field >= len(entry.form.fields):
        return await stale(query, turn, data)
    field = entry.form.fields[data.field]
    if data.take:
        answer = Answer(data.code)
        complaint = entries.complaint_about(field, answer, entry.answers)
        if complaint is not None:
            return show(query, wizard_screens.complaint(entry, field, Reading(complaint=complaint)))
        taken = await wizard.take(turn, entry, field, answer)
        return follow(query, taken.echo, await wizard.after(turn, taken, field))
    await wizard.ask(turn, entry, field)
    return show(query, choices(entry, field, data.code, data.page, _first_places(turn, entry)))


def _first_places(turn: Turn, entry: Entry) -> list[str]:
    """The provinces most likely meant: the notice's own, then those of places it names."""
    named = wizard.context_for(turn, entry).regions
    return list(dict.fromkeys(f"{code[:2]}0000" for code in named))


def choices(entry: Entry, field: Field, code: str, page: int, first: list[str]) -> Screen:
    """What lies under a division, or the provinces, with the way back up."""
    under = list(divisions.children(code)) if code else _provinces(first)
    part = under[page * PAGE : (page + 1) * PAGE]
    buttons = [button("text", _place(entry, field, item), text=item.name) for item in part]
    turning: Row = []
    if page > 0:
        turning.append(button("previous_page", _to(entry, field, code, page - 1)))
    if (page + 1) * PAGE < len(under):
        turning.append(button("next_page", _to(entry, field, code, page + 1)))
    text = templates.render(
        "wizard.region", label=field.label, inside=divisions.full_name(code) if code else ""
    )
    return Screen(text, [*_here(entry, field, code), *in_rows(buttons, 3), turning, _up(entry, field, code)])


def _provinces(first: list[str]) -> list[Division]:
    rest = [item for item in divisions.children("") if item.code not in first]
    return [divisions.get(code) for code in first] + rest


def _to(entry: Entry, field: Field, code: str, page: int = 0, *, take: bool = False) -> Place:
    number = entry.form.fields.index(field)
    return Place(
        kind=entry.kind, id=entry.id, revision=entry.revision, field=number, code=code, page=page, take=take
    )


def _place(entry: Entry, field: Field, division: Division) -> Place:
    """A county is the answer; anything else is opened."""
    return _to(entry, field, division.code, take=not divisions.children(division.code))


def _here(entry: Entry, field: Field, code: str) -> list[Row]:
    if not code:
        return []
    take = _to(entry, field, code, take=True)
    return [[button("only_here", take, name=divisions.get(code).name)]]


def _up(entry: Entry, field: Field, code: str) -> Row:
    """One level up; from the provinces back to the question."""
    if not code:
        return [button("up", step(entry, "edit", field))]
    return [button("up", _to(entry, field, divisions.get(code).parent))]
