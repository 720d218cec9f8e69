"""What came of an upload: the template, a preview to confirm, or the workbook back with its faults marked."""

import asyncio
import json
from typing import Any

from aiogram import Router
from aiogram.methods import EditMessageText, SendDocument
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Go, Import, Own
from handlers.filling.uploads import READ
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Outgoing, Reply, stored
from handlers.screens import Row, Screen, button, send, show
from notices.model import Notice
from registration import imported, organizations, windows
from registration.refusals import NotYours
from reminders import events
from storage import jobs
from storage.files import FileStore

router = Router(name="upload results")
UNITS: dict[str, imported.Unit] = {"yuan": "yuan", "wan": "wan"}


async def on_template(job: JobResult, turn: Turn) -> list[Reply]:
    """Sends the template, if the person still acts for the organization."""
    turn.actor.require_member(job.payload["organization"])
    chat_id = turn.actor.person.chat_id
    if job.failed:
        return [send(chat_id, Screen(templates.render("uploads.template_failed")))]
    name = await organizations.name_of(turn.session, job.payload["organization"])
    caption = templates.render("uploads.template", organization=name)
    return [
        SendDocument(chat_id=chat_id, document=stored(job.result["file"]), caption=caption, parse_mode="HTML")
    ]


async def on_read(job: JobResult, turn: Turn) -> list[Reply]:
    """Closes the message about the progress, and tells what was read in a new one, which rings."""
    turn.actor.require_member(job.payload["organization"])
    name, chat_id = job.payload["name"], turn.actor.person.chat_id
    closing = "broken_off" if job.failed else "read"
    text = templates.render(f"uploads.{closing}", name=name)
    closed = Outgoing(
        EditMessageText(chat_id=chat_id, text=text, parse_mode="HTML"), edits=job.payload["progress"]
    )
    if job.failed:
        return [closed]
    if "unreadable" in job.result:
        why = templates.render(job.result["unreadable"], **job.result["params"])
        said = templates.render("uploads.unreadable", name=name, why=why)
        return [closed, send(chat_id, Screen(said, [_ways()]))]
    if "faults" in job.result:
        return [closed, *_faults(chat_id, job.result["faults"], name)]
    return [closed, send(chat_id, await _preview(job, turn))]


def _ways() -> Row:
    return [button("batch", Go(to="batch")), button("home", Go(to="home"))]


def _faults(chat_id: int, faults: dict[str, Any], name: str) -> list[Reply]:
    text = templates.render(
        "uploads.faults",
        name=name,
        count=faults["count"],
        rows=faults["rows"],
        lines=faults["lines"],
        more=faults["count"] - len(faults["lines"]),
        marked=faults["file"] is not None,
    )
    replies: list[Reply] = [send(chat_id, Screen(text))]
    if faults["file"] is not None:
        caption = templates.render("uploads.marked")
        replies.append(
            SendDocument(chat_id=chat_id, document=stored(faults["file"]), caption=caption, parse_mode="HTML")
        )
    return replies


async def _preview(job: JobResult, turn: Turn) -> Screen:
    """What will be filed once the person confirms."""
    seen = job.result["preview"]
    if seen["fresh"] == 0:
        text = templates.render("uploads.nothing_new", name=job.payload["name"], count=seen["known"]["count"])
        return Screen(text, [[button("mine", Own(act="list")), button("home", Go(to="home"))]])
    _, form = windows.find_form(turn.catalog, job.payload["notice"], job.payload["form"])
    organization = await organizations.name_of(turn.session, job.payload["organization"])
    shown = {**seen, "known": seen["known"] if seen["known"]["count"] else None}
    careful = shown.pop("careful")
    text = templates.render(
        "uploads.preview", name=job.payload["name"], organization=organization, title=form.title, **shown
    )
    return Screen(text, _choices(job.id, seen["fresh"], careful, units=bool(seen["units"])))


def _choices(job: int, fresh: int, careful: int, *, units: bool) -> list[Row]:
    """Confirming, in either unit where that is open; without what looks like a duplicate; or not at all."""
    rows: list[Row] = []
    if units:
        rows += [
            [button(f"as_{unit}", Import(act="file", job=job, unit=unit), count=fresh)] for unit in UNITS
        ]
    else:
        rows.append([button("import_all", Import(act="file", job=job), count=fresh)])
        if 0 < careful < fresh:
            data = Import(act="file", job=job, careful=True)
            rows.append([button("import_fresh", data, count=careful)])
    return [*rows, [button("cancel", Import(act="cancel", job=job))]]


@router.callback_query(Import.filter())
async def on_import(query: CallbackQuery, callback_data: Import, turn: Turn, files: FileStore) -> list[Reply]:
    """Files what was previewed, all or nothing; or leaves it."""
    done = await jobs.find_done(turn.session, callback_data.job, READ)
    if done is None or done.chat_id != turn.actor.person.chat_id or "rows" not in done.result:
        raise NotYours
    if callback_data.act != "file" or callback_data.unit not in UNITS:
        return show(query, Screen(templates.render("uploads.cancelled"), [_ways()]))
    file = await files.find(turn.session, done.result["rows"])
    content = await asyncio.to_thread(files.locate(file).read_text, "utf-8")
    rows = [
        (answers, units)
        for answers, units, alike in json.loads(content)
        if not (callback_data.careful and alike)
    ]
    notice, form = windows.find_form(turn.catalog, done.payload["notice"], done.payload["form"])
    result = await imported.file_all(
        turn.session,
        turn.actor,
        turn.catalog,
        notice.slug,
        form.name,
        done.payload["organization"],
        rows,
        turn.now,
        unit=UNITS[callback_data.unit],
    )
    if result.added:
        await _note(turn, notice, done.payload["organization"], result.added)
    text = templates.render(
        "uploads.imported",
        title=form.title,
        added=result.added,
        known=result.known,
        closes=notice.filing(form.name).window.closes,
    )
    return show(query, Screen(text, [[button("mine", Own(act="list")), button("home", Go(to="home"))]]))


async def _note(turn: Turn, notice: Notice, organization_id: int, count: int) -> None:
    """Others hear of it as of one filing."""
    await events.note_filing(
        turn.session,
        await organizations.own(turn.session, turn.actor, organization_id),
        notice=notice,
        name=templates.plain("reminders.imported", count=count),
        version=1,
        by=turn.actor.id,
        contact=turn.actor.name_in(organization_id),
        now=turn.now,
        count=count,
    )
