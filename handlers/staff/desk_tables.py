"""Exporting a notice's tables: which table, of which place; the workbook comes when its job is done."""

from datetime import datetime
from typing import Any

from aiogram.methods import SendDocument
from aiogram.types import CallbackQuery

import divisions
import templates
from handlers.callbacks import Desk, Go
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Reply, stored
from handlers.scopes import notice_in, notice_of, notices_for, scope_of
from handlers.screens import Row, Screen, button, chat_of, in_rows, send, show
from handlers.staff_words import scope_name
from notices.model import Notice
from registration.refusals import NotYours
from storage import jobs
from storage.scopes import Scope

EXPORT = "export"


async def first_tables(turn: Turn) -> Screen:
    """The tables of every notice in the person's scopes."""
    if not turn.actor.is_staff:
        return Screen(templates.render("desk.not_staff"), [[button("home", Go(to="home"))]])
    notices = dict.fromkeys(notice for scope in turn.actor.scopes for notice in notices_for(turn, scope))
    rows = [row for notice in notices for row in _table_rows(notice, "")]
    text = "desk.tables" if rows else "desk.nothing"
    return Screen(templates.render(text), [*rows, [button("home", Go(to="home"))]])


def _table_rows(notice: Notice, scope: str) -> list[Row]:
    act = "build" if scope else "places"
    return [
        [
            button(
                "text",
                Desk(act=act, notice=notice.key, scope=scope, table=number),
                text=table.short_title,
            )
        ]
        for number, table in enumerate(notice.tables)
    ]


def _places(turn: Turn, notice: Notice, number: int) -> Screen:
    """The places a person may export a table of: the province and its cities, or their own city."""
    if not 0 <= number < len(notice.tables):
        raise NotYours
    table = notice.tables[number]
    editions = {edition.scope for edition in table.editions}
    codes: list[str] = []
    for scope in turn.actor.scopes:
        codes.append(scope.code)
        if scope.role == "province":
            codes += [item.code for item in divisions.children(scope.code) if item.level == "city"]
    buttons = [
        button(
            "whole" if scope_of(code).role == "province" else "text",
            Desk(act="build", notice=notice.key, scope=code, table=number),
            **{"name" if scope_of(code).role == "province" else "text": divisions.get(code).name},
        )
        for code in dict.fromkeys(codes)
        if scope_of(code).role in editions
    ]
    text = templates.render("desk.places", table=table.short_title)
    return Screen(text, [*in_rows(buttons, 3), [button("home", Go(to="home"))]])


async def on_tables(query: CallbackQuery, data: Desk, turn: Turn, real_now: datetime) -> list[Reply]:
    """A step towards a table."""
    if not data.notice:
        return show(query, await first_tables(turn))
    if data.act == "build":
        return await _build(query, data, turn, real_now)
    notice = notice_of(turn, data.notice)
    if data.act == "places" and len(turn.actor.scopes) == 1 and turn.actor.scopes[0].role == "city":
        only = Desk(act="build", notice=data.notice, scope=turn.actor.scopes[0].code, table=data.table)
        return await _build(query, only, turn, real_now)
    if data.act == "places":
        return show(query, _places(turn, notice, data.table))
    turn.actor.require_scope(scope_of(data.scope))
    rows = _table_rows(notice, data.scope)
    return show(query, Screen(templates.render("desk.tables"), [*rows, [button("home", Go(to="home"))]]))


async def _build(query: CallbackQuery, data: Desk, turn: Turn, real_now: datetime) -> list[Reply]:
    scope = scope_of(data.scope)
    turn.actor.require_scope(scope)
    notice = notice_in(turn, data.notice, scope)
    if not 0 <= data.table < len(notice.tables) or query.bot is None:
        raise NotYours
    table = notice.tables[data.table]
    payload: dict[str, Any] = {
        "notice": notice.slug,
        "table": table.name,
        "role": scope.role,
        "scope": scope.code,
    }
    await jobs.enqueue(
        turn.session, EXPORT, payload, bot_id=query.bot.id, chat_id=chat_of(query), now=real_now
    )
    text = templates.render("desk.building", table=table.short_title, place=scope_name(scope))
    return show(query, Screen(text))


async def on_exported(job: JobResult, turn: Turn) -> list[Reply]:
    """Sends the finished workbook, if the person still may have it."""
    notice = turn.catalog.notice(job.payload["notice"])
    table = notice.table(job.payload["table"])
    scope = Scope(job.payload["role"], job.payload["scope"])
    turn.actor.require_scope(scope)
    words = {"table": table.short_title, "place": scope_name(scope)}
    if job.failed:
        return [send(turn.actor.person.chat_id, Screen(templates.render("desk.failed", **words)))]
    return [
        SendDocument(
            chat_id=turn.actor.person.chat_id,
            document=stored(job.result["file"]),
            caption=templates.render("desk.built", made=turn.now, **words),
            parse_mode="HTML",
        )
    ]
