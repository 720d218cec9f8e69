"""A fresh database for each run of a machine, on either engine, and a loop to work it."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

from storage.database import Database
from tests.conftest import POSTGRES_URL, administer, migrate

Result = TypeVar("Result")
TEMPLATES: dict[str, str] = {}


class Ground:
    """A database that is gone when the machine ends."""

    def __init__(self, engine: str) -> None:
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="xingcun-"))
        self._name = f"xingcun_machine_{uuid.uuid4().hex[:12]}"
        self.url = self._on_sqlite() if engine == "sqlite" else self._on_postgres()
        self.database = Database.open(self.url, synchronous="NORMAL")

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What the coroutine returns."""
        return self.runner.run(work)

    def close(self) -> None:
        """Leaves nothing behind."""
        self.run(self.database.close())
        self.runner.close()
        if self.url.startswith("postgres"):
            administer(f"DROP DATABASE {self._name} WITH (FORCE)")
        shutil.rmtree(self.folder)

    def _on_sqlite(self) -> str:
        if "sqlite" not in TEMPLATES:
            TEMPLATES["sqlite"] = str(Path(tempfile.mkdtemp(prefix="xingcun-")) / "empty.sqlite3")
            migrate(f"sqlite:///{TEMPLATES['sqlite']}")
        path = self.folder / "machine.sqlite3"
        shutil.copyfile(TEMPLATES["sqlite"], path)
        return f"sqlite:///{path}"

    def _on_postgres(self) -> str:
        if "postgresql" not in TEMPLATES:
            TEMPLATES["postgresql"] = f"xingcun_machines_{uuid.uuid4().hex[:12]}"
            administer(f"CREATE DATABASE {TEMPLATES['postgresql']}")
            migrate(address_of(TEMPLATES["postgresql"]))
        administer(f"CREATE DATABASE {self._name} TEMPLATE {TEMPLATES['postgresql']}")
        return address_of(self._name)


def address_of(name: str) -> str:
    """The address of a database on the server the tests were given."""
    return make_url(str(POSTGRES_URL)).set(database=name).render_as_string(hide_password=False)
