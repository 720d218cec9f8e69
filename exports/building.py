"""From filed rows to a notice's table as a workbook."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import divisions
from exports.detail import Detail
from exports.frame import Letterhead, letterhead
from exports.statistics import Statistics
from exports.values import Sources
from notices.model import Notice
from notices.tables import DetailTable, Table
from storage.database import Session
from storage.export_rows import FiledRow, filed_rows
from storage.scopes import Scope
from workbooks import Workbook, write


def build(
    table: Table,
    notice: Notice,
    rows: Iterable[FiledRow],
    scope: Scope,
    now: datetime,
    path: Path,
    *,
    heading: Letterhead | None = None,
) -> None:
    """Write the table's edition for `scope` to `path` (.xlsx), reading `rows` once.

    An organization's rows come one after the other, as `filed_rows` gives them. `heading` overrides what the
    pack puts on the heading lines. KeyError when the table has no such edition.
    """
    form = notice.form(table.form)
    sources = Sources(notice, form)
    kind = Detail if isinstance(table, DetailTable) else Statistics
    layout = kind(table, form, sources, heading or letterhead(notice, scope))  # type: ignore[arg-type]
    write(Workbook(layout.sheets(rows, scope), title=table.title, created=now), path)


async def export(
    session: Session, table: Table, notice: Notice, scope: Scope, now: datetime, path: Path
) -> None:
    """Query what is filed in `scope` and write the table to `path`; memory stays flat.

    The workbook is built in a thread, fed batch by batch, so that other chats are answered meanwhile.
    """
    # A province's own table also shows what stands in none of its cities.
    inside = scope if scope.role == "city" else None
    batches = filed_rows(session, notice.slug, table.form, inside, answers=_needs_answers(table, notice))
    feed = _Feed(batches)
    await asyncio.to_thread(build, table, notice, feed, scope, now, path)


async def export_own(
    session: Session,
    table: DetailTable,
    notice: Notice,
    organization: int,
    owner: Letterhead,
    now: datetime,
    path: Path,
) -> None:
    """Write what one organization filed as the notice's detail table, `owner` on its heading lines."""
    form = notice.form(table.form)
    layout = Detail(table, form, Sources(notice, form), owner)
    answers = _needs_answers(table, notice)
    rows = [
        row
        async for batch in filed_rows(
            session, notice.slug, table.form, None, organization=organization, answers=answers
        )
        for row in batch
    ]
    workbook = Workbook([layout.own_sheet(rows)], title=table.title, created=now)
    await asyncio.to_thread(write, workbook, path)


def file_name(table: Table, scope: Scope) -> str:
    """What people see the file called, such as 附件1 统计表（徐州市）.xlsx."""
    return own_file_name(table, divisions.get(scope.code).name)


def own_file_name(table: Table, owner: str) -> str:
    """The same for the table of one organization."""
    return f"{table.short_title}（{owner}）.xlsx"


def _needs_answers(table: Table, notice: Notice) -> bool:
    sources = Sources(notice, notice.form(table.form))
    return any(sources.needs_answers(source) for source in table.sources())


class _Feed:
    """Batches that arrive on the event loop, as rows for a thread."""

    def __init__(self, batches: AsyncIterator[list[FiledRow]]) -> None:
        self._batches = batches
        self._loop = asyncio.get_running_loop()

    def __iter__(self) -> Iterator[FiledRow]:
        while batch := asyncio.run_coroutine_threadsafe(self._next(), self._loop).result():
            yield from batch

    async def _next(self) -> list[FiledRow]:
        return await anext(self._batches, [])
