"""The wizard's cards: a question, a doubt, the summary. Pure: an entry in, a screen out."""

from collections.abc import Sequence

import forms
import templates
from forms.model import Answer, Field, Reading
from handlers.callbacks import Place, Step
from handlers.screens import Row, Screen, button, in_rows
from registration.entries import Entry


def step(entry: Entry, act: str, field: Field | None = None, option: int = 0) -> Step:
    """The data of a tap on a card of this entry."""
    place = entry.form.fields.index(field) if field else 0
    return Step(act=act, kind=entry.kind, id=entry.id, revision=entry.revision, field=place, option=option)


def shown(field: Field, answer: Answer) -> str:
    """An answer as people read it."""
    if answer.value is None:
        return templates.plain("wizard.blank")
    return answer.raw if field.type == "file" else forms.show(field, answer)


def echo(field: Field, answer: Answer) -> str:
    """The line that says what was understood, as HTML."""
    if answer.value is None:
        return templates.render("wizard.skipped", label=field.label)
    return templates.render("wizard.echo", label=field.label, value=shown(field, answer))


def question(entry: Entry, field: Field) -> Screen:
    """The question for one field."""
    place = forms.position(entry.form, entry.answers, field.name)
    answer = entry.answers.get(field.name)
    text = templates.render(
        "wizard.question",
        number=place.number,
        total=place.total,
        label=field.label,
        hint=field.hint,
        example=field.example,
        current=shown(field, answer) if answer else "",
    )
    return Screen(text, question_rows(entry, field))


def question_rows(entry: Entry, field: Field, offered: Sequence[str] = ()) -> list[Row]:
    """The buttons under a question: its choices, unless `offered` above them, help, and the ways on."""
    options = [
        button("text", step(entry, "choice", field, number), text=choice.label)
        for number, choice in enumerate(field.choices)
        if choice.label not in offered
    ]
    more: Row = []
    if field.type == "region":
        more.append(button("step_region", _top(entry, field)))
    if field.guidance:
        more.append(button("guidance", step(entry, "guide", field)))
    return [*in_rows(options, 2), *in_rows(more, 2), _ways(entry, field)]


def _top(entry: Entry, field: Field) -> Place:
    """Where stepping begins: in the notice's own province, from which one step up leads to the others."""
    return Place(
        kind=entry.kind,
        id=entry.id,
        revision=entry.revision,
        field=entry.form.fields.index(field),
        code=entry.notice.province if entry.notice else "",
    )


def _ways(entry: Entry, field: Field) -> Row:
    if field.name in entry.answers:
        ways = [button("keep", step(entry, "keep", field))]
    else:
        ways = [] if field.required else [button("skip", step(entry, "skip", field))]
    if entry.pending is not None:
        if forms.previous_field(entry.form, entry.answers, field.name):
            ways.insert(0, button("back", step(entry, "back", field)))
        ways.append(button("later", step(entry, "later", field)))
    return ways


def options_of(reading: Reading) -> list[Answer]:
    """What a doubtful reading may mean, the likeliest first, each once."""
    found: list[Answer] = [reading.answer] if reading.answer else []
    for candidate in reading.candidates:
        if all(candidate.value != other.value for other in found):
            found.append(candidate)
    return found


def doubt(entry: Entry, field: Field, words: str, reading: Reading) -> Screen:
    """Asks which of several readings is meant."""
    options = options_of(reading)
    values = [forms.show(field, option) for option in options]
    if len(values) == 1:
        text = templates.render("wizard.doubt_one", label=field.label, raw=words, value=values[0])
    else:
        text = templates.render("wizard.doubt", label=field.label, raw=words)
    return Screen(
        text, [*_candidates(entry, field, values), [button("retype", step(entry, "retype", field))]]
    )


def submit_label(entry: Entry) -> str:
    """What the card's first button says."""
    return templates.plain(f"buttons.{_SUBMIT[entry.purpose]}")


def complaint(entry: Entry, field: Field, reading: Reading) -> Screen:
    """Says what was wrong with an answer, what would be right, and asks again; the way past it first."""
    assert reading.complaint is not None
    said = templates.render(f"complaints.{reading.complaint.code}", **reading.complaint.params)
    asked = templates.render("wizard.again", label=field.label, example=field.example)
    values = [forms.show(field, option) for option in options_of(reading)]
    rows = [*_candidates(entry, field, values), *question_rows(entry, field, values)]
    skip = button("skip", step(entry, "skip", field))
    if not field.required:
        said = f"{said}\n{templates.render('wizard.may_skip')}"
        rows = [[skip], *[[item for item in row if item != skip] for row in rows]]
    return Screen(asked, rows).under(said)


def _candidates(entry: Entry, field: Field, values: list[str]) -> list[Row]:
    buttons = [
        button("candidate", step(entry, "pick", field, number), text=value)
        for number, value in enumerate(values)
    ]
    return in_rows(buttons, 2)


def retype(entry: Entry, field: Field) -> Screen:
    """Asks once more after a doubt was turned down."""
    text = templates.render("wizard.retype", label=field.label, example=field.example)
    return Screen(text, question_rows(entry, field))


def text_wanted(entry: Entry, field: Field) -> Screen:
    """Asks for words where something else came."""
    macro = "file_wanted" if field.type == "file" else "text_wanted"
    params = {} if field.type == "file" else {"example": field.example}
    return Screen(
        templates.render(f"wizard.{macro}", label=field.label, **params), question_rows(entry, field)
    )


def lines(entry: Entry) -> list[dict[str, str]]:
    """Label and value of every relevant field."""
    return [
        {"label": field.label, "value": shown(field, entry.answers.get(field.name, Answer(None)))}
        for field in forms.relevant_fields(entry.form, entry.answers)
    ]


def card(entry: Entry, owner: str, note: str) -> Screen:
    """The summary of a complete entry, each field open to change."""
    text = templates.render("wizard.card", title=entry.form.title, owner=owner, lines=lines(entry), note=note)
    changes = [
        button("change", step(entry, "edit", field), label=field.label)
        for field in forms.relevant_fields(entry.form, entry.answers)
    ]
    return Screen(
        text, [[button(_SUBMIT[entry.purpose], step(entry, "submit"))], *in_rows(changes, 2), _end(entry)]
    )


_SUBMIT = {
    "file": "submit",
    "correct": "submit_again",
    "register": "submit_organization",
    "join": "join",
    "amend": "save_organization",
}


def _end(entry: Entry) -> Row:
    if entry.purpose == "correct":
        return [button("cancel_correction", step(entry, "cancel"))]
    if entry.purpose == "file":
        return [button("draft", step(entry, "later")), button("discard", step(entry, "discard"))]
    return [button("discard", step(entry, "discard!"))]
