"""Two at once: whoever comes second is told, and nothing is written twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import notices
from forms.model import Answer
from registration import actors, entries, filings, invites, memberships, organizations
from registration.actors import Actor
from registration.entries import Entry
from registration.refusals import AlreadyDecided, NotYours, Overtaken, WrongState
from storage.database import Database, Session
from storage.scopes import Scope

NOW = datetime(2021, 10, 11, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CATALOG = notices.load()
ORGANIZATION = {
    "name": Answer("徐州市青禾协会"),
    "credit_code": Answer(None),
    "type": Answer("association"),
    "level": Answer("city"),
    "home": Answer("320300"),
    "contact": Answer("李明"),
    "phone": Answer("13800138000"),
}
PROJECT = {
    "region": Answer("320324"),
    "project_name": Answer("助学"),
    "nature": Answer("education"),
    "invested": Answer(1_000_000),
    "people": Answer(1),
    "beneficiaries": Answer(2),
}


async def meet(session: Session, chat: int) -> Actor:
    actor = await actors.identify(session, "webchat", chat, "某人", NOW)
    await actors.agree(session, actor, NOW)
    return await actors.identify(session, "webchat", chat, "某人", NOW)


async def found(session: Session, chat: int, name: str = "徐州市青禾协会") -> Actor:
    actor = await meet(session, chat)
    entry = await organizations.begin(session, actor, CATALOG, "organization", NOW)
    entry = await entries.fill(session, entry, {**ORGANIZATION, "name": Answer(name)}, NOW)
    await organizations.submit(session, actor, CATALOG, entry, NOW)
    return await meet(session, chat)


async def draft(session: Session, actor: Actor) -> Entry:
    entry = await filings.start(
        session, actor, CATALOG, "jiangsu-2021", "annex2", actor.organizations[0], NOW
    )
    return await entries.fill(session, entry, PROJECT, NOW)


async def test_an_entry_that_moved_on_is_not_overwritten(session: Session) -> None:
    actor = await found(session, 1)
    entry = await draft(session, actor)
    await entries.fill(session, entry, {"people": Answer(5)}, NOW)
    with pytest.raises(Overtaken):
        await entries.fill(session, entry, {"people": Answer(9)}, NOW)
    with pytest.raises(Overtaken):
        await filings.submit(session, actor, entry, NOW)
    kept = await entries.find_entry(session, actor, CATALOG, "filing", entry.id)
    assert kept is not None
    assert kept.answers["people"].value == 5


async def test_two_who_register_one_organization_at_once_get_one(session: Session) -> None:
    first, second = await meet(session, 1), await meet(session, 2)
    ready = []
    for actor in (first, second):
        entry = await organizations.begin(session, actor, CATALOG, "organization", NOW)
        ready.append((actor, await entries.fill(session, entry, ORGANIZATION, NOW)))
    done = [await organizations.submit(session, actor, CATALOG, entry, NOW) for actor, entry in ready]
    assert [item.created for item in done] == [True, False]
    assert done[0].organization.id == done[1].organization.id
    assert done[1].membership.state == "pending"


async def test_one_request_is_decided_by_one_member(session: Session) -> None:
    first = await found(session, 1)
    second = await meet(session, 2)
    known = (await organizations.all_own(session, first))[0]
    request = await memberships.ask(session, second, known, {}, NOW)
    await memberships.decide(session, first, request.id, approve=True, now=NOW)
    with pytest.raises(AlreadyDecided):
        await memberships.decide(session, first, request.id, approve=False, now=NOW)


async def test_an_invite_is_redeemed_once_by_two_sessions(database: Database) -> None:
    async with database.transaction() as session:
        code = await invites.issue(session, Scope("city", "320300"), hours=1, wall=NOW)
        people = [await meet(session, chat) for chat in (1, 2)]
    granted = []
    for person in people:
        async with database.transaction() as session:
            granted.append(await invites.redeem(session, person, code, NOW, wall=NOW))
    assert granted == [Scope("city", "320300"), None]


async def test_versions_increase_and_old_ones_stay(session: Session) -> None:
    actor = await found(session, 1)
    filed = await filings.submit(session, actor, await draft(session, actor), NOW)
    entry = await filings.correct(session, actor, CATALOG, filed.id, NOW)
    entry = await entries.fill(session, entry, {"people": Answer(7)}, NOW)
    again = await filings.submit(session, actor, entry, NOW)
    assert again.version == 2
    versions = await filings.versions(session, actor, filed.id)
    assert [(row.version, row.current, row.people) for row in versions] == [(1, False, 1), (2, True, 7)]


async def test_a_withdrawn_filing_stays_so(session: Session) -> None:
    actor = await found(session, 1)
    filed = await filings.submit(session, actor, await draft(session, actor), NOW)
    await filings.withdraw(session, actor, CATALOG, filed.id, NOW)
    verbs = [
        filings.correct(session, actor, CATALOG, filed.id, NOW),
        filings.withdraw(session, actor, CATALOG, filed.id, NOW),
        filings.cancel_correction(session, actor, filed.id, NOW),
        filings.discard(session, actor, filed.id, NOW),
    ]
    for verb in verbs:
        with pytest.raises(WrongState):
            await verb


async def test_every_verb_refuses_a_stranger(session: Session) -> None:
    owner = await found(session, 1)
    entry = await draft(session, owner)
    stranger = await found(session, 2, "南通市麦田协会")
    verbs = [
        filings.own(session, stranger, entry.id),
        filings.versions(session, stranger, entry.id),
        filings.submit(session, stranger, entry, NOW),
        filings.correct(session, stranger, CATALOG, entry.id, NOW),
        filings.withdraw(session, stranger, CATALOG, entry.id, NOW),
        filings.discard(session, stranger, entry.id, NOW),
        filings.copy(session, stranger, CATALOG, entry.id, NOW),
        filings.cancel_correction(session, stranger, entry.id, NOW),
        entries.find_entry(session, stranger, CATALOG, "filing", entry.id),
        organizations.own(session, stranger, owner.organizations[0]),
        organizations.begin_amendment(session, stranger, CATALOG, owner.organizations[0], NOW),
        filings.start(session, stranger, CATALOG, "jiangsu-2021", "annex2", owner.organizations[0], NOW),
    ]
    for verb in verbs:
        with pytest.raises(NotYours):
            await verb
