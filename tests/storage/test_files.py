"""Stored files: a row never points at nothing, and bytes without a row go away."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.files import FileStore, NoSuchFile

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_a_file_is_found_by_its_id_and_named_by_the_server(
    database: Database, data_folder: Path
) -> None:
    store = FileStore(data_folder / "files")
    async with database.transaction() as session:
        row = await store.save(session, b"abc", "../../附件2.xlsx", NOW)
    async with database.snapshot() as session:
        found = await store.find(session, row.id or 0)
    assert store.locate(found).read_bytes() == b"abc"
    assert store.locate(found).parent == data_folder / "files"
    assert (found.name, found.size) == ("../../附件2.xlsx", 3)
    async with database.snapshot() as session:
        with pytest.raises(NoSuchFile):
            await store.find(session, 999)


async def test_bytes_whose_row_was_never_committed_are_swept(database: Database, data_folder: Path) -> None:
    store = FileStore(data_folder)
    async with database.transaction() as session:
        kept = await store.save(session, b"kept", "a.txt", NOW)
    orphan = store.locate(await store.write(b"orphan"))
    fresh = store.locate(await store.write(b"being committed right now"))
    old = (NOW - timedelta(hours=2)).timestamp()
    os.utime(orphan, (old, old))
    os.utime(store.locate(kept), (old, old))
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    async with database.transaction() as session:
        assert await store.sweep(session, NOW) == 1
    assert not orphan.exists()
    assert fresh.exists()
    assert store.locate(kept).exists()
