"""What an organization filed, as the notice's own table to print and seal."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.methods import SendDocument
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Go, Own, OwnTable
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Reply, stored
from handlers.screens import Row, Screen, button, chat_of, send, show, toast
from notices.model import Notice
from notices.tables import DetailTable
from registration import filings, organizations
from registration.refusals import NotYours
from storage import jobs
from storage.organizations import OrganizationItem

router = Router(name="own tables")
OWN_TABLE = "own_table"


@dataclass(frozen=True, slots=True)
class Printable:
    """A table in which an organization has rows."""

    notice: Notice
    number: int
    organization: OrganizationItem

    @property
    def table(self) -> DetailTable:
        """The table itself."""
        table = self.notice.tables[self.number]
        assert isinstance(table, DetailTable)
        return table

    @property
    def callback(self) -> OwnTable:
        """Its button's data."""
        return OwnTable(notice=self.notice.key, table=self.number, organization=self.organization.id)


async def printables(turn: Turn) -> list[Printable]:
    """Every table in which an organization of the person's has rows."""
    filed = await filings.filed_forms(turn.session, turn.actor)
    own = await organizations.all_own(turn.session, turn.actor) if filed else []
    return [
        Printable(notice, number, organization)
        for organization in own
        for notice in turn.catalog.notices
        for number, table in enumerate(notice.tables)
        if isinstance(table, DetailTable) and (organization.id, notice.slug, table.form) in filed
    ]


async def way_in(turn: Turn) -> Row:
    """The button that leads here; nothing for who has filed nothing."""
    found = await printables(turn)
    if len(found) == 1:
        return [button("print_own", found[0].callback)]
    return [button("print_own", Go(to="print"))] if found else []


async def choose(turn: Turn) -> Screen:
    """Which table of which organization."""
    found = await printables(turn)
    rows = [
        [button("text", item.callback, text=f"{item.organization.name} {item.table.short_title}")]
        for item in found
    ]
    end = [button("mine", Own(act="list")), button("home", Go(to="home"))]
    text = templates.render("filing.print_which" if found else "filing.print_nothing")
    return Screen(text, [*rows, end])


@router.callback_query(OwnTable.filter())
async def on_own_table(
    query: CallbackQuery, callback_data: OwnTable, turn: Turn, real_now: datetime
) -> list[Reply]:
    """A table was chosen: it comes when its job is done."""
    turn.actor.require_member(callback_data.organization)
    chosen = next((item for item in await printables(turn) if item.callback == callback_data), None)
    if chosen is None:
        return show(query, await choose(turn))
    if query.bot is None:
        raise NotYours
    payload = {
        "notice": chosen.notice.slug,
        "table": chosen.table.name,
        "organization": chosen.organization.id,
    }
    chat_id = chat_of(query)
    await jobs.enqueue(turn.session, OWN_TABLE, payload, bot_id=query.bot.id, chat_id=chat_id, now=real_now)
    text = templates.render("desk.building", table=chosen.table.short_title, place=chosen.organization.name)
    return [toast(query), send(chat_id, Screen(text))]


async def on_printed(job: JobResult, turn: Turn) -> list[Reply]:
    """Sends the finished workbook, if the person still acts for the organization."""
    turn.actor.require_member(job.payload["organization"])
    name = await organizations.name_of(turn.session, job.payload["organization"])
    table = turn.catalog.notice(job.payload["notice"]).table(job.payload["table"])
    words = {"table": table.short_title, "place": name}
    chat_id = turn.actor.person.chat_id
    if job.failed:
        return [send(chat_id, Screen(templates.render("desk.failed", **words)))]
    caption = templates.render("filing.printed", made=turn.now, **words)
    return [
        SendDocument(chat_id=chat_id, document=stored(job.result["file"]), caption=caption, parse_mode="HTML")
    ]
