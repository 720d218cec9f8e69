"""Invariant 9, by walks: each change leaves one audit row under who made it, and looking leaves none."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlmodel import col

from bot.clock import real_now
from registration import invites
from storage.people import Audit, Person
from storage.scopes import Scope
from tests.conversations.conftest import catalog, town
from tests.conversations.many import hear
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Facts, Project, agree, file, fill, register

__all__ = ["catalog", "town"]
NAME = Project().name
Trail = list[tuple[int, str]]


class Book:
    """What the trail says since the last time it was read: whose chat, and what."""

    def __init__(self, town: Town) -> None:
        self._town, self._read = town, 0

    async def new(self) -> Trail:
        async with self._town.database.snapshot() as session:
            found = await session.execute(
                select(col(Audit.id), col(Person.chat_id), col(Audit.action))
                .join(Person, col(Person.id) == col(Audit.person_id))
                .where(col(Audit.id) > self._read)
                .order_by(col(Audit.id))
            )
            rows = found.all()
        self._read = max([self._read, *(row[0] for row in rows)])
        return [(row[1], row[2]) for row in rows]

    async def of(self, doing: Awaitable[None]) -> Trail:
        await doing
        return await self.new()


async def open_filing(person: Conversation, *presses: str) -> None:
    await person.says("/mine")
    await person.presses(*presses)


async def test_what_becomes_of_a_filing(town: Town) -> None:
    book, one = Book(town), town.meet(1)
    assert await book.of(agree(one)) == [(1, "consent")]
    assert await book.of(register(one)) == [(1, "organization_registered")]
    assert await book.of(fill(one)) == [(1, "filing_started")]
    card = one.last
    assert await book.of(one.presses("提交")) == [(1, "filing_submitted")]
    assert (await book.of(one.taps(card, "提交")))[1:] == [], "filed twice"
    assert await book.of(open_filing(one, NAME)) == []
    assert await book.of(open_filing(one, NAME, "修改", "改：受益人数")) == [(1, "correction_started")]
    assert await book.of(one.says("350")) == []
    assert await book.of(one.presses("放弃修改")) == [(1, "correction_cancelled")]
    await book.of(open_filing(one, NAME, "修改", "改：受益人数"))
    assert await book.of(one.says("360")) == []
    assert await book.of(one.presses("提交修改")) == [(1, "filing_submitted")]
    assert await book.of(open_filing(one, NAME, "撤回")) == []
    assert await book.of(one.presses("确定撤回")) == [(1, "filing_withdrawn")]
    await book.of(fill(one, Project(name="义诊下乡")))
    assert await book.of(open_filing(one, "义诊下乡", "放弃", "确定放弃")) == [(1, "filing_discarded")]


async def test_who_joins_an_organization(town: Town) -> None:
    book, one, two = Book(town), town.meet(1), town.meet(2)
    await register(one)
    await agree(two)
    await book.new()
    await two.presses("登记单位")
    await two.says(Facts().name)
    assert await book.of(two.presses("申请加入")) == []
    await two.says("王芳", "13900139000")
    assert await book.of(two.presses("申请加入")) == [(2, "membership_requested")]
    await hear(town)
    assert await book.of(one.presses("同意加入")) == [(1, "membership_active")]


async def test_who_becomes_staff_and_writes_to_many(town: Town) -> None:
    book, one, clerk = Book(town), town.meet(1), town.meet(9)
    await register(one)
    await file(one)
    async with town.database.transaction() as session:
        code = await invites.issue(session, Scope("city", "320300"), hours=1, wall=real_now())
    await book.new()
    assert await book.of(clerk.says("/start " + "A" * 32)) == [(9, "invite_refused")]
    assert await book.of(clerk.says(f"/start {code}")) == [(9, "invite_redeemed")]
    await clerk.says("/broadcast")
    await clerk.presses("群发", "全部登记单位", "（全部）")
    assert await book.of(clerk.says("明天九点开会")) == []
    steps: dict[str, Trail] = {
        "发给 1 位": [(9, "broadcast_begun")],
        "暂停": [(9, "broadcast_paused")],
        "继续发": [(9, "broadcast_resumed")],
        "停止": [(9, "broadcast_paused")],
        "确定停止": [(9, "broadcast_cancelled")],
    }
    press: Callable[[str], Awaitable[None]] = clerk.presses
    assert {button: await book.of(press(button)) for button in steps} == steps
