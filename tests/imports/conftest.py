from datetime import date

import pytest

import notices
from imports.task import Task
from imports.tasks import task_for
from notices.model import Notice
from tests.conversations.sheets import OWN


@pytest.fixture(scope="session")
def notice() -> Notice:
    return notices.load().notice("jiangsu-2021")


@pytest.fixture(scope="session")
def task(notice: Notice) -> Task:
    own = {"name": OWN, "credit_code": ""}
    return task_for(notice, notice.form("annex2"), own, date(2021, 10, 11))
