"""The wizard: after each answer the next question, a doubt, a warning, or the summary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import forms
import templates
from forms.model import Answer, Context, Field, Reading
from handlers import asked
from handlers.asked import Asked
from handlers.filling import warnings, wizard_screens
from handlers.identity import Turn
from handlers.screens import Screen
from notices.model import Notice
from registration import entries, organizations
from registration.entries import Entry
from registration.proposals import proposals, words_for


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry with a new answer, and the lines that say how it was understood."""

    entry: Entry
    echo: str


def context_for(turn: Turn, entry: Entry) -> Context:
    """What the reading of an answer may look at: today, and the places likely meant."""
    return context_among(turn, [entry.notice] if entry.notice else turn.catalog.open_notices(turn.now))


def context_among(turn: Turn, notices: Sequence[Notice]) -> Context:
    """Today, and the places and areas (黄桥老区) that these notices name."""
    places = [place for notice in notices for place in (notice.province, *notice.places)]
    areas = [area for notice in notices for area in notice.areas]
    return Context(
        today=turn.now.date(),
        regions=tuple(places),
        areas={word: area.regions for area in areas for word in (area.name, *area.words)},
    )


async def recalled(turn: Turn, asked_now: Asked) -> Entry | None:
    """The entry a typed answer belongs to; None when it is no longer being filled."""
    return await entries.find_entry(turn.session, turn.actor, turn.catalog, asked_now.kind, asked_now.id)


async def ask(turn: Turn, entry: Entry, field: Field) -> Screen:
    """Asks one field; from now on typed words are its answer."""
    await asked.remember(turn.state, entry, field.name)
    return wizard_screens.question(entry, field)


async def proceed(turn: Turn, entry: Entry) -> Screen:
    """The next question, or the card when none is left."""
    pending = entry.pending
    return await ask(turn, entry, pending) if pending else await show_card(turn, entry)


async def show_card(turn: Turn, entry: Entry) -> Screen:
    """The summary of a complete entry."""
    await asked.remember(turn.state, entry)
    owner = ""
    if entry.purpose != "amend" and entry.organization_id is not None:
        owner = await organizations.name_of(turn.session, entry.organization_id)
    return wizard_screens.card(entry, owner, templates.render(f"wizard.{NOTES[entry.purpose]}"))


NOTES = {
    "file": "check_filing",
    "correct": "check_correction",
    "register": "check_registration",
    "join": "check_join",
    "amend": "check_amendment",
}


async def take(turn: Turn, entry: Entry, field: Field, answer: Answer) -> Taken:
    """Stores an answer and what follows from it."""
    told = proposals(entry, field, answer, turn.now.date())
    filled = await entries.fill(turn.session, entry, {field.name: answer, **told}, turn.now)
    lines = [wizard_screens.echo(field, answer)]
    others = [item for item in entry.form.fields if item.name in told]
    if others and field.type == "credit_code":
        facts = [{"label": item.label, "value": forms.show(item, told[item.name])} for item in others]
        lines.append(templates.render("wizard.from_code", facts=facts))
    else:
        lines += [wizard_screens.echo(item, told[item.name]) for item in others]
    return Taken(filled, "\n".join(lines))


async def after(turn: Turn, taken: Taken, field: Field) -> Screen:
    """What comes after an answer: a warning where the answer gives cause, else the next question."""
    warning = await warnings.after_answer(turn, taken.entry, field)
    if warning is None:
        return await proceed(turn, taken.entry)
    # An organization's name may simply be typed anew; words under a duplicate could mean anything.
    await asked.remember(turn.state, taken.entry, field.name if taken.entry.kind == "registration" else "")
    return warning


async def warn_again(turn: Turn, entry: Entry) -> Screen:
    """The warning that a tap has not yet settled; the next question where it no longer holds."""
    for field in entry.form.fields:
        if field.projection == "name" and (warning := await warnings.after_answer(turn, entry, field)):
            return warning
    return await proceed(turn, entry)


async def answer_words(turn: Turn, entry: Entry, field: Field, words: str) -> Screen:
    """Takes typed words as the answer to a field, asks where they leave a doubt, says what is wrong."""
    reading = forms.read(field, words_for(entry, field, words), context_for(turn, entry))
    if reading.complaint is not None and reading.complaint.code == "not_given" and not field.required:
        return await settle(turn, entry, field, entries.SKIPPED)
    if reading.complaint is not None:
        await asked.remember(turn.state, entry, field.name, words)
        return wizard_screens.complaint(entry, field, reading)
    if not reading.firm or reading.answer is None:
        await asked.remember(turn.state, entry, field.name, words)
        return wizard_screens.doubt(entry, field, words, reading)
    return await settle(turn, entry, field, replace(reading.answer, raw=words))


async def settle(turn: Turn, entry: Entry, field: Field, answer: Answer) -> Screen:
    """Stores an answer that is certain, unless a limit of its field speaks against it."""
    complaint = entries.complaint_about(field, answer, entry.answers)
    if complaint is not None:
        return wizard_screens.complaint(entry, field, Reading(complaint=complaint))
    taken = await take(turn, entry, field, answer)
    return (await after(turn, taken, field)).under(taken.echo)


async def options(turn: Turn, entry: Entry, field: Field) -> Sequence[Answer]:
    """What the words that left a doubt may mean, as its buttons offered it; empty when it is settled."""
    before = await asked.recall(turn.state)
    if before is None or (before.kind, before.id, before.field) != (entry.kind, entry.id, field.name):
        return ()
    if not before.words:
        return ()
    return wizard_screens.options_of(forms.read(field, before.words, context_for(turn, entry)))
