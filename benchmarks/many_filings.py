"""A database in which 5,000 organizations filed 100,000 projects, made by plain inserts."""

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.database import Database

FILINGS, ORGANIZATIONS = 100_000, 5_000
REGIONS = ("320324", "321323", "653023", "654003", "540102", "610203", "630200", "341202")
NATURES = ("livelihood", "industry", "education", "health", "volunteering")
HOMES = ("320300", "320321", "320500", "320583", "320100", "320106", "321300", "321322")
THEN = "2021-10-11 01:00:00.000000"


def _organizations() -> Iterator[tuple[Any, ...]]:
    for number in range(1, ORGANIZATIONS + 1):
        home = HOMES[number % len(HOMES)]
        name = f"江苏第{number}志愿者服务协会"
        level = "city" if home.endswith("00") else "county"
        yield (
            number,
            "organization",
            name,
            name,
            "association",
            level,
            home,
            "李明",
            "025-80000000",
            "{}",
            THEN,
            1,
        )


def _versions(count: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(2021)
    for number in range(1, count + 1):
        values = {
            "name": f"困难家庭学生助学第{number}期",
            "region": chance.choice(REGIONS),
            "nature": chance.choice(NATURES),
            "money": chance.randrange(10**10),
            "people": chance.randrange(50),
            "beneficiaries": chance.randrange(3_000),
        }
        answers = json.dumps({name: {"value": value} for name, value in values.items()}, ensure_ascii=False)
        organization = 1 + (number - 1) * ORGANIZATIONS // count
        yield (number, organization, answers, *values.values())


async def fill(path: Path, count: int = FILINGS) -> None:
    """Makes the database at `path`; its first person is staff nobody, its filings are filed."""
    database = Database.open(f"sqlite:///{path}")
    await database.upgrade()
    await database.close()
    with sqlite3.connect(path) as plain:
        plain.execute(
            "INSERT INTO person (id, channel, chat_id, name, created_at) VALUES (1, 'none', -1, '', ?)",
            (THEN,),
        )
        plain.executemany(
            "INSERT INTO organization (id, kind, name, folded_name, type, level, home, contact, phone,"
            " answers, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _organizations(),
        )
        for row in _versions(count):
            number, organization, answers, *columns = row
            plain.execute(
                "INSERT INTO filing (id, notice, form, organization_id, author_id, state, answers,"
                " correcting, version, revision, created_at, updated_at, filed_at)"
                " VALUES (?, 'jiangsu-2021', 'annex2', ?, 1, 'filed', ?, 0, 1, 7, ?, ?, ?)",
                (number, organization, answers, THEN, THEN, THEN),
            )
            plain.execute(
                "INSERT INTO filing_version (filing_id, version, notice, form, organization_id, current,"
                " answers, name, region, nature, money, people, beneficiaries, filed_at, filed_by)"
                " VALUES (?, 1, 'jiangsu-2021', 'annex2', ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                (number, organization, answers, *columns, THEN),
            )
    plain.close()
