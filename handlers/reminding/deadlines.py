"""/deadlines: what a person owes, by when, what is overdue; and muting a notice's reminders."""

from datetime import datetime
from itertools import groupby
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Desk, Go, Remind
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.reminding.letters import MOST_BUTTONS, way_to
from handlers.scopes import notice_of, notices_for, notices_of
from handlers.screens import Row, Screen, button, send, show, toast
from handlers.staff_words import scope_name
from registration import overview
from reminders import owing
from reminders.ladder import days_left
from reminders.owing import Duty
from storage import obligations

router = Router(name="deadlines")


async def index(turn: Turn) -> Screen:
    """Everything with a date, the nearest first."""
    duties = await owing.duties(turn.session, turn.actor.id, turn.catalog)
    staff, phases = await _staff(turn), _phases(turn)
    text = templates.render(
        "reminders.deadlines",
        duties=[{"muted": duty.muted, "groups": _groups(duty, turn.now)} for duty in duties],
        staff=staff,
        phases=phases,
    )
    rows = [row for duty in duties for row in _ways(duty, turn.now)]
    rows += [[button("missing_in", item["way"], place=item["place"])] for item in staff if item["missing"]]
    if not duties and not staff and not phases:
        rows.append([button("register", Go(to="register"))])
    return Screen(text, [*rows, [button("home", Go(to="home"))]])


def _groups(duty: Duty, now: datetime) -> list[dict[str, Any]]:
    found = []
    for form, items in groupby(duty.owed, key=lambda item: item.form):
        owed = list(items)
        found.append(
            {
                "form": form.title,
                "closes": owed[0].closes,
                "days": days_left(owed[0].closes, now)
                if now <= owed[0].closes
                else min(-1, days_left(owed[0].closes, now)),
                "owing": any(item.state != "filed" for item in owed),
                "owed": owed,
            }
        )
    return found


def _ways(duty: Duty, now: datetime) -> list[Row]:
    notice = duty.notice
    owed = [item for item in duty.owed if item.state != "filed" and now <= item.closes][:MOST_BUTTONS]
    rows = [way_to(notice.key, notice.forms.index(item.form), item) for item in owed]
    act = "unmute" if duty.muted else "mute"
    if not duty.muted and all(now > item.closes for item in duty.owed):
        return rows
    return [*rows, [button(act, Remind(act=act, notice=notice.key))]]


async def _staff(turn: Turn) -> list[dict[str, Any]]:
    found = []
    for scope in turn.actor.scopes:
        for notice in notices_for(turn, scope):
            lines = await overview.lines(turn.session, turn.actor, notice, scope)
            closes = max(filing.window.closes for filing in notice.filings)
            found.append(
                {
                    "place": scope_name(scope),
                    "title": notice.short_title,
                    "closes": closes,
                    "days": days_left(closes, turn.now),
                    "missing": sum(line.organizations - line.filed_organizations for line in lines),
                    "way": Desk(act="missing", notice=notice.key, scope=scope.code),
                }
            )
    return found


def _phases(turn: Turn) -> list[dict[str, Any]]:
    """The phases of the notices of a person's provinces, which are the work of staff."""
    mine = {notice.slug: notice for scope in turn.actor.scopes for notice in notices_of(turn, scope)}
    return [
        {
            "title": notice.short_title,
            "phases": [
                {
                    "title": phase.title,
                    "printed": phase.printed,
                    "begins": days_left(phase.starts, turn.now),
                    "ends": days_left(phase.ends, turn.now),
                }
                for phase in notice.phases
            ],
        }
        for notice in mine.values()
        if notice.phases
    ]


@router.callback_query(Remind.filter())
async def on_remind(query: CallbackQuery, callback_data: Remind, turn: Turn) -> list[Reply]:
    """Reminders of a notice switched off, or on again."""
    notice = notice_of(turn, callback_data.notice)
    if callback_data.act == "mute":
        await obligations.mute(turn.session, turn.actor.id, notice.slug, turn.now)
        text = templates.render("reminders.muted", title=notice.short_title)
        rows = [[button("unmute", Remind(act="unmute", notice=notice.key))], [button("home", Go(to="home"))]]
        return [toast(query), send(turn.actor.person.chat_id, Screen(text, rows))]
    await obligations.unmute(turn.session, turn.actor.id, notice.slug)
    said = templates.render("reminders.unmuted", title=notice.short_title)
    return show(query, (await index(turn)).under(said))
