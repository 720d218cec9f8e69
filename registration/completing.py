"""When a form is complete, and what of it the tables read."""

from typing import Any

import forms
from forms.model import Answer, Answers, Form
from registration.entries import complaint_about
from registration.refusals import Incomplete, InvalidAnswer


def complete_answers(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers to be filed, without skipped fields; raises Incomplete or InvalidAnswer."""
    missing = [item for item in forms.relevant_fields(form, answers) if item.required]
    labels = tuple(
        item.label for item in missing if item.name not in answers or answers[item.name].value is None
    )
    if labels:
        raise Incomplete(labels)
    kept = {
        name: answer
        for name, answer in forms.drop_irrelevant(form, answers).items()
        if answer.value is not None
    }
    for name, answer in kept.items():
        if complaint_about(form.field(name), answer, kept) is not None:
            raise InvalidAnswer(form.field(name).label)
    return kept


def projections(form: Form, answers: Answers) -> dict[str, Any]:
    """The typed columns of a version, by the fields' `projection`."""
    return {
        str(item.projection): answers[item.name].value
        for item in form.fields
        if item.projection and item.name in answers
    }
