"""`xingcun backup`: a copy of everything the program keeps, taken while it runs.

The web chat is held still until its database and the bot's are copied: what it counts as taken by the bot is
in the bot's copy, and nothing said to it after a restore bears a number that the bot's copy knows as done.
Files last: a file is written before the row that names it and never changed, so that each row of the copy
finds its file.
To restore, point XINGCUN_DATA_DIR at the copy.
"""

import shutil
from contextlib import ExitStack
from pathlib import Path

from bot.settings import Settings
from storage.backup import check_copy, copy_sqlite, held

DATABASES = "*.sqlite3"
PASSING = shutil.ignore_patterns(DATABASES, "*.sqlite3-*", "*.lock", "*.part")
OWN_FILE = "xingcun.sqlite3"


class BackupRefused(Exception):
    """No backup is made; the message is one sentence that says why."""


def make_backup(settings: Settings, out: Path) -> None:
    """Copies the data folder to `out`, a folder that is not there yet.

    Raises BackupRefused, storage.backup.BrokenCopy, or OSError.
    """
    if settings.database_file is None:
        raise BackupRefused(
            "XINGCUN_DATABASE_URL: back up PostgreSQL with pg_dump, and the data folder's files."
        )
    if not settings.database_file.exists():
        raise BackupRefused(f"XINGCUN_DATA_DIR: there is no database in {settings.data_dir}.")
    if out.exists():
        raise BackupRefused(f"--out: {out} is there already.")
    out.mkdir(mode=0o700, parents=True)
    others = [item for item in settings.data_dir.rglob(DATABASES) if item != settings.database_file]
    copies = {item: out / item.relative_to(settings.data_dir) for item in others}
    copies[settings.database_file] = out / OWN_FILE
    with ExitStack() as still:
        for database in others:
            still.enter_context(held(database))
        for database, copy in copies.items():
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy_sqlite(database, copy)
    for copy in copies.values():
        check_copy(copy)
    shutil.copytree(settings.data_dir, out, ignore=PASSING, dirs_exist_ok=True)
