"""Filing many projects through one workbook: the template, and what is sent in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Document, Message

import forms
import templates
from handlers import asked
from handlers.callbacks import Batch, Go
from handlers.filling import wizard
from handlers.identity import Turn
from handlers.outgoing import Outgoing, Reply
from handlers.screens import Row, Screen, button, chat_of, replace_card, say, send, show, toast
from imports.tasks import table_for
from notices.tables import DetailTable
from registration import organizations, windows
from registration.refusals import NotYours
from registration.windows import Offer
from storage import jobs
from storage.organizations import OrganizationItem

router = Router(name="uploads")
TEMPLATE, READ = "template", "read_upload"
LARGEST = 20 * 1024 * 1024
"""Bytes the Bot API lets a bot download (Bot API, getFile)."""

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".ods")
WAITING = "document"


@dataclass(frozen=True, slots=True)
class Way:
    """A form an organization may file through a workbook."""

    offer: Offer
    organization: OrganizationItem
    table: DetailTable

    def callback(self, act: str) -> Batch:
        """A button's data for this way."""
        place = self.offer.notice.forms.index(self.offer.form)
        return Batch(act=act, notice=self.offer.notice.key, form=place, organization=self.organization.id)

    def payload(self) -> dict[str, Any]:
        """How a job is told of it."""
        return {
            "notice": self.offer.notice.slug,
            "form": self.offer.form.name,
            "organization": self.organization.id,
        }


async def ways(turn: Turn) -> list[Way]:
    """Every form a table may be sent in for now, by every organization of the person's.

    Raises what stands in the way of filing anything (NoticeClosed and the like).
    """
    own = await organizations.all_own(turn.session, turn.actor)
    offers = (
        windows.require_offers(turn.catalog, turn.now, frozenset(item.kind for item in own)) if own else []
    )
    return list(_ways(offers, own))


def _ways(offers: list[Offer], own: list[OrganizationItem]) -> Iterator[Way]:
    for offer in offers:
        table = table_for(offer.notice, offer.form)
        for organization in own:
            if table is not None and organization.kind in offer.filing.filers:
                yield Way(offer, organization, table)


def _label(way: Way, among: list[Way]) -> str:
    """What tells a way from the others."""
    several = len({item.offer.form.name for item in among}) > 1
    return f"{way.organization.name} {way.table.short_title}" if several else way.organization.name


async def first_page(turn: Turn) -> Screen:
    """What can be done with a workbook, and its template for each organization."""
    found = await ways(turn)
    home = [button("home", Go(to="home"))]
    if not found:
        return Screen(templates.render("uploads.no_table"), [[button("file", Go(to="file"))], home])
    if len(found) == 1:
        rows: list[Row] = [[button("template", found[0].callback("template"))]]
    else:
        rows = [[button("template_for", way.callback("template"), name=_label(way, found))] for way in found]
    return Screen(templates.render("uploads.ways"), [*rows, home])


class SentTable(BaseFilter):
    """Passes for a file that may be a table: in the middle of a form only where it looks like one."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        document = message.document
        if document is None:
            return False
        before = await asked.recall(turn.state)
        entry = await wizard.recalled(turn, before) if before else None
        if before and entry:
            known = {item.name: item for item in forms.relevant_fields(entry.form, entry.answers)}
            field = known.get(before.field)
            if (field and field.type == "file") or not _looks_like_table(document):
                return False
        return {"document": document}


def _looks_like_table(document: Document) -> bool:
    mime = document.mime_type or ""
    return (document.file_name or "").lower().endswith(ENDINGS) or "sheet" in mime or "excel" in mime


@router.message(SentTable())
async def on_document(message: Message, document: Document, turn: Turn, real_now: datetime) -> list[Reply]:
    """A file arrived: it is read for the only organization and form, or for those the person chooses."""
    turn.actor.require_consent()
    name = shown_name(document)
    if (document.file_size or 0) > LARGEST:
        why = templates.render("uploads.too_big", megabytes=LARGEST >> 20)
        return show(message, Screen(templates.render("uploads.unreadable", name=name, why=why)))
    found = await ways(turn)
    if not found:
        return show(message, await first_page(turn))
    file = {"id": document.file_id, "name": name, "message": message.message_id}
    if len(found) > 1:
        await turn.state.update_data({WAITING: file})
        rows = [[button("text", way.callback("read"), text=_label(way, found))] for way in found]
        return show(message, Screen(templates.render("uploads.whose", name=name), rows))
    assert message.bot is not None
    return [await _begin(turn, found[0], file, message.chat.id, message.bot.id, real_now)]


def shown_name(document: Document) -> str:
    """The file's name as it is shown: only shown, never used as a path."""
    return (document.file_name or "").rsplit("/", 1)[-1][:60] or templates.plain("uploads.no_name")


async def _begin(
    turn: Turn, way: Way, file: dict[str, Any], chat_id: int, bot_id: int, real_now: datetime
) -> Reply:
    """Starts the reading; the message about it will be edited as it goes on."""
    message = f"upload:{file['message']}"
    payload = {
        **way.payload(),
        "file": file["id"],
        "name": file["name"],
        "progress": message,
        "chat": chat_id,
        "bot": bot_id,
    }
    await jobs.enqueue(turn.session, READ, payload, bot_id=bot_id, chat_id=chat_id, now=real_now)
    text = templates.render("uploads.received", name=file["name"])
    return Outgoing(SendMessage(chat_id=chat_id, text=text, parse_mode="HTML"), name=message)


@router.callback_query(Batch.filter())
async def on_batch(query: CallbackQuery, callback_data: Batch, turn: Turn, real_now: datetime) -> list[Reply]:
    """A template is asked for, or it was chosen for whom a file is to be read."""
    way = await _chosen(turn, callback_data)
    if query.bot is None:
        raise NotYours
    chat_id, bot_id = chat_of(query), query.bot.id
    if callback_data.act == "template":
        await jobs.enqueue(
            turn.session, TEMPLATE, way.payload(), bot_id=bot_id, chat_id=chat_id, now=real_now
        )
        text = templates.render("uploads.making_template", table=way.table.short_title)
        return [toast(query), send(chat_id, Screen(text))]
    data = await turn.state.get_data()
    file = data.pop(WAITING, None)
    if file is None:
        return say(query, "uploads.over")
    await turn.state.set_data(data)
    begun = await _begin(turn, way, file, chat_id, bot_id, real_now)
    chosen = Screen(templates.render("uploads.chosen", name=way.organization.name))
    return [toast(query), replace_card(query, chosen), begun]


async def _chosen(turn: Turn, data: Batch) -> Way:
    """The way a button stands for; raises NotYours for one that is not open to the person."""
    for way in await ways(turn):
        if way.callback(data.act) == data:
            return way
    raise NotYours
