"""What a credit code tells about an organization, proposed for the fields it answers."""

import divisions
from forms.model import Answer, Field
from registration.entries import Entry

# Field of a filer form -> the part of a credit code's details that answers it.
TOLD = {"type": "type", "level": "level", "home": "region"}


def proposals(entry: Entry, field: Field, answer: Answer) -> dict[str, Answer]:
    """Answers that follow from a credit code, for fields the person has not answered; marked `proposed`."""
    if field.type != "credit_code" or entry.kind != "registration":
        return {}
    found: dict[str, Answer] = {}
    for item in entry.form.fields:
        value = answer.details.get(TOLD.get(item.name, ""))
        own = entry.answers.get(item.name)
        if value and _fits(item, str(value)) and (own is None or is_proposed(own)):
            found[item.name] = Answer(value, details={"proposed": True})
    return found


def is_proposed(answer: Answer) -> bool:
    """Whether the answer came from a code and not from the person."""
    return bool(answer.details.get("proposed"))


def _fits(field: Field, value: str) -> bool:
    if field.type == "region":
        return divisions.exists(value)
    return any(choice.name == value for choice in field.choices)
