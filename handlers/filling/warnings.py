"""What an answer gives cause to point out: a likely duplicate, an organization that is registered already."""

import forms
import templates
from forms.model import Field
from handlers.callbacks import Own
from handlers.filling.wizard_screens import step
from handlers.identity import Turn
from handlers.screens import Screen, button
from registration import duplicates, organizations
from registration.entries import Entry, read_answers
from storage.filing_queries import FilingItem

IDENTIFYING = ("name", "credit_code", "home")


async def after_answer(turn: Turn, entry: Entry, field: Field) -> Screen | None:
    """The warning after an answer to that field, None when there is nothing to say."""
    if entry.kind == "registration":
        return await _known(turn, entry, field) if field.name in IDENTIFYING else None
    if field.projection not in ("name", "region"):
        return None
    other = await duplicates.find_alike(turn.session, entry)
    return _alike(entry, other) if other else None


async def _known(turn: Turn, entry: Entry, field: Field) -> Screen | None:
    known = await organizations.find_known(turn.session, turn.catalog, entry)
    if known is None:
        return None
    if entry.purpose == "amend":
        return Screen(
            templates.render("organizations.known_elsewhere"),
            [[button("retype", step(entry, "edit", field))]],
        )
    rows = [
        [button("join", step(entry, "join"))],
        [button("retype", step(entry, "edit", field))],
    ]
    if known.credit_code is None or known.credit_code != entry.value("credit_code"):
        rows.append([button("namesake", step(entry, "namesake"))])
    return Screen(templates.render("organizations.known"), rows)


def _alike(entry: Entry, other: FilingItem) -> Screen:
    answers = read_answers(other.answers)
    region_field = duplicates.projected(entry.form, "region")
    region = answers.get(region_field)
    text = templates.render(
        "wizard.alike",
        name=duplicates.shown_name(entry.form, other.answers),
        region=forms.show(entry.form.field(region_field), region) if region else "",
        filed=other.state == "filed",
    )
    name_field = entry.form.field(duplicates.projected(entry.form, "name"))
    return Screen(
        text,
        [
            [button("go_on", step(entry, "go_on")), button("retype", step(entry, "edit", name_field))],
            [
                button("show_that", Own(act="open", id=other.id)),
                button("discard", step(entry, "discard")),
            ],
        ],
    )
