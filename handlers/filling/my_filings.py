"""我的填报: one's drafts and filings, opened, corrected, withdrawn, copied."""

from aiogram import Router
from aiogram.types import CallbackQuery

import forms
import templates
from forms.model import Answer, Answers, Form
from handlers.callbacks import Go, Own
from handlers.filling import finishing, own_tables, wizard
from handlers.filling.wizard_screens import shown
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Row, Screen, button, show
from registration import duplicates, entries, filings, organizations, windows
from storage.filing_queries import FilingItem

router = Router(name="my filings")
PAGE = 8


async def first_page(turn: Turn) -> Screen:
    """The list, from its beginning."""
    return await list_page(turn, 0)


async def list_page(turn: Turn, number: int) -> Screen:
    """One page of the list: drafts first, then the newest."""
    found, total = await filings.page(turn.session, turn.actor, limit=PAGE, offset=number * PAGE)
    rows: list[Row] = [
        [button("filing", Own(act="open", id=item.id), state=item.state, name=_name(turn, item))]
        for item in found
    ]
    turning: Row = []
    if number > 0:
        turning.append(button("previous_page", Own(act="list", page=number - 1)))
    if (number + 1) * PAGE < total:
        turning.append(button("next_page", Own(act="list", page=number + 1)))
    end = [button("file", Go(to="file")), button("home", Go(to="home"))]
    text = templates.render("filing.list", count=total)
    return Screen(text, [*rows, turning, await own_tables.way_in(turn), end])


def _name(turn: Turn, filing: FilingItem) -> str:
    _, form = windows.find_form(turn.catalog, filing.notice, filing.form)
    return duplicates.shown_name(form, filing.answers) or templates.plain("filing.unnamed")


async def card(turn: Turn, filing_id: int) -> Screen:
    """One filing with what may be done to it now."""
    filing = await filings.own(turn.session, turn.actor, filing_id)
    notice, form = windows.find_form(turn.catalog, filing.notice, filing.form)
    window = notice.filing(form.name).window
    answers = entries.read_answers(await filings.answers_that_count(turn.session, filing))
    text = templates.render(
        "filing.opened",
        title=form.title,
        owner=await organizations.name_of(turn.session, filing.organization_id),
        lines=[
            {"label": item.label, "value": shown(item, answers.get(item.name, Answer(None)))}
            for item in forms.relevant_fields(form, answers)
        ],
        state=filing.state,
        correcting=filing.correcting,
        version=filing.version,
        filed_at=filing.filed_at,
        open=window.open_at(turn.now),
        closes=window.closes,
    )
    return Screen(text, _ways(filing, open_now=window.open_at(turn.now)))


def _ways(filing: FilingItem, *, open_now: bool) -> list[Row]:
    number = filing.id
    back = [button("list", Own(act="list")), button("home", Go(to="home"))]
    if not open_now:
        return [_past(filing), back]
    copy = button("copy", Own(act="copy", id=number))
    if filing.state == "withdrawn":
        return [[copy], back]
    if filing.state == "draft" or filing.correcting:
        give_up = button(
            "cancel_correction" if filing.correcting else "discard", Own(act="discard", id=number)
        )
        return [[button("resume", Own(act="resume", id=number)), give_up], back]
    change = [
        button("correct", Own(act="correct", id=number)),
        button("withdraw", Own(act="withdraw", id=number)),
    ]
    return [change, [copy, *_past(filing)], back]


def _past(filing: FilingItem) -> Row:
    return [button("history", Own(act="history", id=filing.id))] if filing.version > 1 else []


async def _history(turn: Turn, filing_id: int) -> Screen:
    """Every submitted version with what it changed."""
    filing = await filings.own(turn.session, turn.actor, filing_id)
    _, form = windows.find_form(turn.catalog, filing.notice, filing.form)
    before: Answers = {}
    told = []
    for row in await filings.versions(turn.session, turn.actor, filing_id):
        after = entries.read_answers(row.answers)
        changes = _changes(form, before, after) if before else []
        told.append({"version": row.version, "filed_at": row.filed_at, "changes": changes})
        before = after
    text = templates.render("filing.history", name=_name(turn, filing), versions=told[::-1])
    return Screen(text, [[button("list", Own(act="list")), button("home", Go(to="home"))]])


def _changes(form: Form, before: Answers, after: Answers) -> list[dict[str, str]]:
    nothing = Answer(None)
    return [
        {
            "label": item.label,
            "before": shown(item, before.get(item.name, nothing)),
            "after": shown(item, after.get(item.name, nothing)),
        }
        for item in form.fields
        if before.get(item.name, nothing).value != after.get(item.name, nothing).value
    ]


async def _correct(turn: Turn, filing_id: int) -> Screen:
    entry = await filings.correct(turn.session, turn.actor, turn.catalog, filing_id, turn.now)
    return await wizard.proceed(turn, entry)


async def _resume(turn: Turn, filing_id: int) -> Screen:
    entry = await entries.find_entry(turn.session, turn.actor, turn.catalog, "filing", filing_id)
    if entry is None or entry.notice is None:
        return await card(turn, filing_id)
    windows.require_open(entry.notice, entry.form, turn.now)
    return await wizard.proceed(turn, entry)


async def _copy(turn: Turn, filing_id: int) -> Screen:
    entry = await filings.copy(turn.session, turn.actor, turn.catalog, filing_id, turn.now)
    source = await filings.own(turn.session, turn.actor, filing_id)
    said = templates.render("filing.copied", name=_name(turn, source))
    return (await wizard.proceed(turn, entry)).under(said)


async def _discard(turn: Turn, filing_id: int) -> Screen:
    entry = await entries.find_entry(turn.session, turn.actor, turn.catalog, "filing", filing_id)
    return await finishing.give_up(turn, entry) if entry else await card(turn, filing_id)


async def _ask_withdrawal(turn: Turn, filing_id: int) -> Screen:
    filing = await filings.own(turn.session, turn.actor, filing_id)
    windows.require_open(*windows.find_form(turn.catalog, filing.notice, filing.form), turn.now)
    rows = [
        [button("withdraw_really", Own(act="withdraw!", id=filing_id))],
        [button("keep_filed", Own(act="open", id=filing_id))],
    ]
    return Screen(templates.render("filing.withdraw", name=_name(turn, filing)), rows)


async def _withdraw(turn: Turn, filing_id: int) -> Screen:
    filing = await filings.withdraw(turn.session, turn.actor, turn.catalog, filing_id, turn.now)
    rows = [[button("list", Own(act="list")), button("home", Go(to="home"))]]
    return Screen(templates.render("filing.withdrawn", name=_name(turn, filing)), rows)


ACTS = {
    "open": card,
    "correct": _correct,
    "resume": _resume,
    "copy": _copy,
    "discard": _discard,
    "history": _history,
    "withdraw": _ask_withdrawal,
    "withdraw!": _withdraw,
}


@router.callback_query(Own.filter())
async def on_own(query: CallbackQuery, callback_data: Own, turn: Turn) -> list[Reply]:
    """A page of the list, or one filing."""
    act = ACTS.get(callback_data.act)
    if act is None:
        return show(query, await list_page(turn, callback_data.page))
    return show(query, await act(turn, callback_data.id))
