"""Stored files: bytes under the data folder, named by the server; a row says what people see.

The bytes are on disk before the row is committed, so a row never points at nothing; bytes whose row was
never committed are swept later.
"""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import col, select

from storage.database import Session
from storage.queues import StoredFile

GRACE = timedelta(hours=1)


class NoSuchFile(LookupError):
    """There is no stored file of that id."""


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes that lie in the folder and have no row yet."""

    path: str
    size: int
    sha256: str


class FileStore:
    """The folder of stored files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def locate(self, file: StoredFile | Written) -> Path:
        """Where the bytes lie."""
        return self._folder / file.path

    async def write(self, content: bytes | Path) -> Written:
        """Puts bytes, or a copy of a finished file, into the folder, safe from a loss of power."""
        return await asyncio.to_thread(self._write, content)

    async def record(self, session: Session, written: Written, name: str, now: datetime) -> StoredFile:
        """Adds the row; `name` is only what people see."""
        row = StoredFile(
            path=written.path, name=name, size=written.size, sha256=written.sha256, created_at=now
        )
        session.add(row)
        await session.flush()
        return row

    async def save(self, session: Session, content: bytes, name: str, now: datetime) -> StoredFile:
        """Writes and records in one go, for files small enough for an open transaction."""
        return await self.record(session, await self.write(content), name, now)

    async def keep_once(self, session: Session, content: bytes, name: str, now: datetime) -> StoredFile:
        """The stored file of that name and those bytes; saved where there is none yet."""
        same = await session.scalars(
            select(StoredFile)
            .where(
                col(StoredFile.sha256) == hashlib.sha256(content).hexdigest(), col(StoredFile.name) == name
            )
            .order_by(col(StoredFile.id).desc())
            .limit(1)
        )
        row = same.one_or_none()
        if row is not None and self.locate(row).exists():
            return row
        return await self.save(session, content, name, now)

    async def find(self, session: Session, file_id: int) -> StoredFile:
        """The row of that id; raises NoSuchFile."""
        row = await session.get(StoredFile, file_id)
        if row is None:
            raise NoSuchFile(file_id)
        return row

    async def sweep(self, session: Session, now: datetime) -> int:
        """Removes files older than an hour that no row names; returns how many."""
        known = set(await session.scalars(select(col(StoredFile.path))))
        return await asyncio.to_thread(self._sweep, known, now)

    def _write(self, content: bytes | Path) -> Written:
        data = content.read_bytes() if isinstance(content, Path) else content
        name = secrets.token_hex(16)
        part = self._folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._folder / name)
        return Written(name, len(data), hashlib.sha256(data).hexdigest())

    def _sweep(self, known: Collection[str], now: datetime) -> int:
        swept = 0
        for path in self._folder.iterdir():
            old = path.stat().st_mtime < (now - GRACE).timestamp()
            if old and path.name not in known:
                path.unlink(missing_ok=True)
                swept += 1
        return swept
