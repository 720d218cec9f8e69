"""A letter to one of many as a message: its text, and buttons that open just what it speaks of."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
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


@dataclass(slots=True)
class Writer:
    """Writes letters of the moment `now`; of those that differ in organizations' names one is rendered."""

    now: datetime
    _rendered: dict[Hashable, tuple[str, str]] = field(default_factory=dict)

    def compose(self, letter: Letter) -> Screen:
        """What the recipient reads."""
        owed = _unfinished_first(letter.owed)
        standing = tuple((item.form.name, item.state, item.missing, item.filed) for item in owed)
        like = letter.broadcast.id, letter.figures, standing
        if like not in self._rendered:
            nameless = [replace(item, organization=templates.SLOT) for item in owed]
            self._rendered[like] = _render(letter, nameless, self.now)
        template, text = self._rendered[like]
        names = [item.organization for item in owed]
        return Screen(templates.fill(text, names) if names else text, _ways(letter, owed, template))


def _render(letter: Letter, owed: Sequence[Owed], now: datetime) -> tuple[str, str]:
    """The template and what it makes of the letter."""
    if letter.broadcast.kind == "letter":
        words = {"sender": scope_name(letter.broadcast.audience.scope), "text": letter.broadcast.text}
        return "letter", templates.render("reminders.letter", letter=words)
    moment = _moment(letter)
    template = letter.broadcast.template or ("overdue" if now > moment else "owing")
    return template, templates.render(f"reminders.{template}", letter=_words(letter, owed, moment, now))


def _moment(letter: Letter) -> datetime:
    """The date the letter speaks of."""
    notice, audience = letter.notice, letter.broadcast.audience
    reminder = fired_by(notice, letter.broadcast.key)
    if reminder is not None:
        return deadline(notice, reminder)
    if audience.form:
        return notice.filing(audience.form).window.closes
    if letter.owed:
        return min(item.closes for item in letter.owed)
    return letter.broadcast.useful_until or letter.broadcast.due_at


def _words(letter: Letter, owed: Sequence[Owed], moment: datetime, now: datetime) -> dict[str, Any]:
    form = letter.broadcast.audience.form or (letter.owed[0].form.name if letter.owed else "")
    reminder = fired_by(letter.notice, letter.broadcast.key)
    return {
        "phase": letter.notice.phase(reminder.phase) if reminder and reminder.phase else None,
        "days": days_left(moment, now),
        "closes": moment,
        "form": letter.notice.form(form).title if form else "",
        "notice": letter.notice.citation,
        "owed": owed,
        "figures": [
            {"place": scope_name(item.scope), "organizations": item.organizations, "filed": item.filed}
            for item in letter.figures
        ],
        "contact": letter.notice.contact,
    }


def _unfinished_first(owed: tuple[Owed, ...]) -> list[Owed]:
    order = {"nothing": 0, "draft": 1, "filed": 2}
    return sorted(owed, key=lambda item: order[item.state])


def _ways(letter: Letter, owed: Sequence[Owed], template: str) -> list[Row]:
    if template == "letter":
        return []
    notice = letter.notice
    mute = _mute(notice.key)
    read = _read(notice.key)
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
        drafts = [way_to(notice.key, 0, item) for item in letter.owed if item.draft_id]
        return [*drafts[:MOST_BUTTONS], [button("mine", Own(act="list"))], mute]
    return [*_ways_to_file(letter, owed), mute]


# Under every letter of a notice the same.
@cache
def _read(notice_key: str) -> Row:
    return [button("read_notice", Notices(act="open", notice=notice_key))]


@cache
def _mute(notice_key: str) -> Row:
    return [button("mute", Remind(act="mute", notice=notice_key))]


def _ways_to_file(letter: Letter, owed: Sequence[Owed]) -> list[Row]:
    """A button for each organization that owes something: its draft, or a new form."""
    unfinished = [item for item in owed if item.state != "filed"][:MOST_BUTTONS]
    return [way_to(letter.notice.key, letter.notice.forms.index(item.form), item) for item in unfinished]


def way_to(notice_key: str, place: int, item: Owed) -> Row:
    """Opens the draft, or begins the form for that organization."""
    if item.draft_id:
        return [button("resume_for", Own(act="resume", id=item.draft_id), name=item.organization)]
    start = Begin(notice=notice_key, form=place, organization=item.organization_id)
    return [button("file_for", start, name=item.organization)]
