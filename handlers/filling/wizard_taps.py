"""Taps on the wizard's cards. Each carries the revision it was shown at: an old card changes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.types import CallbackQuery

import forms
import templates
from forms.model import Answer, Field
from handlers import asked, home
from handlers.callbacks import Place, Step
from handlers.filling import finishing, my_filings, wizard, wizard_screens
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, chat_of, follow, send, show, toast
from registration import entries, filings, organizations, windows
from registration.entries import Entry

router = Router(name="wizard taps")


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a card that is current."""

    query: CallbackQuery
    turn: Turn
    entry: Entry
    field: Field
    data: Step

    @property
    def option(self) -> int:
        """Which of several buttons it was."""
        return self.data.option


Act = Callable[[Tap], Awaitable[list[Reply]]]


@router.callback_query(Step.filter())
async def on_step(query: CallbackQuery, callback_data: Step, turn: Turn) -> list[Reply]:
    """Does what the button says, or shows where the conversation really stands."""
    entry = await current(turn, callback_data)
    act = ACTS.get(callback_data.act)
    if entry is None or act is None or callback_data.field >= len(entry.form.fields):
        return await stale(query, turn, callback_data)
    if entry.notice is not None and callback_data.act not in AFTER_CLOSING:
        windows.require_open(entry.notice, entry.form, turn.now)
    tap = Tap(query, turn, entry, entry.form.fields[callback_data.field], callback_data)
    return await act(tap)


async def current(turn: Turn, data: Step) -> Entry | None:
    """The entry the card belongs to, unless the card is out of date; raises NotYours."""
    kind: entries.Kind = "filing" if data.kind == "filing" else "registration"
    return await entries.reach(turn.session, turn.actor, turn.catalog, kind, data.id, data.revision)


async def stale(query: CallbackQuery, turn: Turn, tapped: Step | Place) -> list[Reply]:
    """Answers a tap on a card that time has passed over: a word about it, and the question that is open."""
    before = await asked.recall(turn.state)
    entry = await wizard.recalled(turn, before) if before else None
    if before is None or entry is None:
        done = templates.plain("wizard.stale_done")
        return [toast(query, done), send(chat_of(query), (await _standing(turn, tapped)).under(done))]
    said = templates.plain("wizard.not_current")
    screen = (await again(turn, entry, before.field)).under(said)
    return [toast(query, said), send(chat_of(query), screen)]


async def _standing(turn: Turn, tapped: Step | Place) -> Screen:
    """What has become of the entry a tapped card belongs to."""
    if tapped.kind == "filing" and await filings.is_visible(turn.session, turn.actor, tapped.id):
        return await my_filings.card(turn, tapped.id)
    return await my_filings.first_page(turn) if turn.actor.organizations else await home.menu(turn)


async def again(turn: Turn, entry: Entry, name: str) -> Screen:
    """The question or card that is open; a safe one when the form no longer has that field."""
    known = {item.name: item for item in forms.relevant_fields(entry.form, entry.answers)}
    if name in known:
        return await wizard.ask(turn, entry, known[name])
    return await wizard.proceed(turn, entry)


async def _choice(tap: Tap) -> list[Reply]:
    if tap.option >= len(tap.field.choices):
        return await stale(tap.query, tap.turn, tap.data)
    choice = tap.field.choices[tap.option]
    return await _settled(tap, Answer(choice.name, raw=choice.label))


async def _pick(tap: Tap) -> list[Reply]:
    options = await wizard.options(tap.turn, tap.entry, tap.field)
    if tap.option >= len(options):
        return await stale(tap.query, tap.turn, tap.data)
    return await _settled(tap, options[tap.option])


async def _skip(tap: Tap) -> list[Reply]:
    return await _settled(tap, entries.SKIPPED)


async def _settled(tap: Tap, answer: Answer) -> list[Reply]:
    taken = await wizard.take(tap.turn, tap.entry, tap.field, answer)
    return follow(tap.query, taken.echo, await wizard.after(tap.turn, taken, tap.field))


async def _back(tap: Tap) -> list[Reply]:
    before = forms.previous_field(tap.entry.form, tap.entry.answers, tap.field.name) or tap.field
    return show(tap.query, await wizard.ask(tap.turn, tap.entry, before))


async def _edit(tap: Tap) -> list[Reply]:
    return show(tap.query, await wizard.ask(tap.turn, tap.entry, tap.field))


async def _retype(tap: Tap) -> list[Reply]:
    await asked.remember(tap.turn.state, tap.entry, tap.field.name)
    return show(tap.query, wizard_screens.retype(tap.entry, tap.field))


async def _guide(tap: Tap) -> list[Reply]:
    said = templates.render("wizard.guidance", label=tap.field.label, guidance=tap.field.guidance)
    return show(tap.query, (await wizard.ask(tap.turn, tap.entry, tap.field)).under(said))


async def _go_on(tap: Tap) -> list[Reply]:
    return show(tap.query, await wizard.proceed(tap.turn, tap.entry))


async def _later(tap: Tap) -> list[Reply]:
    await asked.forget(tap.turn.state)
    return show(tap.query, finishing.kept(tap.entry))


async def _discard(tap: Tap) -> list[Reply]:
    return show(tap.query, await finishing.give_up(tap.turn, tap.entry))


async def _discard_really(tap: Tap) -> list[Reply]:
    await asked.forget(tap.turn.state)
    return show(tap.query, await finishing.discard(tap.turn, tap.entry))


async def _submit(tap: Tap) -> list[Reply]:
    await asked.forget(tap.turn.state)
    return show(tap.query, await finishing.submit(tap.turn, tap.entry))


async def _join(tap: Tap) -> list[Reply]:
    turn = tap.turn
    entry = await organizations.turn_to_join(turn.session, turn.actor, turn.catalog, tap.entry, turn.now)
    return show(tap.query, await wizard.proceed(turn, entry))


async def _namesake(tap: Tap) -> list[Reply]:
    entry = await organizations.declare_namesake(tap.turn.session, tap.entry, tap.turn.now)
    return show(tap.query, await wizard.proceed(tap.turn, entry))


AFTER_CLOSING = ("later", "discard", "discard!", "cancel")
"""What may be done to an entry whose form can no longer be filled."""

ACTS: dict[str, Act] = {
    "choice": _choice,
    "pick": _pick,
    "skip": _skip,
    "back": _back,
    "edit": _edit,
    "retype": _retype,
    "guide": _guide,
    "go_on": _go_on,
    "keep": _go_on,
    "later": _later,
    "discard": _discard,
    "discard!": _discard_really,
    "submit": _submit,
    "cancel": _discard,
    "join": _join,
    "namesake": _namesake,
}
