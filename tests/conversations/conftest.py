from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import notices
from storage.database import Database
from tests.conversations.talking import Conversation, Town


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
