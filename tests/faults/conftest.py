"""The delivered program between a Bot API that can misbehave and a database that can."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.process import Program, run_program
from tests.conftest import POSTGRES_URL
from tests.faults.telegram_server import TOKEN, Telegram

POSTGRES_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
# A database server of its own can be killed only where it can be made.
collect_ignore = [] if POSTGRES_URL and POSTGRES_PROGRAMS else ["test_database_server.py"]

Start = Callable[..., AbstractAsyncContextManager[Program]]


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Telegram]:
    """A Bot API with persons behind it; it outlives the program."""
    async with Telegram.open(tmp_path / "telegram") as opened:
        yield opened


@pytest.fixture
def start(telegram: Telegram, data_folder: Path, database_url: str) -> Start:
    """Starts the program on this test's database, folder and Bot API; variables may be added."""

    @asynccontextmanager
    async def started(
        *, prepare: Callable[[], None] | None = None, **variables: str
    ) -> AsyncIterator[Program]:
        fixed = {
            "BOT_TOKEN": TOKEN,
            "XINGCUN_BOT_API_URL": telegram.server.api_url,
            "XINGCUN_DATABASE_URL": database_url,
            "XINGCUN_RATE_CHAT": "1000",
            "XINGCUN_RATE_OVERALL": "1000",
            "XINGCUN_NOW": "2021-10-11T09:00",
        }
        async with run_program(data_folder, prepare=prepare, **fixed | variables) as program:
            yield program

    return started
