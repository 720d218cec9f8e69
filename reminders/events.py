"""What people hear of because others did something; what comes together is told together."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from notices import Catalog
from notices.model import Notice
from reminders.ladder import QUIET, SHANGHAI, Rung
from storage import event_queries, ledger_figures
from storage.broadcasts import Broadcast, Event
from storage.database import Session
from storage.identities import MembershipItem
from storage.organizations import OrganizationItem
from storage.scopes import Scope

# What happens at the same moment is told together, and after something was told, the next of its kind waits
# for more: so one event comes at once, and many come as one message.
SAME_MOMENT = timedelta(seconds=3)
MEMBERS_WAIT = timedelta(minutes=2)
STAFF_WAIT = timedelta(minutes=30)
FILED, REQUESTED, ANSWERED, CAST, MISSED = "filed", "requested", "answered", "cast", "missed"
# Somebody waits for these, perhaps on the evening of a deadline: they are told at night too.
AWAITED = (REQUESTED, ANSWERED)
MOST_MISSED = 1000


async def note_filing(
    session: Session,
    organization: OrganizationItem,
    *,
    notice: Notice,
    name: str,
    version: int,
    by: int,
    contact: str,
    now: datetime,
    count: int = 1,
) -> None:
    """A filing was submitted, or `count` at once: the other contacts and the notice's staff hear of it."""
    details = {
        "notice": notice.slug,
        "organization": organization.name,
        "name": name,
        "version": version,
        "by": contact,
        "count": count,
    }
    others = set(await event_queries.members_of(session, organization.id)) - {by}
    staff = set(await event_queries.staff_over(session, organization, notice.province)) - {by}
    for people, role, wait in (
        (others, "member", MEMBERS_WAIT),
        (staff - others, "staff", STAFF_WAIT),
    ):
        await _note(session, people, FILED, {**details, "role": role}, now, wait)


async def note_request(
    session: Session, organization: OrganizationItem, request: MembershipItem, contact: str, now: datetime
) -> None:
    """Somebody asks to act for an organization: its contacts hear of it, any of whom may decide."""
    details = {
        "request": request.id,
        "organization": organization.name,
        "contact": contact,
        "phone": request.phone,
    }
    members = await event_queries.members_of(session, request.organization_id)
    await _note(session, members, REQUESTED, details, now, MEMBERS_WAIT)


async def note_answer(
    session: Session, asker: int, text: str, words: str, office: str, now: datetime
) -> None:
    """Staff answered a question in the name of `office`: the asker hears their words."""
    details = {"text": text, "words": words, "office": office, "answered_at": now.isoformat()}
    await _note(session, [asker], ANSWERED, details, now, MEMBERS_WAIT)


async def note_end(session: Session, broadcast: Broadcast, catalog: Catalog, now: datetime) -> None:
    """A reminder of the ladder has gone out: staff in whose scope somebody was not reached hear how many."""
    notice = next((item for item in catalog.notices if item.slug == broadcast.notice), None)
    if notice is None:
        return
    for person_id, roles in (await event_queries.staff_in(session, notice.province[:2])).items():
        role, code = min(roles, key=lambda item: item[0] != "province")
        scope = Scope("province" if role == "province" else "city", code)
        missed = await ledger_figures.missed(session, broadcast, scope, limit=MOST_MISSED)
        if missed:
            details = {
                "broadcast": broadcast.id,
                "notice": broadcast.notice,
                "count": len({item.person_id for item in missed}),
                "muted": len({item.person_id for item in missed if item.reason == "muted"}),
                "staff": broadcast.kind == "report",
            }
            await event_queries.add(session, {person_id: now}, CAST, details, now)


async def note_missed(session: Session, rungs: Sequence[Rung], now: datetime) -> None:
    """Rungs came due while nobody could fire them, and are of no use any more: staff hear of it."""
    for rung in rungs:
        staff = await event_queries.staff_in(session, rung.notice.province[:2])
        details = {"notice": rung.notice.slug, "due": rung.due.isoformat()}
        await event_queries.add(session, dict.fromkeys(staff, now), MISSED, details, now)


async def _note(
    session: Session,
    people: Collection[int],
    kind: str,
    details: dict[str, Any],
    now: datetime,
    wait: timedelta,
) -> None:
    """Told at once to who heard nothing of the kind within `wait`, to others when that has passed."""
    if not people:
        return
    told = await event_queries.told_between(session, people, kind, now - wait, now)
    soon = now + SAME_MOMENT
    times = {person: max(soon, told[person] + wait) if person in told else soon for person in people}
    await event_queries.add(session, times, kind, details, now)


async def gather(session: Session, channel: str, now: datetime, *, limit: int) -> dict[int, list[Event]]:
    """By chat: what its person is to hear now, all at once; in quiet hours only what is awaited."""
    quiet = QUIET.holds_at(now.astimezone(SHANGHAI).time())
    return await event_queries.take_waiting(
        session, channel, now, limit=limit, kinds=AWAITED if quiet else None
    )
