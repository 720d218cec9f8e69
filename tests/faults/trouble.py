"""Troubles a program is started with, each a function it calls before it begins."""

import os
import resource
import signal
from typing import Any

from sqlalchemy import Engine, event

from storage.database import Database

DISK = 700_000
IMPATIENCE = 0.3


def fill_the_disk() -> None:
    """No file may grow beyond some bytes: the database's journal is full after a few turns."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))


def wait_briefly_for_locks() -> None:
    """SQLite waits so short for another program's lock that a lock of seconds is a long one."""
    opening: Any = Database.open
    opening.__func__.__kwdefaults__["busy_seconds"] = IMPATIENCE


def die_while_migrating() -> None:
    """SIGKILL in the middle of the first upgrade."""
    seen = []

    @event.listens_for(Engine, "before_cursor_execute")
    def count_tables(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("CREATE TABLE"):
            seen.append(statement)
        if len(seen) == 6:
            os.kill(os.getpid(), signal.SIGKILL)
