"""Schema migrations (Alembic), packaged with the program and run at start.

The whole upgrade is one transaction on both engines, so that a kill in the middle leaves nothing behind.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

FOLDER = Path(__file__).parent
UPGRADE_LOCK = 20_211_020


class DanglingRows(Exception):
    """A revision left rows that point at rows which are gone."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs the missing revisions on a connection whose transaction is open; raises DanglingRows."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    command.upgrade(configure(connection), revision)
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise DanglingRows(dangling[:5])


def configure(connection: Connection) -> Config:
    """Alembic's settings for this connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
