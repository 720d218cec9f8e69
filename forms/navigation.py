"""Which field comes next: pure functions over a form and its answers; this is the wizard."""

from dataclasses import dataclass

from forms.model import Answer, Answers, Field, Form


@dataclass(frozen=True, slots=True)
class Position:
    """第 `number`/`total` 步 among the relevant fields, counted from 1."""

    number: int
    total: int


def is_relevant(field: Field, answers: Answers) -> bool:
    """True when the field has no condition, or its condition is met by the answers."""
    if field.relevant is None:
        return True
    answer = answers.get(field.relevant.field)
    return answer is not None and answer.value in field.relevant.values


def relevant_fields(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The fields to be shown for these answers, in the form's order."""
    kept = drop_irrelevant(form, answers)
    return tuple(item for item in form.fields if is_relevant(item, kept))


def drop_irrelevant(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers that still count: those of relevant fields, in the form's order.

    A condition looks only at earlier fields, and an answer dropped there no longer meets it.
    """
    kept: dict[str, Answer] = {}
    for item in form.fields:
        answer = answers.get(item.name)
        if answer is not None and is_relevant(item, kept):
            kept[item.name] = answer
    return kept


def next_field(form: Form, answers: Answers, skipped: frozenset[str] = frozenset()) -> Field | None:
    """The first relevant field that is neither answered nor skipped; None when nothing is left to ask.

    Only optional fields can be skipped.
    """
    for item in relevant_fields(form, answers):
        if item.name not in answers and (item.required or item.name not in skipped):
            return item
    return None


def previous_field(form: Form, answers: Answers, name: str) -> Field | None:
    """The relevant field before that one; None at the start. KeyError for a name the form has not."""
    before: Field | None = None
    target = form.field(name)
    for item in form.fields:
        if item is target:
            return before
        if is_relevant(item, drop_irrelevant(form, answers)):
            before = item
    return None


def missing_fields(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The required relevant fields that have no answer yet."""
    return tuple(
        item for item in relevant_fields(form, answers) if item.required and item.name not in answers
    )


def position(form: Form, answers: Answers, name: str) -> Position:
    """Where that field stands among the relevant ones; KeyError when it is not relevant."""
    names = [item.name for item in relevant_fields(form, answers)]
    if name not in names:
        raise KeyError(name)
    return Position(names.index(name) + 1, len(names))
