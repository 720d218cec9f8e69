"""What one answer of a registration tells for others: a credit code its facts, a contact their number."""

from datetime import date

import divisions
import forms
from forms.model import Answer, Answers, Context, Field
from registration import contacts, homes
from registration.entries import Entry

# Field of a filer form -> the part of a credit code's details that answers it.
TOLD = {"type": "type", "level": "level", "home": "region"}


def words_for(entry: Entry, field: Field, words: str) -> str:
    """The part of typed words that answers the field: of a contact's name and number only the name."""
    return contacts.split(words).name or words if _is_contact(entry, field) else words


def proposals(entry: Entry, field: Field, answer: Answer, today: date) -> dict[str, Answer]:
    """Answers that follow from one just given.

    Those of a credit code are for fields the person has not answered, and marked `proposed`.
    """
    if _is_contact(entry, field):
        return _number(entry, answer, today)
    if field.type != "credit_code" or entry.kind != "registration":
        return {}
    found: dict[str, Answer] = {}
    for item in entry.form.fields:
        value = answer.details.get(TOLD.get(item.name, ""))
        own = entry.answers.get(item.name)
        if not value or (own is not None and not is_proposed(own)):
            continue
        told = Answer(value, details={"proposed": True})
        if _fits(item, told, {**entry.answers, **found}):
            found[item.name] = told
    return found


def is_proposed(answer: Answer) -> bool:
    """Whether the answer came from a code and not from the person."""
    return bool(answer.details.get("proposed"))


def _is_contact(entry: Entry, field: Field) -> bool:
    return entry.kind == "registration" and field.name == "contact"


def _number(entry: Entry, answer: Answer, today: date) -> dict[str, Answer]:
    """The telephone number written beside a contact's name, where it is one beyond doubt."""
    number = contacts.split(answer.raw).number
    phone = next((item for item in entry.form.fields if item.name == "phone"), None)
    if not number or phone is None:
        return {}
    reading = forms.read(phone, number, Context(today))
    return {phone.name: reading.answer} if reading.firm and reading.answer else {}


def _fits(field: Field, told: Answer, others: Answers) -> bool:
    if field.type == "region":
        return divisions.exists(str(told.value)) and homes.complaint(field, told, others) is None
    return any(choice.name == told.value for choice in field.choices)
