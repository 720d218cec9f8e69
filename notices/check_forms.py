"""Checking forms: choices, conditions, limits, and what a field is projected to."""

import re
from collections import Counter
from collections.abc import Iterator

from forms.model import Field, Form
from notices.model import Notice
from notices.packs import Pack, Problem

PROJECTED = {
    "name": ("text", "long_text"),
    "region": ("region",),
    "nature": ("choice",),
    "money": ("money",),
    "people": ("count",),
    "beneficiaries": ("count",),
}
REGISTRATION = {
    "name": ("text",),
    "credit_code": ("credit_code", "text"),
    "type": ("choice",),
    "level": ("choice",),
    "home": ("region",),
    "contact": ("text",),
    "phone": ("phone",),
}
"""Fields of a registration form that fill a column of the same name, and what type they must have."""


def check_forms(pack: Pack, notice: Notice) -> Iterator[Problem]:
    """Problems of the notice's forms and of its filers' registration forms."""
    for form in notice.forms:
        file = pack.form_files[form.name]
        yield from _check_fields(file, "fields", form)
        yield from _check_projections(file, form)
    for filer in notice.filers:
        file = pack.filer_files[filer.kind]
        yield from _check_fields(file, "form.fields", filer.form)
        yield from _check_registration(file, filer.form)


def _check_fields(file: str, key: str, form: Form) -> Iterator[Problem]:
    for index, field in enumerate(form.fields):
        for part, reason in (*_choice_faults(field), *_condition_faults(field, form), *_limit_faults(field)):
            yield Problem(file, f"{key}.{index}.{part}", f"{field.name}: {reason}")


def _choice_faults(field: Field) -> Iterator[tuple[str, str]]:
    if (field.type == "choice") != bool(field.choices):
        yield "choices", "are missing" if field.type == "choice" else f"a {field.type} has no choices"
    for part in ("name", "label"):
        counts = Counter(getattr(choice, part) for choice in field.choices)
        yield from (
            ("choices", f"the {part} {value!r} appears twice") for value in counts if counts[value] > 1
        )
    words = Counter(word for choice in field.choices for word in choice.words)
    yield from (("choices", f"the word {word!r} appears twice") for word in words if words[word] > 1)


def _condition_faults(field: Field, form: Form) -> Iterator[tuple[str, str]]:
    if not field.relevant:
        return
    known = {choice.name for choice in form.field(field.relevant.field).choices}
    for value in field.relevant.values:
        if known and value not in known:
            yield "relevant.values", f"{value!r} is no choice of {field.relevant.field!r}"


def _limit_faults(field: Field) -> Iterator[tuple[str, str]]:
    limits = field.constraint
    if limits is None:
        return
    for low, high in (("min", "max"), ("min_length", "max_length")):
        least, most = getattr(limits, low), getattr(limits, high)
        if least is not None and most is not None and least > most:
            yield f"constraint.{low}", f"{least} is above {high}, {most}"
    if limits.pattern is not None:
        try:
            re.compile(limits.pattern)
        except re.error as error:
            yield "constraint.pattern", f"is no regular expression: {error}"


def _check_projections(file: str, form: Form) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, field in enumerate(form.fields):
        if field.projection is None:
            continue
        key = f"fields.{index}.projection"
        if field.projection in seen:
            yield Problem(file, key, f"two fields are projected to {field.projection!r}")
        seen.add(field.projection)
        if field.type not in PROJECTED[field.projection]:
            yield Problem(file, key, f"a {field.type} cannot be projected to {field.projection!r}")


def _check_registration(file: str, form: Form) -> Iterator[Problem]:
    names = {field.name for field in form.fields}
    for name in ("name", "home"):
        if name not in names:
            yield Problem(file, "form.fields", f"the field {name!r} is missing: nobody could be told apart")
    for index, field in enumerate(form.fields):
        allowed = REGISTRATION.get(field.name)
        if allowed and field.type not in allowed:
            yield Problem(
                file,
                f"form.fields.{index}.type",
                f"{field.name!r} must be {' or '.join(allowed)}, not {field.type}",
            )
