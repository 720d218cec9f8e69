"""A small world in which everybody owns something, and who may reach what, written down by hand."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from bot.clock import real_now
from handlers.filling.uploads import READ
from registration import invites
from storage import inbox
from storage.audiences import Audience
from storage.broadcasts import Broadcast
from storage.filings import Filing
from storage.inbox import Arrival
from storage.people import Audit, Membership, Organization, Person, RegistrationDraft, StaffRole
from storage.questions import Question
from storage.queues import JobRow
from storage.scopes import Role, Scope
from tests.conversations.talking import BOT_ID, Conversation, Town
from tests.conversations.walks import Facts, Project, agree, file, fill, register

NOT_YOURS = "没有找到这一条，或者它不归您管。"
MISSING = 999_999
NANJING = "320100"

# Words that stand in one organization's records and nowhere else.
MARKS = {
    "xuzhou": ("徐州市甲字协会", "甲字助学", "13800138001"),
    "nantong": ("南通市乙字协会", "乙字义诊", "13800138002", "乙字问的是什么时候截止"),
    "provincial": ("江苏省丙字联合会", "丙字办厂", "13800138003"),
}
# Whose records each actor may see. Staff see their place, contacts their own, others nothing.
SEES = {
    "contact of xuzhou": {"xuzhou"},
    "contact of nantong": {"nantong"},
    "contact of the province": {"provincial"},
    "applicant": set(),
    "stranger": set(),
    "newcomer": set(),
    "clerk of xuzhou": {"xuzhou"},
    "clerk of nantong": {"nantong"},
    "clerk of the province": {"xuzhou", "nantong", "provincial"},
    "former clerk of nantong": set(),
    # The provincial organization is registered in this city, and yet in no city's scope.
    "clerk of nanjing": set(),
}
CHATS = {name: number for number, name in enumerate(SEES, 1)}
SCOPES: dict[str, tuple[Role, str]] = {
    "xuzhou": ("city", "320300"),
    "nantong": ("city", "320600"),
    "provincial": ("province", "320000"),
}
OWNER = {
    "xuzhou": "contact of xuzhou",
    "nantong": "contact of nantong",
    "provincial": "contact of the province",
}


@dataclass
class World:
    """The actors, and the ids of what is theirs: `ids[kind][place]`."""

    town: Town
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    seen: int = 0

    def actor(self, name: str) -> Conversation:
        return self.town.meet(CHATS[name], name)

    async def refusals(self) -> list[tuple[int, str]]:
        """The refusals since the last time this was asked: whose, as chat, and their codes, in order."""
        async with self.town.database.snapshot() as session:
            found = await session.execute(
                select(Audit.id, Person.chat_id, Audit.details)
                .join(Person, col(Person.id) == col(Audit.person_id))
                .where(col(Audit.action) == "refused", col(Audit.id) > self.seen)
                .order_by(col(Audit.id))
            )
            rows = found.all()
        self.seen = max([self.seen, *(row[0] for row in rows)])
        return [(row[1], row[2]["code"]) for row in rows]

    async def tap_all(self, taps: dict[str, list[str]]) -> None:
        """Each actor sends callback data as if buttons had carried them, all at once."""
        arrivals = []
        for name, forged in taps.items():
            person = self.actor(name)
            message = {**person._message(text="card"), "message_id": 1}
            query = {"id": "1", "from": person._person(), "chat_instance": "1", "message": message}
            for data in forged:
                number = next(self.town._numbers)
                body = {"update_id": number, "callback_query": {**query, "data": data}}
                arrivals.append(Arrival(number, person.chat, body))
        await self.receive(arrivals)

    async def say_all(self, texts: list[str]) -> None:
        """Every actor says these texts, all at once."""
        arrivals = []
        for name in SEES:
            person = self.actor(name)
            for text in texts:
                number = next(self.town._numbers)
                body = {"update_id": number, "message": person._message(text=text)}
                arrivals.append(Arrival(number, person.chat, body))
        await self.receive(arrivals)

    async def receive(self, arrivals: list[Arrival]) -> None:
        """These updates lie in the inbox before any is worked on."""
        async with self.town.database.transaction() as session:
            await inbox.store(session, BOT_ID, arrivals, real_now())
        await self.town.settle()


def marks_of_others(name: str) -> list[str]:
    """The words that must never reach this actor."""
    return [mark for place, marks in MARKS.items() if place not in SEES[name] for mark in marks]


async def build(town: Town) -> World:
    """Three organizations, each with a filing, a draft, a request, an upload and a question; and staff."""
    world = World(town)
    homes = {"xuzhou": ("徐州市", "市级"), "nantong": ("南通市", "市级"), "provincial": ("南京市", "省级")}
    for place, (home, level) in homes.items():
        person, (name, project, phone, *_) = world.actor(OWNER[place]), MARKS[place]
        await register(person, Facts(name=name, home=home, level=level, phone=phone))
        await file(person, Project(name=project))
        await fill(person, Project(name=f"{project}之二", region="如东县"))
    await world.actor("newcomer").says("/start")
    await agree(world.actor("applicant"))
    await agree(world.actor("stranger"))
    for name, scope in (
        ("clerk of xuzhou", Scope("city", "320300")),
        ("clerk of nantong", Scope("city", "320600")),
        ("clerk of the province", Scope("province", "320000")),
        ("former clerk of nantong", Scope("city", "320600")),
        ("clerk of nanjing", Scope("city", NANJING)),
    ):
        async with town.database.transaction() as session:
            code = await invites.issue(session, scope, hours=1, wall=real_now())
        await world.actor(name).says(f"/start {code}")
    await _add_rows(world)
    return world


async def _add_rows(world: World) -> None:
    """What would take long walks to bring about by talking."""
    moment = world.town.clock.now()
    async with world.town.database.transaction() as session:
        people = {row.chat_id: row for row in await session.scalars(select(Person))}
        by_name = {row.name: row for row in await session.scalars(select(Organization))}
        former = people[CHATS["former clerk of nantong"]]
        for role in await session.scalars(select(StaffRole).where(col(StaffRole.person_id) == former.id)):
            role.revoked_at = moment
        for place, marks in MARKS.items():
            owner, organization = people[CHATS[OWNER[place]]], by_name[marks[0]]
            assert organization.id is not None
            assert owner.id is not None
            await _own(world, session, place, owner, organization, moment)
    await _find_filings(world)


async def _own(
    world: World, session: Any, place: str, owner: Person, organization: Organization, moment: Any
) -> None:
    applicant = (await session.scalars(select(Person).where(col(Person.chat_id) == CHATS["applicant"]))).one()
    rows = {
        "request": Membership(
            person_id=applicant.id, organization_id=organization.id, state="pending", created_at=moment
        ),
        "registration": RegistrationDraft(
            person_id=owner.id,
            kind="organization",
            purpose="register",
            created_at=moment,
            updated_at=moment,
        ),
        "upload": JobRow(
            bot_id=BOT_ID,
            chat_id=CHATS[OWNER[place]],
            kind=READ,
            state="done",
            payload={"notice": "jiangsu-2021", "form": "annex2", "organization": organization.id},
            result={"rows": 1},
            created_at=moment,
            ended_at=moment + timedelta(seconds=1),
        ),
        "broadcast": Broadcast(
            kind="letter",
            notice="jiangsu-2021",
            audience=Audience("everyone", "jiangsu-2021", "", ("organization",), *SCOPES[place]).as_json(),
            text=MARKS[place][1],
            state="running",
            started_at=moment,
            created_at=moment,
            due_at=moment,
        ),
        "question": Question(
            person_id=owner.id,
            text=MARKS[place][-1],
            outcome="refused",
            reason="",
            notice="jiangsu-2021",
            turn={"anchors": []},
            asked_at=moment,
            organization_id=organization.id,
            region="320000",
            state="waiting",
            passed_on_at=moment,
        ),
    }
    session.add_all(rows.values())
    await session.flush()
    for kind, row in rows.items():
        world.ids.setdefault(kind, {})[place] = row.id
    world.ids.setdefault("organization", {})[place] = organization.id or 0


async def _find_filings(world: World) -> None:
    async with world.town.database.snapshot() as session:
        for row in await session.scalars(select(Filing)):
            place = next(
                place for place, number in world.ids["organization"].items() if number == row.organization_id
            )
            world.ids.setdefault("draft" if row.state == "draft" else "filing", {})[place] = row.id or 0
