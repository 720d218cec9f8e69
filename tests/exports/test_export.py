"""From the database to the file, and from the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

import exports
from bot.cli import app
from notices.model import Notice
from storage.database import Database
from storage.export_rows import filed_rows
from storage.filings import Filing, FilingVersion
from storage.people import Organization, Person
from storage.scopes import Scope

NOW = datetime(2021, 10, 11, 1, tzinfo=UTC)
XUZHOU, PROVINCE = Scope("city", "320300"), Scope("province", "320000")


HOMES = [
    ("徐州市彭城慈善会", "320300", "city"),
    ("丰县义工社", "320321", "county"),
    ("全省一会", "320106", "province"),
]
VERSIONS = [("旧版", False), ("新版", True), ("撤回", False)]


async def fill(database: Database) -> None:
    """Three organizations: of a city, of its county, of the province; of each one filing is current."""
    async with database.transaction() as session:
        session.add(Person(id=1, channel="webchat", chat_id=1, created_at=NOW))
        await session.flush()
        for number, (name, home, level) in enumerate(HOMES, 1):
            named: dict[str, Any] = {
                "id": number,
                "kind": "organization",
                "name": name,
                "folded_name": name,
                "home": home,
            }
            session.add(Organization(**named, level=level, created_at=NOW, created_by=1))
        await session.flush()
        for organization, (name, _, _) in enumerate(HOMES, 1):
            for money, (title, current) in enumerate(VERSIONS, 12_500_000):
                said: dict[str, Any] = {
                    "notice": "jiangsu-2021",
                    "form": "annex2",
                    "organization_id": organization,
                }
                filing = Filing(**said, author_id=1, state="filed", created_at=NOW, updated_at=NOW)
                session.add(filing)
                await session.flush()
                figures: dict[str, Any] = {
                    "money": money,
                    "people": 3,
                    "beneficiaries": 20,
                    "region": "320324",
                    "nature": "health",
                }
                version: dict[str, Any] = {
                    "filing_id": filing.id,
                    "version": 1,
                    "filed_at": NOW,
                    "filed_by": 1,
                }
                session.add(FilingVersion(**said, **figures, **version, name=name + title, current=current))


def column(path: Path, sheet: str, number: int) -> list[Any]:
    return [row[number].value for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


async def test_only_what_is_filed_in_scope_is_exported(
    database: Database, jiangsu: Notice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.export_rows.BATCH", 1)  # no row may be lost between two batches
    await fill(database)
    table = jiangsu.table("annex2")
    for scope, names in (
        (XUZHOU, ["徐州市彭城慈善会新版", "丰县义工社新版"]),
        (PROVINCE, ["全省一会新版", "徐州市彭城慈善会新版", "丰县义工社新版"]),
    ):
        path = tmp_path / f"{scope.code}.xlsx"
        async with database.snapshot() as session:
            await exports.export(session, table, jiangsu, scope, NOW, path)
        assert column(path, "明细表", 2)[6:-1] == names


async def test_annex_1_is_counted_from_the_database(
    database: Database, jiangsu: Notice, tmp_path: Path
) -> None:
    await fill(database)
    path = tmp_path / "annex1.xlsx"
    async with database.snapshot() as session:
        await exports.export(session, jiangsu.table("annex1"), jiangsu, XUZHOU, NOW, path)
    inside = [cell.value for cell in openpyxl.load_workbook(path)["统计表"][12]]
    assert inside[2:] == [2, 1, 2, 1, 25.000002, 12.500001, 6, 3, 40, 20]


async def test_each_row_tells_the_moment_it_was_filed(database: Database) -> None:
    await fill(database)
    async with database.snapshot() as session:
        batches = [batch async for batch in filed_rows(session, "jiangsu-2021", "annex2", None)]
    assert {row.filed_at for batch in batches for row in batch} == {NOW.timestamp()}


def test_a_file_is_called_by_table_and_place(jiangsu: Notice) -> None:
    assert exports.file_name(jiangsu.table("annex1"), XUZHOU) == "附件1 统计表（徐州市）.xlsx"


def command(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["export", *arguments])


@pytest.fixture
def settings(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XINGCUN_DATABASE_URL", database_url)
    monkeypatch.setenv("XINGCUN_DATA_DIR", str(tmp_path))


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("city", ["徐州市", "徐州", "320300"])
def test_the_command_writes_the_file(tmp_path: Path, city: str) -> None:
    out = tmp_path / "f.xlsx"
    done = command("--notice", "jiangsu-2021", "--table", "annex1", "--city", city, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert column(out, "统计表", 0)[2] == "单位（盖章）：徐州市民政局"


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--notice", "jiangsu-2020", "jiangsu-2021, shanxi-2023"),
        ("--table", "annex9", "annex1, annex2"),
        ("--city", "太原市", "徐州市"),
        ("--out", "/no/such/folder/f.xlsx", "there is no folder"),
    ],
)
def test_the_command_says_what_would_be_right(tmp_path: Path, option: str, value: str, said: str) -> None:
    given = {
        "--notice": "jiangsu-2021",
        "--table": "annex1",
        "--out": str(tmp_path / "f.xlsx"),
        option: value,
    }
    done = command(*[part for pair in given.items() for part in pair])
    assert done.exit_code == 2
    assert option in done.output
    assert said in done.output


def test_without_a_database_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XINGCUN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("XINGCUN_DATABASE_URL", raising=False)
    done = command("--notice", "jiangsu-2021", "--table", "annex1", "--out", str(tmp_path / "f.xlsx"))
    assert done.exit_code == 2
    assert "XINGCUN_DATA_DIR" in done.output
    assert list(tmp_path.iterdir()) == []
