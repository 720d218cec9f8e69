"""A letter to one of many as a message: its text, and buttons that open just what it speaks of."""

from datetime import datetime
from functools import cache
from typing import Any

import templates
from handlers.callbacks import Begin, Desk, Notices, Own, Remind
from handlers.screens import Row, Screen, button
from handlers.staff_words import scope_name
from reminders.ladder import days_left, deadline, fired_by
from reminders.letters import Letter
from reminders.owing import Owed

MOST_BUTTONS = 5


def compose(letter: Letter, now: datetime) -> Screen:
    """What the recipient reads at `now`."""
    if letter.broadcast.kind == "letter":
        sender = scope_name(letter.audience.scope)
        words = {"sender": sender, "text": letter.broadcast.text}
        return Screen(templates.render("reminders.letter", letter=words))
    moment = _moment(letter)
    template = letter.broadcast.template or ("overdue" if now > moment else "owing")
    text = templates.render(f"reminders.{template}", letter=_words(letter, moment, now))
    return Screen(text, _ways(letter, template))


def _moment(letter: Letter) -> datetime:
    """The date the letter speaks of."""
    notice, audience = letter.notice, letter.audience
    reminder = fired_by(notice, letter.broadcast.key)
    if reminder is not None:
        return deadline(notice, reminder)
    if audience.form:
        return notice.filing(audience.form).window.closes
    if letter.owed:
        return min(item.closes for item in letter.owed)
    return letter.broadcast.useful_until or letter.broadcast.due_at


def _words(letter: Letter, moment: datetime, now: datetime) -> dict[str, Any]:
    form = letter.audience.form or (letter.owed[0].form.name if letter.owed else "")
    reminder = fired_by(letter.notice, letter.broadcast.key)
    return {
        "phase": letter.notice.phase(reminder.phase) if reminder and reminder.phase else None,
        "days": days_left(moment, now),
        "closes": moment,
        "form": letter.notice.form(form).title if form else "",
        "notice": letter.notice.citation,
        "owed": _unfinished_first(letter.owed),
        "figures": [
            {"place": scope_name(item.scope), "organizations": item.organizations, "filed": item.filed}
            for item in letter.figures
        ],
        "contact": letter.notice.contact,
    }


def _unfinished_first(owed: tuple[Owed, ...]) -> list[Owed]:
    order = {"nothing": 0, "draft": 1, "filed": 2}
    return sorted(owed, key=lambda item: order[item.state])


def _ways(letter: Letter, template: str) -> list[Row]:
    notice = letter.notice
    mute = _mute(notice.key)
    read = [button("read_notice", Notices(act="open", notice=notice.key))]
    if letter.broadcast.kind == "report" and not letter.figures:
        return [read]
    if letter.figures:
        return [
            [
                button(
                    "missing_in",
                    Desk(act="missing", notice=notice.key, scope=item.scope.code),
                    place=scope_name(item.scope),
                )
            ]
            for item in letter.figures[:MOST_BUTTONS]
        ]
    if template == "overdue":
        return [read, mute]
    if template == "filed":
        return [[button("mine", Own(act="list"))], mute]
    return [*ways_to_file(letter), mute]


@cache
def _mute(notice_key: str) -> Row:
    """Under every letter of a notice the same."""
    return [button("mute", Remind(act="mute", notice=notice_key))]


def ways_to_file(letter: Letter) -> list[Row]:
    """A button for each organization that owes something: its draft, or a new form."""
    return [way_to(letter.notice.key, letter.notice.forms.index(item.form), item) for item in _open(letter)]


def _open(letter: Letter) -> list[Owed]:
    return [item for item in _unfinished_first(letter.owed) if item.state != "filed"][:MOST_BUTTONS]


def way_to(notice_key: str, place: int, item: Owed) -> Row:
    """Opens the draft, or begins the form for that organization."""
    if item.draft_id:
        return [button("resume_for", Own(act="resume", id=item.draft_id), name=item.organization)]
    start = Begin(notice=notice_key, form=place, organization=item.organization_id)
    return [button("file_for", start, name=item.organization)]
