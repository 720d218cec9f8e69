"""What a form waits for at this moment, shown again without losing any of it."""

import forms
from forms.model import Field
from handlers import asked
from handlers.asked import Asked
from handlers.filling import wizard
from handlers.identity import Turn
from handlers.screens import Screen
from registration.entries import Entry


def awaited(entry: Entry, before: Asked) -> Field | None:
    """The field whose answer is awaited; None while a warning or the card is shown."""
    if not before.field:
        return None
    known = {item.name: item for item in forms.relevant_fields(entry.form, entry.answers)}
    return known.get(before.field) or entry.pending


async def shown_again(turn: Turn, entry: Entry, before: Asked) -> Screen:
    """The question, the doubt, the warning or the card that was shown last."""
    field = awaited(entry, before)
    if field is None:
        if entry.pending is not None:
            return await wizard.warn_again(turn, entry)
        return await wizard.show_card(turn, entry)
    if before.words and not before.set_aside:
        return await wizard.answer_words(turn, entry, field, before.words)
    return await wizard.ask(turn, entry, field)


async def set_aside(turn: Turn, entry: Entry, field: Field, words: str) -> None:
    """Keeps words that were taken for a question, so that a tap can still make them the answer."""
    await asked.remember(turn.state, entry, field.name, words, set_aside=True)
