"""The job that builds a table: read in one snapshot and written by a child process, then stored."""

import asyncio
import gc
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import exports
import notices
from bot.clock import real_now
from bot.jobs import Tools
from notices.tables import DetailTable
from registration.refusals import NotYours
from storage import organizations
from storage.database import Database
from storage.scopes import Scope


async def export_table(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Builds the table `payload` names (notice, table, role, scope); the result names the stored `file`."""
    address, scope = tools.settings.database_address, Scope(payload["role"], payload["scope"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        name = await tools.apart.run(
            build_table, address, payload["notice"], payload["table"], scope, tools.now(), path
        )
        written = await tools.files.write(path)
    async with tools.database.transaction() as session:
        file = await tools.files.record(session, written, name, real_now())
    return {"file": file.id}


async def own_table(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Builds what an organization filed as the detail table `payload` names; the result names the `file`."""
    notice = tools.catalog.notice(payload["notice"])
    table = notice.table(payload["table"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        async with tools.database.snapshot() as session:
            owner = await organizations.get(session, payload["organization"])
            if owner is None or not isinstance(table, DetailTable):
                raise NotYours
            heading = exports.Letterhead(owner.name, owner.contact, owner.phone)
            await exports.export_own(
                session, table, notice, payload["organization"], heading, tools.now(), path
            )
        written = await tools.files.write(path)
    async with tools.database.transaction() as session:
        file = await tools.files.record(
            session, written, exports.own_file_name(table, owner.name), real_now()
        )
    return {"file": file.id}


def build_table(address: str, slug: str, table: str, scope: Scope, now: datetime, path: Path) -> str:
    """What the child does: writes the workbook to `path`, and returns what people see it called."""
    notice = notices.load().notice(slug)
    layout = notice.table(table)
    # What is loaded stays: looking through it for garbage again and again would take a quarter of the time.
    gc.collect()
    gc.freeze()

    async def build() -> None:
        database = Database.open(address)
        try:
            async with database.snapshot() as session:
                await exports.export(session, layout, notice, scope, now, path)
        finally:
            await database.close()

    asyncio.run(build())
    return exports.file_name(layout, scope)
