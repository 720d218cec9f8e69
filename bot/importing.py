"""The jobs behind filing through a workbook: the template made, an upload fetched, read and compared."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import templates
from bot.clock import real_now
from bot.fetching import NotFetched, TooBig, fetch
from bot.jobs import Tools
from bot.previews import list_faults, preview
from exports.blank import blank_name, build_blank
from exports.frame import Letterhead
from forms.model import Form
from handlers.filling.uploads import LARGEST
from imports.apart import mark_apart, read_apart
from imports.marks import marks_for
from imports.task import Fault, Outcome
from imports.tasks import table_for, task_for
from notices.model import Notice
from registration import imported
from registration.refusals import NotYours
from storage import organizations, outbox
from storage.organizations import OrganizationItem
from storage.outbox import Call

PROGRESS_SECONDS = 1.5


async def make_template(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Builds the blank table of an organization; the result names the stored `file`."""
    notice, form, organization = await _subject(payload, tools)
    table = table_for(notice, form)
    if table is None:
        raise NotYours
    owner = Letterhead(organization.name, organization.contact, organization.phone)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        await asyncio.to_thread(build_blank, table, form, owner, tools.now(), path)
        return {"file": await _store(tools, path, blank_name(table, owner))}


async def read_upload(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Reads an upload. The result says why it is `unreadable`, its `faults`, or a `preview` of its `rows`."""
    notice, form, organization = await _subject(payload, tools)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload.xlsx"
        try:
            await fetch(tools.bot, payload["file"], path, LARGEST)
        except TooBig:
            return {"unreadable": "uploads.too_big", "params": {"megabytes": LARGEST >> 20}}
        except NotFetched:
            return {"unreadable": "uploads.not_fetched", "params": {}}
        own = {"name": organization.name, "credit_code": organization.credit_code or ""}
        task = task_for(notice, form, own, tools.now().date())
        outcome = await read_apart(path, task, _Progress(payload, tools).tell)
        if outcome.unreadable:
            return {"unreadable": outcome.unreadable, "params": outcome.params}
        if outcome.faults:
            return {"faults": await _marked(payload, tools, outcome, path)}
    return await _compared(payload, tools, form, outcome)


async def _subject(payload: Mapping[str, Any], tools: Tools) -> tuple[Notice, Form, OrganizationItem]:
    notice = tools.catalog.notice(payload["notice"])
    async with tools.database.snapshot() as session:
        organization = await organizations.get(session, payload["organization"])
    if organization is None:
        raise NotYours
    return notice, notice.form(payload["form"]), organization


async def _marked(payload: Mapping[str, Any], tools: Tools, outcome: Outcome, path: Path) -> dict[str, Any]:
    faults: tuple[Fault, ...] = outcome.faults
    target = path.with_name("marked.xlsx")
    author = templates.plain("uploads.author")
    file = None
    if await mark_apart(path, marks_for(faults), target, author):
        name = templates.plain("uploads.marked_name", name=payload["name"].rsplit(".", 1)[0])
        file = await _store(tools, target, name)
    return {**list_faults(faults, several=len(outcome.sheets) > 1), "file": file}


async def _compared(payload: Mapping[str, Any], tools: Tools, form: Form, outcome: Outcome) -> dict[str, Any]:
    """The rows put aside for the confirmation, and what the person is shown of them."""
    async with tools.database.snapshot() as session:
        there = await imported.known(session, payload["organization"], payload["notice"], form)
    numbered = [(place, item.answers, item.units) for place, item in enumerate(outcome.proposals)]
    likenesses = await asyncio.to_thread(imported.compare, numbered, there)
    rows = [[item.answers, item.units, place in likenesses] for place, item in enumerate(outcome.proposals)]
    content = json.dumps(rows, ensure_ascii=False).encode()
    written = await tools.files.write(content)
    async with tools.database.transaction() as session:
        file = await tools.files.record(session, written, "rows.json", real_now())
    return {"rows": file.id, "preview": preview(form, outcome, likenesses, there)}


async def _store(tools: Tools, path: Path, name: str) -> int | None:
    written = await tools.files.write(path)
    async with tools.database.transaction() as session:
        return (await tools.files.record(session, written, name, real_now())).id


class _Progress:
    """Edits one message as the reading goes on, not too often."""

    def __init__(self, payload: Mapping[str, Any], tools: Tools) -> None:
        self._payload, self._tools, self._told = payload, tools, time.monotonic()

    async def tell(self, rows: int) -> None:
        """So many rows have been read."""
        if time.monotonic() - self._told < PROGRESS_SECONDS:
            return
        self._told = time.monotonic()
        payload = self._payload
        text = templates.render("uploads.progress", name=payload["name"], rows=rows)
        arguments = {"chat_id": payload["chat"], "text": text, "parse_mode": "HTML"}
        call = Call(
            payload["bot"],
            payload["chat"],
            "EditMessageText",
            arguments,
            name=payload["progress"],
            edits=payload["progress"],
        )
        async with self._tools.database.transaction() as session:
            await outbox.add(session, [call], real_now())
