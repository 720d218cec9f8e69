"""One engine over the published packs for all tests of this folder: building it takes seconds."""

import pytest

import notices
from policy import Engine


@pytest.fixture(scope="session")
def catalog() -> notices.Catalog:
    return notices.load()


@pytest.fixture(scope="session")
def engine(catalog: notices.Catalog) -> Engine:
    return Engine(catalog)
