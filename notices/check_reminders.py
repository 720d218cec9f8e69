"""Checking reminders: dates, audiences and texts that exist, at hours at which people may be written to."""

from collections import Counter
from collections.abc import Iterator

import templates
from notices.model import Notice
from notices.packs import Problem
from notices.reminders import Reminder

FILE = "reminders.yaml"
OF_FORMS = ("nothing_filed", "draft_only", "owing", "all_filed")


def check_reminders(notice: Notice) -> Iterator[Problem]:
    """What would never fire, never find anybody, or wake people at night."""
    phases = {phase.name for phase in notice.phases}
    names = Counter(reminder.name for reminder in notice.reminders.ladder)
    yield from (
        Problem(FILE, f"ladder.{name}", "the name appears twice") for name in names if names[name] > 1
    )
    for index, reminder in enumerate(notice.reminders.ladder):
        key = f"ladder.{index}"
        if reminder.form and reminder.form not in {filing.form for filing in notice.filings}:
            yield Problem(FILE, f"{key}.form", f"nobody files a form {reminder.form!r}")
        if reminder.phase and reminder.phase not in phases:
            yield Problem(FILE, f"{key}.phase", f"there is no phase {reminder.phase!r}")
        if reminder.phase and reminder.audience in OF_FORMS:
            yield Problem(FILE, f"{key}.audience", f"{reminder.audience!r} is told by a form, not by a phase")
        if notice.reminders.quiet.holds_at(reminder.at):
            yield Problem(FILE, f"{key}.at", f"{reminder.at:%H:%M} lies in the quiet hours")
        if not templates.has(f"reminders.{reminder.template}"):
            yield Problem(FILE, f"{key}.template", f"there is no text {reminder.template!r}")
        elif reminder.template not in _texts_for(reminder):
            fit = " or ".join(map(repr, _texts_for(reminder)))
            yield Problem(FILE, f"{key}.template", f"{reminder.template!r} does not fit here, only {fit}")


def _texts_for(reminder: Reminder) -> tuple[str, ...]:
    """The texts that find what they speak of: a phase, the figures of staff, or what organizations owe."""
    if reminder.phase:
        return ("phase_begins",) if reminder.edge == "starts" else ("phase_ends",)
    return ("staff",) if reminder.audience == "staff" else ("owing", "filed", "overdue")
