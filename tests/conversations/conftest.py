from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import notices
from storage.database import Database
from storage.scopes import Scope
from tests.conversations.casts import HOMES
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, register


@pytest.fixture(scope="session")
def catalog() -> notices.Catalog:
    return notices.load()


@pytest.fixture
async def town(
    database: Database, database_url: str, catalog: notices.Catalog, tmp_path: Path
) -> AsyncIterator[Town]:
    opened = Town(database, database_url, catalog, tmp_path)
    yield opened
    await opened.bot.session.close()


@pytest.fixture
def contact(town: Town) -> Conversation:
    return town.meet(1001, "李明")


@pytest.fixture
async def contacts(town: Town) -> dict[int, Conversation]:
    for chat, (name, home) in HOMES.items():
        await register(town.meet(chat), Facts(name=name, home=home))
    return town.people


@pytest.fixture
async def clerk(town: Town, contacts: dict[int, Conversation]) -> Conversation:
    return await join_staff(town, 9, Scope("city", "320300"))


@pytest.fixture
async def province(town: Town, contacts: dict[int, Conversation]) -> Conversation:
    return await join_staff(town, 10, Scope("province", "320000"))
