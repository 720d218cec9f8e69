"""The migrations lead from nothing to exactly the tables, on each engine, also when run twice or killed."""

import asyncio
import importlib
import pkgutil
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import storage
from storage.database import Database
from storage.schema import TABLE_MODULES, metadata

ADVICE = "tables changed: run `python -m storage.migrations baseline` (or `new` once there is a release)"


def find_differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrations_lead_to_exactly_the_tables(empty_url: str) -> None:
    database = Database.open(empty_url)
    await database.upgrade()
    await database.upgrade()
    async with database.snapshot() as session:
        differences = await (await session.connection()).run_sync(find_differences)
    await database.close()
    assert differences == [], ADVICE


async def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    databases = [Database.open(empty_url) for _ in range(3)]
    await asyncio.gather(*(database.upgrade() for database in databases))
    async with databases[0].snapshot() as session:
        assert (
            len(
                (
                    await (await session.connection()).execute(
                        text("SELECT version_num FROM alembic_version")
                    )
                ).all()
            )
            == 1
        )
    for database in databases:
        await database.close()


async def test_an_upgrade_that_dies_half_way_leaves_nothing_and_can_be_run_again(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    from alembic.operations import Operations

    made: list[str] = []
    create_table = Operations.create_table

    def die_at_the_fifth(self: Operations, name: str, *columns: Any, **options: Any) -> Any:
        made.append(name)
        if len(made) == 5:
            raise Killed
        return create_table(self, name, *columns, **options)

    database = Database.open(empty_url)
    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", die_at_the_fifth)
        with pytest.raises(Killed):
            await database.upgrade()
    assert len(made) == 5
    await database.upgrade()
    async with database.snapshot() as session:
        assert (
            await (await session.connection()).execute(text("SELECT count(*) FROM outbox"))
        ).scalar_one() == 0
    await database.close()


def test_every_module_with_tables_is_in_the_schema() -> None:
    listed = {module.__name__ for module in TABLE_MODULES}
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if module.name != "storage.migrations":
            importlib.import_module(module.name)
    homes = {mapper.class_.__module__ for mapper in SQLModel._sa_registry.mappers}
    assert {home for home in homes if home.startswith("storage.")} <= listed
