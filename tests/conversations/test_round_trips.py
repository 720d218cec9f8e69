"""What is exported and sent in again is what was filed; an import that is cut off leaves nothing behind."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import col, select

import exports
from registration import imported
from storage.filings import FilingVersion
from storage.scopes import Scope
from tests.conversations.sheets import line, workbook
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_uploads import filed, send
from tests.conversations.walks import Project, file, register

VALUES = ("name", "region", "nature", "money", "people", "beneficiaries")


async def exported(town: Town, folder: Path) -> bytes:
    notice = town.catalog.notice("jiangsu-2021")
    path = folder / "out.xlsx"
    async with town.database.snapshot() as session:
        scope = Scope("city", "320300")
        await exports.export(session, notice.table("annex2"), notice, scope, town.clock.now(), path)
    return path.read_bytes()


async def current(town: Town) -> list[tuple[object, ...]]:
    async with town.database.snapshot() as session:
        rows = await session.scalars(
            select(FilingVersion).where(col(FilingVersion.current)).order_by(col(FilingVersion.filing_id))
        )
        return sorted((tuple(getattr(row, name) for name in VALUES) for row in rows), key=str)


PROJECTS = (
    Project(invested="约50万元", people="20多人"),
    Project(region="克州阿合奇", name="送医下乡", nature="义诊", invested="2883.86万元", people="0"),
    Project(
        region="陕西省",
        name="=产业路（一期）&二期",
        nature="产业帮扶",
        invested="0",
        beneficiaries="1.4万多人",
    ),
    Project(region="宿迁泗阳", name="爱心超市", nature="以购代捐", invested="333元", beneficiaries="12"),
)


async def test_an_export_sent_in_again_adds_nothing(
    contact: Conversation, town: Town, tmp_path: Path
) -> None:
    await register(contact)
    for project in PROJECTS:
        await file(contact, project)
    before = await current(town)
    assert "4 个项目都已经报过" in await send(contact, await exported(town, tmp_path))
    assert await current(town) == before


async def test_an_export_sent_in_elsewhere_is_the_same(
    contact: Conversation, town: Town, tmp_path: Path
) -> None:
    await register(contact)
    for project in PROJECTS:
        await file(contact, project)
    before = await current(town)
    content = await exported(town, tmp_path)
    for _ in PROJECTS:
        await contact.says("/mine")
        label = next(label for label in contact.buttons if label.startswith("已提交｜"))
        await contact.presses(label, "撤回", "确定撤回")
    assert await current(town) == []
    text = await send(contact, content)
    assert "2883.86万元" in text
    await contact.presses("按万元")
    assert await current(town) == before


async def test_an_import_cut_off_leaves_nothing_and_is_done_once(
    contact: Conversation, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(contact)
    await send(contact, workbook([line(number) for number in range(40)]))
    preview = contact.copy_of(contact.last)
    whole = imported.bulk_filings.add_filed
    calls = 0

    async def cut_off(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        done = await whole(*args, **kwargs)  # type: ignore[arg-type]
        if calls == 1:
            raise ConnectionResetError
        return done

    monkeypatch.setattr(imported.bulk_filings, "add_filed", cut_off)
    await contact.taps(preview, "确认导入")
    assert await filed(town) == 0
    async with asyncio.timeout(20):
        while await filed(town) == 0:
            await asyncio.sleep(0.2)
            await town.settle()
    await contact.taps(preview, "确认导入", times=2)
    assert await filed(town) == 40


async def test_two_members_confirm_at_once_and_all_is_there_once(contact: Conversation, town: Town) -> None:
    await register(contact)
    content = workbook([line(number) for number in range(5)])
    await send(contact, content)
    first = contact.copy_of(contact.last)
    await send(contact, content)
    second = contact.copy_of(contact.last)
    await contact.taps(first, "确认导入")
    await contact.taps(second, "确认导入")
    assert await filed(town) == 5
