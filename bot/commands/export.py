"""`xingcun export`: one of a notice's tables as a file, for a city or the whole province."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import divisions
import exports
import notices
from bot.settings import Settings
from notices.model import Notice
from storage.database import Database, DatabaseError
from storage.scopes import Scope

Chosen = TypeVar("Chosen")


class ExportRefused(Exception):
    """The table cannot be exported; the message is one sentence that says why."""


async def export_table(
    settings: Settings, notice: str, table: str, city: str | None, out: Path, now: datetime
) -> None:
    """Write the table to `out`; raises ExportRefused for names nobody knows and a database out of reach."""
    found = _notice(notice)
    layout = _chosen("table", table, {item.name: item for item in found.tables})
    scope = city_scope([found.province], city) if city else Scope("province", found.province)
    if scope.role not in {edition.scope for edition in layout.editions}:
        raise ExportRefused(f"--table: {table!r} has no edition for a {scope.role}")
    if not out.parent.is_dir():
        raise ExportRefused(f"--out: there is no folder {out.parent}")
    _require_database(settings)
    database = Database.open(settings.database_address, synchronous=settings.synchronous)
    try:
        async with database.snapshot() as session:
            await exports.export(session, layout, found, scope, now, out)
    except DatabaseError as error:
        raise ExportRefused(f"the database cannot be read: {error.orig}") from error
    except OSError as error:
        raise ExportRefused(f"--out: {out} cannot be written: {error.strerror}") from error
    finally:
        await database.close()


def city_scope(provinces: Sequence[str], city: str) -> Scope:
    """The scope of a city of one of these provinces, named in full, in short (徐州) or by its code."""
    cities = [place for code in provinces for place in divisions.children(code) if place.level == "city"]
    for division in cities:
        if city in (division.name, division.name.removesuffix("市"), division.code):
            return Scope("city", division.code)
    raise ExportRefused(f"--city: {city!r} is not one of {', '.join(place.name for place in cities)}")


def _notice(slug: str) -> Notice:
    return _chosen("notice", slug, {item.slug: item for item in notices.load().notices})


def _chosen(option: str, value: str, known: Mapping[str, Chosen]) -> Chosen:
    if value not in known:
        raise ExportRefused(f"--{option}: {value!r} is not one of {', '.join(known) or 'none'}")
    return known[value]


def _require_database(settings: Settings) -> None:
    # Opening a SQLite file that is not there would leave an empty one behind.
    file = settings.database_file
    if file is not None and not file.exists():
        raise ExportRefused(f"XINGCUN_DATA_DIR: there is no database {file} yet; start the bot first")
