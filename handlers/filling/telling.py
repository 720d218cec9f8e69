"""A project told in one message: what is sure is taken, the rest is asked."""

import forms
import templates
from forms.model import Answer, Field
from forms.paragraph import Proposal, propose
from handlers import asked
from handlers.filling import warnings, wizard, wizard_screens
from handlers.identity import Turn
from handlers.screens import Screen
from registration import entries
from registration.entries import Entry

TOLD = "told"
SHORTEST = 20
ENOUGH = 2
"""Fields a text must answer for sure to be taken for a project; less may be a question or a greeting."""


def read(turn: Turn, entry: Entry, text: str) -> Proposal:
    """What the text says of the entry's form."""
    return propose(entry.form, text, wizard.context_for(turn, entry))


async def keep(turn: Turn, text: str) -> None:
    """Keeps the text until it is known for which form and organization it was written."""
    await turn.state.update_data({TOLD: text})


async def begin(turn: Turn, entry: Entry) -> Screen:
    """The first step of a new filing: what was told before is filled in, else the first question."""
    text = (await turn.state.get_data()).get(TOLD)
    return await fill_in(turn, entry, str(text)) if text else await wizard.proceed(turn, entry)


async def fill_in(turn: Turn, entry: Entry, text: str) -> Screen:
    """Stores what is sure and was not answered before, says what was understood, and asks for the rest."""
    proposal = read(turn, entry, text)
    answers = {
        name: _as_told(entry.form.field(name), answer, text)
        for name, answer in proposal.answers.items()
        if name not in entry.answers
    }
    filled = await entries.fill(turn.session, entry, answers, turn.now)
    lines = [
        {"label": field.label, "value": forms.show(field, filled.answers[field.name])}
        for field in forms.relevant_fields(filled.form, filled.answers)
        if field.name in answers
    ]
    missing = len(forms.missing_fields(filled.form, filled.answers))
    said = templates.render("uploads.understood", lines=lines, asked=missing)
    return (await _next(turn, filled, proposal)).under(said)


def _as_told(field: Field, answer: Answer, text: str) -> Answer:
    """The answer as the wizard would keep it; one without words of its own was told in the whole text."""
    return (
        answer if answer.raw else Answer(answer.value, text, answer.approximate, answer.bound, answer.details)
    )


async def _next(turn: Turn, entry: Entry, proposal: Proposal) -> Screen:
    """A likely duplicate first; then a doubt the text left, or the next question, or the card."""
    named = next((field for field in entry.form.fields if field.projection == "name"), None)
    if named is not None and named.name in entry.answers:
        warning = await warnings.after_answer(turn, entry, named)
        if warning is not None:
            await asked.remember(turn.state, entry, named.name)
            return warning
    pending = entry.pending
    reading = proposal.doubts.get(pending.name) if pending else None
    if pending is None or reading is None or reading.answer is None:
        return await wizard.proceed(turn, entry)
    words = reading.answer.raw
    # The buttons of a doubt are worked out anew from its words when one is tapped.
    again = forms.read(pending, words, wizard.context_for(turn, entry))
    if wizard_screens.options_of(again) != wizard_screens.options_of(reading):
        return await wizard.proceed(turn, entry)
    await asked.remember(turn.state, entry, pending.name, words)
    return wizard_screens.doubt(entry, pending, words, reading)
