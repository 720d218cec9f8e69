"""`xingcun backup`: a copy of everything the program keeps, taken while it runs.

The web chat's database first, so that what it counts as taken by the bot is in the bot's copy; files last: a
file is written before the row that names it and never changed, so that each row of the copy finds its file.
To restore, point XINGCUN_DATA_DIR at the copy.
"""

import shutil
from pathlib import Path

from bot.settings import Settings
from storage.backup import copy_sqlite

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
    for database in settings.data_dir.rglob(DATABASES):
        if database != settings.database_file:
            copy = out / database.relative_to(settings.data_dir)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy_sqlite(database, copy)
    copy_sqlite(settings.database_file, out / OWN_FILE)
    shutil.copytree(settings.data_dir, out, ignore=PASSING, dirs_exist_ok=True)
