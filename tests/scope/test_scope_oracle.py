"""Every button, page, command and job's result, tried by actors of every role on what is others'.

The table below says of each kind of callback data whose business it is. A kind, an act, a page or a command
without an entry fails the test, so that a new one cannot come in without being thought of.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from aiogram.filters.callback_data import CallbackData
from openpyxl import load_workbook

import handlers
from handlers import callbacks, pages, routers
from handlers.callbacks import (
    Batch,
    Begin,
    Cast,
    Desk,
    Go,
    Import,
    Membership,
    Notices,
    Opinion,
    Organizations,
    Own,
    OwnTable,
    Place,
    Queue,
    Register,
    Remind,
    Step,
)
from handlers.filling import my_filings, wizard_taps
from handlers.staff import broadcast_controls, broadcasts, desk
from handlers.words import COMMANDS
from storage.inbox import Arrival
from tests.conversations.talking import Town
from tests.scope.world import (
    CHATS,
    MARKS,
    MISSING,
    NANJING,
    NOT_YOURS,
    OWNER,
    SEES,
    World,
    build,
    marks_of_others,
)

CODES = {"xuzhou": "320300", "nantong": "320600", "provincial": "320000"}
CLERKS = {"xuzhou": "clerk of xuzhou", "nantong": "clerk of nantong"}
BEYOND = ("999999", "320382", "110000")  # no division, a county, another province

# Steps of a broadcast that name a place, not a broadcast.
OF_NO_BROADCAST = {"plan", "fire", "fire!"}
AGREED = {*OWNER.values(), "applicant", "stranger"}
# What the others are told before anything is looked up.
NO_CONSENT = "请先发送 /start，同意保存联系人姓名和电话，再继续。"
PAGE_ACTS = ("overview", "filings", "missing", "tables", "build")
Make = Callable[[int], CallbackData]


@dataclass(frozen=True)
class Rule:
    """Data about an object of `kind`: `make` with its id; `theirs` tells who may use that of a place."""

    kind: str
    make: Make
    theirs: Callable[[str], set[str]]
    harmless: bool = False


def owner(place: str) -> set[str]:
    return {OWNER[place]}


def staff(place: str) -> set[str]:
    return {name for name in SEES if name.startswith("clerk") and place in SEES[name]}


def over(place: str) -> set[str]:
    """Whose scope holds the whole audience."""
    return {"clerk of the province", CLERKS.get(place, "clerk of the province")}


def touched(place: str) -> set[str]:
    """Whose scope the audience touches: they may hear who of their own was not reached."""
    return over(place) | (set(CLERKS.values()) if place == "provincial" else set())


def rules() -> dict[type[CallbackData], list[Rule]]:
    """Of each kind of data that names an object."""
    own_acts = list(my_filings.ACTS)
    return {
        Own: [
            Rule(kind, lambda id, act=act: Own(act=act, id=id), owner, act == "open")  # type: ignore[misc]
            for act in own_acts
            for kind in ("filing", "draft")
        ],
        Step: [
            Rule(
                kind,
                lambda id, act=act, kind=kind: Step(  # type: ignore[misc]
                    act=act, kind="filing" if kind == "draft" else "registration", id=id, revision=6, field=2
                ),
                owner,
            )
            for act in wizard_taps.ACTS
            for kind in ("draft", "registration")
        ],
        Place: [
            Rule(
                kind,
                lambda id, take=take, kind=kind: Place(  # type: ignore[misc]
                    kind="filing" if kind == "draft" else "registration",
                    id=id,
                    revision=6,
                    field=0,
                    code="320000",
                    take=take,
                ),
                owner,
            )
            for take in (True, False)
            for kind in ("draft", "registration")
        ],
        Organizations: [
            Rule("organization", lambda id, act=act: Organizations(act=act, id=id), owner, act == "open")  # type: ignore[misc]
            for act in ("open", "amend")
        ],
        Begin: [Rule("organization", lambda id: Begin(notice="js", form=0, organization=id), owner)],
        Batch: [
            Rule(
                "organization",
                lambda id, act=act: Batch(act=act, notice="js", form=0, organization=id),  # type: ignore[misc]
                owner,
            )
            for act in ("template", "read")
        ],
        OwnTable: [
            Rule("organization", lambda id: OwnTable(notice="js", table=1, organization=id), owner),
        ],
        Membership: [
            Rule("request", lambda id, act=act: Membership(act=act, id=id), owner)  # type: ignore[misc]
            for act in ("approve", "refuse")
        ],
        Import: [
            Rule("upload", lambda id, act=act: Import(act=act, job=id), owner)  # type: ignore[misc]
            for act in ("file", "cancel")
        ],
        Opinion: [
            Rule("question", lambda id, act=act: Opinion(act=act, id=id), owner)  # type: ignore[misc]
            for act in ("useful", "useless", "pass_on")
        ],
        Queue: [
            Rule("question", lambda id, act=act: Queue(act=act, id=id), staff, act == "open")  # type: ignore[misc]
            for act in ("open", "write", "send")
        ],
        Desk: [
            Rule("filing", lambda id: Desk(act="filing", notice="js", id=id), staff, True),
            Rule("draft", lambda id: Desk(act="filing", notice="js", id=id), lambda _: set()),
        ],
        Cast: [
            Rule("broadcast", lambda id, act=act: Cast(act=act, id=id), over)  # type: ignore[misc]
            for act in set(broadcast_controls.CONTROLS) - OF_NO_BROADCAST - {"missed"}
        ]
        + [Rule("broadcast", lambda id: Cast(act="missed", id=id), touched)],
    }


# Kinds that name no object of anybody: what they open is looked at for others' words.
WITHOUT_OBJECTS = {Go, Register, Notices, Remind}
JOB_KINDS = {"export", "own_table", "fetch", "template", "read_upload", "undelivered"}


def kinds_of_data() -> set[type[CallbackData]]:
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        importlib.import_module(module.name)
    return {kind for kind in CallbackData.__subclasses__() if kind.__module__.startswith(handlers.__name__)}


def test_no_kind_of_button_page_command_or_result_is_without_a_rule() -> None:
    assert kinds_of_data() == set(rules()) | WITHOUT_OBJECTS
    assert {kind.__module__ for kind in kinds_of_data()} == {callbacks.__name__}
    assert set(desk.PAGES) <= set(PAGE_ACTS)
    assert set(COMMANDS.values()) <= set(pages.PAGES) | set(pages.READING)
    assert set(routers.JOB_RESULTS) == JOB_KINDS


def forgeries(world: World, name: str) -> Iterator[tuple[str, str]]:
    """All data about what is not this actor's: (what it is, the data)."""
    for kind, entries in rules().items():
        for turn, rule in enumerate(entries):
            others = [place for place in world.ids[rule.kind] if name not in rule.theirs(place)]
            if others:
                place = others[turn % len(others)]
                number = world.ids[rule.kind][place]
                yield f"{kind.__name__} on {rule.kind} of {place}", rule.make(number).pack()
            yield f"{kind.__name__} on no {rule.kind}", rule.make(MISSING).pack()
    for act in PAGE_ACTS:
        for code in (*places_beyond(name), *BEYOND):
            yield f"Desk {act} of {code}", Desk(act=act, notice="js", scope=code).pack()
        yield f"Desk {act} of no notice", Desk(act=act, notice="xx", scope="320300").pack()
    for act in (*broadcasts.CHOOSING, *OF_NO_BROADCAST):
        if act in ("fire", "fire!") and name == "clerk of the province":
            continue  # it goes to the whole of the notice's province, whatever place the data names
        for code in (*places_beyond(name), *BEYOND):
            yield f"Cast {act} of {code}", Cast(act=act, notice="js", scope=code).pack()
        yield f"Cast {act} of no notice", Cast(act=act, notice="xx", scope="320300").pack()


def places_beyond(name: str) -> list[str]:
    return [code for place, code in CODES.items() if not may_open(name, place)]


def may_open(name: str, place: str) -> bool:
    """Whether the actor may open the pages of a place, in whole."""
    return name == "clerk of the province" or CLERKS.get(place) == name


@pytest.fixture
async def world(town: Town) -> World:
    return await build(town)


async def test_what_is_others_is_refused_alike_whether_it_exists_or_not(world: World) -> None:
    tried = {name: list(forgeries(world, name)) for name in SEES}
    before = {name: (dict(world.actor(name).messages), len(world.actor(name).toasts)) for name in SEES}
    await world.refusals()
    await world.tap_all({name: [data for _, data in forged] for name, forged in tried.items()})
    refusals = await world.refusals()
    wrong = []
    for name, forged in tried.items():
        person, (messages, toasts) = world.actor(name), before[name]
        noted = [code for chat, code in refusals if chat == person.chat]
        told = person.toasts[toasts:]
        if name not in AGREED:
            noted = ["not_yours" if code == "consent_missing" else code for code in noted]
            told = [NOT_YOURS if toast == NO_CONSENT else toast for toast in told]
        if noted != ["not_yours"] * len(forged) or told != [NOT_YOURS] * len(forged):
            wrong += await one_by_one(world, name, forged)
        wrong += [
            (name, seen.text)
            for number, seen in person.messages.items()
            if messages.get(number) != seen and seen.text not in (NOT_YOURS, NO_CONSENT)
        ]
    assert wrong == []


async def one_by_one(world: World, name: str, forged: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Which of the forgeries was not simply refused."""
    wrong: list[tuple[str, ...]] = []
    for what, data in forged:
        toasts = len(world.actor(name).toasts)
        await world.tap_all({name: [data]})
        effect = (world.actor(name).toasts[toasts:], await world.refusals())
        if effect != ([NOT_YOURS], [(CHATS[name], "not_yours")]):
            wrong.append((name, what, data, str(effect)))
    return wrong


async def test_what_is_ones_own_opens(world: World) -> None:
    for entries in rules().values():
        for rule in entries:
            if not rule.harmless:
                continue
            for place, number in world.ids[rule.kind].items():
                for name in rule.theirs(place):
                    await world.tap_all({name: [rule.make(number).pack()]})
                    shown = world.actor(name).text
                    assert any(mark in shown for mark in MARKS[place]), (name, rule.kind, place, shown)


async def test_no_page_list_or_command_shows_what_is_others(world: World) -> None:
    leaks = []
    buttons = [Go(to=name).pack() for name in (*pages.PAGES, *pages.READING)]
    buttons += [Own(act="list").pack(), Queue(act="list").pack(), Desk(act="places", notice="js").pack()]
    buttons += [Desk(act=act).pack() for act in PAGE_ACTS]
    buttons += [
        Desk(act=act, notice="js", scope=code).pack()
        for act in PAGE_ACTS[:3]
        for code in (*CODES.values(), NANJING)
    ]
    await world.say_all([f"/{command}" for command in COMMANDS])
    await world.tap_all(dict.fromkeys(SEES, buttons))
    for name in SEES:
        person = world.actor(name)
        received = "\n".join(
            " ".join([seen.html, *seen.buttons, *seen.buttons.values()]) for seen in person.messages.values()
        )
        leaks += [(name, mark) for mark in marks_of_others(name) if mark in received + "".join(person.toasts)]
    assert leaks == []


async def test_a_table_holds_what_stands_in_its_scope_and_nothing_else(world: World) -> None:
    for name, code, projects in (
        ("clerk of xuzhou", "320300", {"甲字助学"}),
        ("clerk of nanjing", NANJING, set()),
        ("clerk of the province", "320000", {"甲字助学", "乙字义诊", "丙字办厂"}),
    ):
        await world.tap_all({name: [Desk(act="build", notice="js", scope=code, table=1).pack()]})
        (sent,) = [seen for seen in world.actor(name).messages.values() if seen.file]
        book = load_workbook(await world.town.file_behind(sent))
        text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        assert {marks[1] for marks in MARKS.values() if marks[1] in text} == projects
        assert [mark for mark in marks_of_others(name) if mark in text] == []


async def test_a_result_of_work_on_what_is_others_tells_nothing(world: World) -> None:
    """The role or membership may end while the work is done."""
    place = "nantong"
    payload = {
        "notice": "jiangsu-2021",
        "form": "annex2",
        "table": "annex2",
        "role": "city",
        "scope": CODES[place],
        "organization": world.ids["organization"][place],
        "entry": world.ids["draft"][place],
        "kind": "filing",
        "field": "name",
        "name": "表.xlsx",
        "progress": "upload:1",
        "broadcast": world.ids["broadcast"][place],
    }
    outsiders = [name for name in SEES if place not in SEES[name]]
    arrivals = []
    for number, kind in enumerate(sorted(JOB_KINDS)):
        for name in outsiders:
            result = {"file": 1, "count": 1}
            body = {"job": 1, "kind": kind, "payload": payload, "result": result, "failed": False}
            arrivals.append(Arrival(-1000 - number * 100 - CHATS[name], CHATS[name], body))
    await world.refusals()
    await world.receive(arrivals)
    refusals = await world.refusals()
    for name in outsiders:
        codes = [code for chat, code in refusals if chat == CHATS[name]]
        assert codes == ["not_yours"] * len(JOB_KINDS), name
        received = "\n".join(seen.html for seen in world.actor(name).messages.values())
        assert [mark for mark in marks_of_others(name) if mark in received] == [], name
