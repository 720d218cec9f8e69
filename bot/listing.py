"""The job that lists whom a broadcast did not reach: read in one snapshot, written by a child process."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import divisions
import templates
from bot.clock import real_now
from bot.jobs import Tools
from storage import broadcast_queries, ledger_figures
from storage.database import Database
from storage.scopes import Scope


async def list_undelivered(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Lists whom `broadcast` missed in `role` and `scope`; the result has `count` and the `file`."""
    address, scope = tools.settings.database_address, Scope(payload["role"], payload["scope"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        count = await tools.apart.run(build_list, address, payload["broadcast"], scope, tools.now(), path)
        if not count:
            return {"count": 0}
        written = await tools.files.write(path)
    name = templates.plain("broadcasts.missed_file", place=divisions.get(scope.code).name)
    async with tools.database.transaction() as session:
        file = await tools.files.record(session, written, name, real_now())
    return {"count": count, "file": file.id}


def build_list(address: str, broadcast_id: int, scope: Scope, now: datetime, path: Path) -> int:
    """What the child does: writes the workbook to `path`, and returns how many persons it names."""
    from reminders import undelivered  # only the child pays for what writes workbooks

    async def read() -> list[ledger_figures.Missed]:
        database = Database.open(address)
        try:
            async with database.snapshot() as session:
                broadcast = await broadcast_queries.get(session, broadcast_id)
                if broadcast is None:
                    return []
                return await ledger_figures.missed(session, broadcast, scope, limit=undelivered.MOST)
        finally:
            await database.close()

    missed = asyncio.run(read())
    if missed:
        undelivered.build(missed, templates.plain("broadcasts.missed_sheet"), now, path)
    return len({item.person_id for item in missed})
