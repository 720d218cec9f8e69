"""From every revision on, with rows in every table, the newest one is reached and the rows are kept."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, insert, select, types
from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.database import Database
from storage.schema import metadata

Result = TypeVar("Result")
THEN = datetime(2021, 10, 11, 1, tzinfo=UTC)
MADE_UP = '''"""A made-up second release."""

import sqlalchemy as sa
from alembic import op

revision = "0002_made_up"
down_revision = "0001_baseline"


def upgrade() -> None:
    """Makes the schema of this revision."""
    CHANGE
'''


def revisions() -> Iterator[str]:
    """Every revision, the oldest first."""
    with create_engine("sqlite://").connect() as connection:
        scripts = ScriptDirectory.from_config(migrations.configure(connection))
    return reversed([script.revision for script in scripts.walk_revisions()])


def tables_of(connection: Connection) -> list[Table]:
    """The tables that are there now, those that others point at first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def value_of(column: Column[Any], number: int) -> Any:
    """Some value that the column takes, another for each number."""
    kind = column.type
    if isinstance(kind, types.Boolean):
        return number % 2 == 0
    if isinstance(kind, types.Integer | types.Numeric):
        return number
    if isinstance(kind, types.DateTime):
        return THEN
    if isinstance(kind, types.LargeBinary):
        return bytes([number])
    return {"number": number} if isinstance(kind, types.JSON) else f"{column.name} {number}"


def row_of(table: Table, number: int, there: set[str]) -> dict[str, Any]:
    """A row with all that the table holds; only what points at a row to come is left open."""
    return {
        column.name: value_of(column, number)
        for column in table.columns
        if not column.nullable or all(key.column.table.name in there for key in column.foreign_keys)
    }


def fill(connection: Connection) -> None:
    """Two rows in every table."""
    there: set[str] = set()
    for table in tables_of(connection):
        for number in (1, 2):
            connection.execute(insert(table).values(row_of(table, number, there)))
        there.add(table.name)


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables_of(connection)
    }


async def within(database: Database, work: Callable[[Connection], Result]) -> Result:
    """The result of work in one transaction."""
    async with database.transaction() as session:
        return await (await session.connection()).run_sync(work)


async def walk(url: str, revision: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What lay in the tables at that revision, and what does after the upgrade of them to the newest."""
    database = Database.open(url)
    try:
        await within(database, partial(migrations.upgrade, revision=revision))
        await within(database, fill)
        before = await within(database, contents)
        await database.upgrade()
        return before, await within(database, contents)
    finally:
        await database.close()


def difference(connection: Connection) -> list[Any]:
    """What the tables lack or have too much."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.mark.parametrize("revision", list(revisions()))
async def test_a_filled_database_of_every_revision_becomes_one_of_the_newest(
    empty_url: str, revision: str
) -> None:
    before, after = await walk(empty_url, revision)
    assert len(before) > 15
    # A revision that gives up a table on purpose takes its rows along; no other row may go.
    kept = {name: len(rows) for name, rows in after.items() if name in before}
    assert kept == dict.fromkeys(kept, 2)
    database = Database.open(empty_url)
    assert await within(database, difference) == []
    await database.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the next release's revisions would stand, with ours in it."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", copy)
    return copy / "versions"


def release(folder: Path, change: str) -> None:
    """Adds a second revision that does this."""
    (folder / "0002_made_up.py").write_text(MADE_UP.replace("CHANGE", change), encoding="utf-8")


async def test_a_second_revision_keeps_what_was_there(empty_url: str, folder: Path) -> None:
    release(folder, 'op.add_column("person", sa.Column("title", sa.String(), server_default="-"))')
    assert list(revisions()) == ["0001_baseline", "0002_made_up"]
    before, after = await walk(empty_url, "0001_baseline")
    assert [row.pop("title") for row in after["person"]] == ["-", "-"]
    assert after == before


async def test_a_table_made_anew_keeps_what_points_at_it(empty_url: str, folder: Path) -> None:
    """SQLite cannot alter a column: Alembic makes the table anew, which everything else points at."""
    release(
        folder,
        'with op.batch_alter_table("person") as table:\n'
        '        table.alter_column("chat_id", new_column_name="talk_id")',
    )
    before, after = await walk(empty_url, "0001_baseline")
    for row in after["person"]:
        row["chat_id"] = row.pop("talk_id")
    assert after == before


async def test_a_revision_that_only_suits_empty_tables_is_found_out(empty_url: str, folder: Path) -> None:
    release(folder, 'op.add_column("person", sa.Column("title", sa.String(), nullable=False))')
    with pytest.raises(DBAPIError):
        await walk(empty_url, "0001_baseline")


async def test_a_revision_that_leaves_rows_pointing_nowhere_is_undone(empty_url: str, folder: Path) -> None:
    release(folder, 'op.execute("DELETE FROM person")')
    with pytest.raises((DBAPIError, migrations.DanglingRows)):
        await walk(empty_url, "0001_baseline")
    database = Database.open(empty_url)
    rows = await within(database, contents)
    await database.close()
    assert len(rows["person"]) == 2
