"""Copies of SQLite files while programs write to them.

Copying the file alone would lose what still lies in its journal; SQLite's own backup reads one consistent
state (https://www.sqlite.org/backup.html).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class BrokenCopy(Exception):
    """The copy does not hold together; the source may be damaged."""


@contextmanager
def held(source: Path) -> Iterator[None]:
    """For as long as the block lasts nobody writes to the database `source`: whoever wants to waits."""
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def copy_sqlite(source: Path, target: Path) -> None:
    """Writes one state of the database `source` to `target`."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


def check_copy(target: Path) -> None:
    """Raises BrokenCopy where the database `target` does not hold together."""
    with closing(sqlite3.connect(target)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BrokenCopy(target)
