"""Offers to go on with what lies unfinished."""

import forms
import templates
from handlers.callbacks import Go
from handlers.filling.finishing import name_in
from handlers.filling.wizard_screens import step
from handlers.screens import Screen, button
from registration.entries import Entry


def offer(entry: Entry) -> Screen:
    """Says what is unfinished and where it stopped."""
    pending = entry.pending
    if pending is None:
        stopped = templates.plain("wizard.resume_card")
    else:
        place = forms.position(entry.form, entry.answers, pending.name)
        stopped = templates.plain("wizard.resume_step", number=place.number, total=place.total)
    text = templates.render("wizard.resume", title=entry.form.short_title, name=name_in(entry), step=stopped)
    rows = [[button("resume", step(entry, "go_on"))], [button("home", Go(to="home"))]]
    return Screen(text, rows)
