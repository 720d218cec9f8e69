"""The staff pages: figures of a scope, its filings one by one, who filed nothing. Read only."""

from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery

import divisions
import forms
import templates
from forms.model import Answer
from handlers.callbacks import Cast, Desk, Go
from handlers.filling.wizard_screens import shown
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.scopes import notice_in, notices_for, scope_of
from handlers.screens import Row, Screen, button, in_rows, show
from handlers.staff import desk_tables
from handlers.staff_words import scope_name
from notices.model import Notice
from registration import entries, overview, windows
from storage import obligations
from storage.scopes import Scope

router = Router(name="desk")
PAGE = 8
MISSING_PAGE = 20


async def first_overview(turn: Turn) -> Screen:
    """The figures of the person's widest scope, under the only notice or one they choose."""
    if not turn.actor.is_staff:
        return Screen(templates.render("desk.not_staff"), [[button("home", Go(to="home"))]])
    scope = turn.actor.scopes[0]
    notices = notices_for(turn, scope)
    if len(notices) == 1:
        return await figures(turn, notices[0], scope, 0)
    rows = [
        [button("text", Desk(act="overview", notice=item.key, scope=scope.code), text=item.short_title)]
        for item in notices
    ]
    text = "desk.choose_notice" if rows else "desk.nothing"
    return Screen(templates.render(text), [*rows, [button("home", Go(to="home"))]])


async def figures(turn: Turn, notice: Notice, scope: Scope, _page: int) -> Screen:
    """How many organizations registered and filed, by city or by county."""
    lines = await overview.lines(turn.session, turn.actor, notice, scope)
    text = templates.render(
        "desk.overview",
        place=scope_name(scope),
        code=scope.code,
        title=notice.short_title,
        closes=max(filing.window.closes for filing in notice.filings),
        lines=lines,
        organizations=sum(line.organizations for line in lines),
        filed=sum(line.filed_organizations for line in lines),
        filings=sum(line.filings for line in lines),
    )
    return Screen(text, [*_ways(notice, scope), *_places(turn, notice, scope, lines), _end()])


def _ways(notice: Notice, scope: Scope) -> list[Row]:
    def to(act: str) -> Desk:
        return Desk(act=act, notice=notice.key, scope=scope.code)

    return [
        [button("filings", to("filings")), button("missing", to("missing"))],
        [button("export", to("tables"))],
    ]


def _places(turn: Turn, notice: Notice, scope: Scope, lines: list[overview.Line]) -> list[Row]:
    """Ways into the cities of a province, and to a person's other scopes."""
    codes = [line.code for line in lines if line.code] if scope.role == "province" else []
    codes += [own.code for own in turn.actor.scopes if own != scope]
    buttons = [
        button(
            "text",
            Desk(act="overview", notice=notice.key, scope=code),
            text=divisions.get(code).name,
        )
        for code in dict.fromkeys(codes)
    ]
    return in_rows(buttons, 3)


def _end() -> Row:
    return [button("home", Go(to="home"))]


async def filings(turn: Turn, notice: Notice, scope: Scope, page: int) -> Screen:
    """A page of what is filed in a scope."""
    found, total = await overview.filed(
        turn.session, turn.actor, notice, scope, limit=PAGE, offset=page * PAGE
    )
    rows = [
        [
            button(
                "staff_row",
                Desk(act="filing", notice=notice.key, scope=scope.code, id=version.filing_id, page=page),
                name=version.name or notice.form(version.form).short_title,
                organization=organization.name,
            )
        ]
        for version, organization in found
    ]
    text = templates.render("desk.filings", place=scope_name(scope), total=total)
    turning = _turning("filings", notice, scope, page, more=(page + 1) * PAGE < total)
    return Screen(text, [*rows, turning, _back(notice, scope)])


async def missing(turn: Turn, notice: Notice, scope: Scope, page: int) -> Screen:
    """A page of organizations that registered and filed nothing."""
    found = await overview.missing(
        turn.session, turn.actor, notice, scope, limit=MISSING_PAGE + 1, offset=page * MISSING_PAGE
    )
    muted = await obligations.muted_organizations(turn.session, [item.id for item in found], notice.slug)
    text = templates.render(
        "desk.missing",
        place=scope_name(scope),
        rows=found[:MISSING_PAGE],
        first=page * MISSING_PAGE,
        muted=muted,
    )
    turning = _turning("missing", notice, scope, page, more=len(found) > MISSING_PAGE)
    chase = [button("chase", Cast(act="chase", notice=notice.key, scope=scope.code))] if found else []
    return Screen(text, [turning, chase, _back(notice, scope)])


def _turning(act: str, notice: Notice, scope: Scope, page: int, *, more: bool) -> Row:
    def to(number: int) -> Desk:
        return Desk(act=act, notice=notice.key, scope=scope.code, page=number)

    row: Row = [button("previous_page", to(page - 1))] if page > 0 else []
    return [*row, button("next_page", to(page + 1))] if more else row


def _back(notice: Notice, scope: Scope) -> Row:
    return [button("overview", Desk(act="overview", notice=notice.key, scope=scope.code)), *_end()]


async def card(turn: Turn, data: Desk) -> Screen:
    """One filed filing with the person's own words beside the values."""
    filing, version, organization = await overview.seen(turn.session, turn.actor, turn.catalog, data.id)
    notice, form = windows.find_form(turn.catalog, filing.notice, filing.form)
    answers = entries.read_answers(version.answers)
    lines = []
    for field in forms.relevant_fields(form, answers):
        answer = answers.get(field.name, Answer(None))
        value = shown(field, answer)
        # The person's own words matter where the value does not simply repeat them, as shown or as stored.
        raw = "" if answer.raw in value or answer.raw == str(answer.value) else answer.raw
        lines.append({"label": field.label, "value": value, "raw": raw})
    text = templates.render(
        "desk.filing",
        title=form.title,
        organization=organization,
        verified=organization.verified_at is not None,
        version=version.version,
        filed_at=version.filed_at,
        lines=lines,
    )
    scope = scope_of(data.scope) if data.scope else turn.actor.scopes[0]
    back = Desk(act="filings", notice=notice.key, scope=scope.code, page=data.page)
    return Screen(text, [[button("list", back), *_end()]])


PAGES = {"overview": figures, "filings": filings, "missing": missing}


@router.callback_query(Desk.filter())
async def on_desk(query: CallbackQuery, callback_data: Desk, turn: Turn, real_now: datetime) -> list[Reply]:
    """A staff page asked for by button."""
    if callback_data.act == "filing":
        return show(query, await card(turn, callback_data))
    if callback_data.act in PAGES and not callback_data.notice:
        return show(query, await first_overview(turn))
    if callback_data.act in PAGES:
        scope = scope_of(callback_data.scope)
        notice = notice_in(turn, callback_data.notice, scope)
        return show(query, await PAGES[callback_data.act](turn, notice, scope, callback_data.page))
    return await desk_tables.on_tables(query, callback_data, turn, real_now)
