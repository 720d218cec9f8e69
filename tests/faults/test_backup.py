"""Fault 34: a backup taken while people write holds one moment, and the program goes on from it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.commands.backup import BackupRefused, make_backup
from tests.bot.driving import Person, trial_settings
from tests.bot.process import meet_at, run_program

TABLES = ("inbox", "outbox", "person", "audit", "organization", "filing", "kept_setting")


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "xingcun.sqlite3")) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def said(folder: Path, column: str = "update_id") -> set[int]:
    with closing(sqlite3.connect(folder / "xingcun.sqlite3")) as connection:
        return {row[0] for row in connection.execute(f"SELECT {column} FROM inbox WHERE state = 'done'")}


async def talk(person: Person) -> None:
    number = 0
    while True:
        await person.says(f"/help {number}")
        number += 1
        await asyncio.sleep(0.005)


async def test_34_a_backup_under_writes_is_one_moment_and_can_be_gone_on_from(
    data_folder: Path, tmp_path: Path
) -> None:
    live, quiet = tmp_path / "live", tmp_path / "quiet"
    settings = trial_settings(data_folder)
    async with run_program(data_folder) as program, meet_at(program.address) as person:
        (data_folder / "files").mkdir(exist_ok=True)
        (data_folder / "files" / "kept").write_bytes(b"bytes")
        talking = asyncio.create_task(talk(person))
        await person.hears(20)
        await asyncio.to_thread(make_backup, settings, live)
        heard = len(person.heard)
        await person.hears(heard + 5)
        talking.cancel()
    make_backup(settings, quiet)
    for table in TABLES:
        assert rows(quiet, table) == rows(data_folder, table)
    assert 15 <= len(rows(live, "inbox")) < len(rows(quiet, "inbox"))
    assert len(said(live)) == len(rows(live, "outbox")), "an update and its reply are in it, or neither"
    assert said(live) < said(quiet)
    assert (live / "files" / "kept").read_bytes() == b"bytes"
    async with run_program(live) as program, meet_at(program.address) as person:
        before = len(said(live))
        await person.says("/help once more")
        await person.hears(before + 1, 60)
    assert len(said(live)) > 15


def test_34_what_cannot_be_backed_up_is_told(data_folder: Path, tmp_path: Path) -> None:
    settings = trial_settings(data_folder)
    with pytest.raises(BackupRefused, match="XINGCUN_DATA_DIR"):
        make_backup(settings, tmp_path / "a")
    (data_folder / "xingcun.sqlite3").touch()
    with pytest.raises(BackupRefused, match="--out"):
        make_backup(settings, tmp_path)
    elsewhere = trial_settings(data_folder, database_url="postgresql://127.0.0.1/x")
    with pytest.raises(BackupRefused, match="pg_dump"):
        make_backup(elsewhere, tmp_path / "b")
