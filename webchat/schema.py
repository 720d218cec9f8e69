"""The web chat's own SQLite file: tables, connection settings, one transaction at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS people (
    chat INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL REFERENCES people (chat),
    by_bot INTEGER NOT NULL,
    date INTEGER NOT NULL,
    edit_date INTEGER,
    text TEXT NOT NULL,
    entities TEXT NOT NULL,
    keyboard TEXT,
    file TEXT REFERENCES files (id),
    as_photo INTEGER NOT NULL DEFAULT 0,
    reply_to INTEGER,
    album TEXT,
    nonce TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    cursor INTEGER NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS messages_by_change ON messages (chat, cursor);
CREATE UNIQUE INDEX IF NOT EXISTS messages_by_nonce ON messages (chat, nonce) WHERE nonce IS NOT NULL;
CREATE TABLE IF NOT EXISTS updates (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    out_of_order INTEGER NOT NULL,
    replay INTEGER NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0,
    confirmed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS updates_waiting ON updates (position) WHERE confirmed = 0;
CREATE TABLE IF NOT EXISTS presses (
    id TEXT PRIMARY KEY,
    chat INTEGER NOT NULL,
    message INTEGER NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open (and create where missing) the chat's file. A commit has reached the disk when it returns."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(TABLES)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is stored together or not at all. May stand inside another one."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
