"""A fresh database for each test: SQLite always, PostgreSQL too where XINGCUN_TEST_POSTGRES_URL is set.

On SQLite it is a copy of one that was migrated as a start migrates, on PostgreSQL one that the test before
left empty; tests/storage/test_migrations.py proves that the migrations lead to the tables.
"""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from bot.logs import configure_logs
from storage.database import Database, Session
from tests.suite_logs import WRITTEN

# A database of its own for each test would take the server most of the suite's time.
EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ BEGIN
    EXECUTE (
        SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY CASCADE'
        FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    );
END $$
"""

# How fast a machine is must not decide whether a property holds.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

POSTGRES_URL = os.environ.get("XINGCUN_TEST_POSTGRES_URL")
ENGINES = ["sqlite", "postgresql"] if POSTGRES_URL else ["sqlite"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The test that searches all logs comes when they are written."""
    items.sort(key=lambda item: item.path.name == "test_logs_of_the_suite.py")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keeps what the test and what it started wrote to standard error; each phase repeats those before it."""
    if report.when == "teardown":
        WRITTEN.append(report.capstderr)


@pytest.fixture(autouse=True, scope="session")
def logs() -> None:
    """Logs as the program writes them; the default would print every local variable of a traceback."""
    configure_logs("INFO")


def administer(statement: str, url: str | None = POSTGRES_URL) -> None:
    """Runs statements on the PostgreSQL server the tests were given."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def migrate(url: str) -> None:
    """Makes all tables in an empty database, as a start does."""

    async def run() -> None:
        database = Database.open(url)
        await database.upgrade()
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with all tables."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_with_tables() -> Iterator[str]:
    """The address of a PostgreSQL database with all tables, which every test that uses it leaves empty."""
    name = f"xingcun_test_{uuid.uuid4().hex[:12]}"
    administer(f"CREATE DATABASE {name}")
    url = make_url(str(POSTGRES_URL)).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"xingcun_empty_{uuid.uuid4().hex[:12]}"
    administer(f"CREATE DATABASE {name}")
    yield make_url(str(POSTGRES_URL)).set(database=name).render_as_string(hide_password=False)
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with all tables."""
    if database_kind == "sqlite":
        path = tmp_path / "xingcun.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_with_tables")
    yield url
    administer(EMPTY, url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, fresh for this test."""
    opened = Database.open(database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[Session]:
    """A session in one open transaction, committed when the test ends."""
    async with database.transaction() as opened:
        yield opened


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder
