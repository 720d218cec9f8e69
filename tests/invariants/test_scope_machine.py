"""Invariant 7: every record an actor reads, exports or is told of lies in that actor's scope at that moment.

The oracle keeps a table of its own: where each organization is registered, which roles hold, and the word
that stands in its records and in nobody else's.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlmodel import col

import notices
from bot.clock import real_now
from handlers.callbacks import Desk, Go, Own, Queue
from registration import invites
from storage.people import Organization, Person, StaffRole
from storage.scopes import Scope
from tests.conftest import ENGINES
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Facts, Project, file, register
from tests.invariants.conftest import PROFILE
from tests.invariants.grounds import Ground

HOMES = {
    "甲字": ("320300", "市级"),
    "乙字": ("320382", "县级"),
    "丙字": ("320623", "县级"),
    "丁字": ("320100", "省级"),
}
PLACES = {"320300": "徐州市", "320382": "邳州市", "320623": "如东县", "320100": "南京市"}
SCOPES = {
    "the province": Scope("province", "320000"),
    "xuzhou": Scope("city", "320300"),
    "nantong": Scope("city", "320600"),
    "nanjing": Scope("city", "320100"),
}
STAFF = {"one": 901, "two": 902}


class Reading(RuleBasedStateMachine):
    """Organizations file and move, roles come and go, and staff and contacts open whatever they can."""

    engine = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.ground = Ground(self.engine)
        self.town = Town(self.ground.database, self.ground.url, notices.load(), self.ground.folder)
        self.registered: dict[str, tuple[str, str]] = {}
        self.roles: dict[str, set[str]] = {name: set() for name in STAFF}
        self.run = self.ground.run

    def contact(self, mark: str) -> Conversation:
        return self.town.meet(1 + list(HOMES).index(mark), f"{mark}联系人")

    @rule(mark=st.sampled_from(list(HOMES)))
    def somebody_registers_and_files(self, mark: str) -> None:
        if mark in self.registered:
            return
        home, level = HOMES[mark]
        facts = Facts(name=f"{mark}协会", home=f"江苏省{PLACES[home]}", level=level)
        self.run(register(self.contact(mark), facts))
        self.run(file(self.contact(mark), Project(name=f"{mark}项目助学")))
        self.registered[mark] = (home, level)

    @precondition(lambda self: self.registered)
    @rule(data=st.data(), home=st.sampled_from(list(PLACES)))
    def an_organization_moves(self, data: st.DataObject, home: str) -> None:
        mark = data.draw(st.sampled_from(sorted(self.registered)))

        async def move() -> None:
            async with self.ground.database.transaction() as session:
                named = col(Organization.name) == f"{mark}协会"
                await session.execute(update(Organization).where(named).values(home=home))

        self.run(move())
        self.registered[mark] = (home, self.registered[mark][1])

    @rule(who=st.sampled_from(list(STAFF)), scope=st.sampled_from(list(SCOPES)))
    def a_role_is_granted(self, who: str, scope: str) -> None:
        async def invite() -> str:
            async with self.ground.database.transaction() as session:
                return await invites.issue(session, SCOPES[scope], hours=1, wall=real_now())

        self.run(self.town.meet(STAFF[who]).says(f"/start {self.run(invite())}"))
        self.roles[who].add(scope)

    @rule(who=st.sampled_from(list(STAFF)))
    def all_roles_are_revoked(self, who: str) -> None:
        async def revoke() -> None:
            async with self.ground.database.transaction() as session:
                ids = select(Person.id).where(col(Person.chat_id) == STAFF[who])
                gone = update(StaffRole).where(col(StaffRole.person_id).in_(ids))
                await session.execute(gone.values(revoked_at=real_now()))

        self.run(revoke())
        self.roles[who].clear()

    def visible_to(self, who: str) -> set[str]:
        """By the table alone: the province sees all of it, a city what is registered there below 省级."""
        seen = set()
        for mark, (home, level) in self.registered.items():
            for name in self.roles[who]:
                scope = SCOPES[name]
                inside = home.startswith(scope.code[:4]) and level != "省级"
                if scope.role == "province" or inside:
                    seen.add(mark)
        return seen

    @rule(who=st.sampled_from(list(STAFF)), place=st.sampled_from([item.code for item in SCOPES.values()]))
    def staff_open_everything(self, who: str, place: str) -> None:
        person = self.town.meet(STAFF[who])
        if not person.messages:
            self.run(person.says("/start"))
        pages = [Desk(act=act, notice="js", scope=place) for act in ("overview", "filings", "missing")]
        cards = [Desk(act="filing", notice="js", scope=place, id=number) for number in range(1, 5)]
        ways = [*pages, *cards, Desk(act="overview"), Queue(act="list"), Own(act="list"), Go(to="home")]
        self.reads(person, [item.pack() for item in ways], self.visible_to(who))

    @rule(mark=st.sampled_from(list(HOMES)))
    def a_contact_opens_everything(self, mark: str) -> None:
        person = self.contact(mark)
        if not person.messages:
            self.run(person.says("/start"))
        ways = [Own(act="list"), Go(to="organizations"), Go(to="file"), Desk(act="overview")]
        ways += [Own(act=act, id=number) for act in ("open", "copy") for number in range(1, 5)]
        self.reads(person, [item.pack() for item in ways], {mark} & set(self.registered))

    def reads(self, person: Conversation, buttons: list[str], visible: set[str]) -> None:
        before = dict(person.messages)
        shown = []
        for data in buttons:
            self.run(person.forges(data))
            shown += [seen for number, seen in person.messages.items() if before.get(number) is not seen]
        text = " ".join(" ".join([seen.html, *seen.buttons]) for seen in shown)
        assert {mark for mark in HOMES if mark in text} <= visible

    @rule(who=st.sampled_from(list(STAFF)), place=st.sampled_from(list(SCOPES)))
    def staff_export(self, who: str, place: str) -> None:
        """The table that comes holds no row beyond the scope, or none comes."""
        person = self.town.meet(STAFF[who])
        if not person.messages:
            self.run(person.says("/start"))
        files = {number for number, seen in person.messages.items() if seen.file}
        data = Desk(act="build", notice="js", scope=SCOPES[place].code, table=1).pack()
        self.run(person.forges(data))
        sent = [seen for number, seen in person.messages.items() if seen.file and number not in files]
        assert bool(sent) == bool(self.roles[who] & {place, "the province"})
        for seen in sent:
            book = load_workbook(self.run(self.town.file_behind(seen)))
            text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
            assert {mark for mark in HOMES if mark in text} <= self.visible_to(who)

    def teardown(self) -> None:
        self.run(self.town.bot.session.close())
        self.ground.close()


class ReadingOnPostgres(Reading):
    engine = "postgresql"


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_ever_reads_beyond_their_scope(engine: str) -> None:

    machine = Reading if engine == "sqlite" else ReadingOnPostgres
    run_state_machine_as_test(machine, settings=settings(PROFILE, max_examples=PROFILE.max_examples // 2))
