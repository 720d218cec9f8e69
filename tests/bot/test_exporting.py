"""The export job in its child process: a workbook comes back, and the chat goes on meanwhile."""

import asyncio
import time
from pathlib import Path

import pytest
from aiogram import Bot

import notices
from bot.apart import Apart
from bot.clock import Clock
from bot.exporting import export_table
from bot.jobs import Tools
from storage.database import Database
from storage.files import FileStore
from tests.bot.driving import trial_settings


async def test_a_table_is_built_apart_and_stored(
    database: Database, database_url: str, data_folder: Path
) -> None:
    apart = Apart()
    settings = trial_settings(data_folder, database_url=database_url)
    files = FileStore(data_folder / "files")
    tools = Tools(database, files, notices.load(), Clock(), settings, apart, Bot("1:for-tests"))
    payload = {"notice": "jiangsu-2021", "table": "annex1", "role": "city", "scope": "320300"}
    try:
        result = await export_table(payload, tools)
    finally:
        apart.close()
    async with database.snapshot() as session:
        row = await files.find(session, result["file"])
    assert row.name.endswith("（徐州市）.xlsx")
    assert files.locate(row).read_bytes().startswith(b"PK")


async def test_computing_apart_does_not_hold_up_the_loop() -> None:
    apart = Apart()
    try:
        await apart.run(time.sleep, 0)
        busy = asyncio.create_task(apart.run(sum, range(30_000_000)))
        longest = 0.0
        while not busy.done():
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - before)
        assert await busy == sum(range(30_000_000))
        assert longest < 0.5
        with pytest.raises(ZeroDivisionError):
            await apart.run(divmod, 1, 0)
    finally:
        apart.close()
