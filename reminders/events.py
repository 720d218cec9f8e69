"""What people hear of because others did something; what comes together is told together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from notices import Catalog
from reminders.ladder import QUIET, SHANGHAI, Rung
from storage import event_queries, ledger_figures
from storage.broadcasts import Broadcast, Event
from storage.database import Session
from storage.people import Organization
from storage.scopes import Scope

# How long one waits for more to come before people are told.
MEMBERS_WAIT = timedelta(minutes=2)
STAFF_WAIT = timedelta(minutes=30)
FILED, CAST, MISSED = "filed", "cast", "missed"
MOST_MISSED = 1000


async def note_filing(
    session: Session,
    organization: Organization,
    *,
    notice: str,
    name: str,
    version: int,
    by: int,
    contact: str,
    now: datetime,
    count: int = 1,
) -> None:
    """A filing was submitted, or `count` at once: the other contacts and the scope's staff hear of it."""
    details = {
        "notice": notice,
        "organization": organization.name,
        "name": name,
        "version": version,
        "by": contact,
        "count": count,
    }
    others = set(await event_queries.members_of(session, organization.id or 0)) - {by}
    staff = set(await event_queries.staff_over(session, organization)) - {by}
    for people, role, wait in (
        (others, "member", MEMBERS_WAIT),
        (staff - others, "staff", STAFF_WAIT),
    ):
        await event_queries.add(
            session,
            sorted(people),
            FILED,
            {**details, "role": role},
            happened_at=now,
            tell_at=now + wait,
        )


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
            details = {"broadcast": broadcast.id, "notice": broadcast.notice, "count": len(missed)}
            await event_queries.add(session, [person_id], CAST, details, happened_at=now, tell_at=now)


async def note_missed(session: Session, rungs: Sequence[Rung], now: datetime) -> None:
    """Rungs came due while nobody could fire them, and are of no use any more: staff hear of it."""
    for rung in rungs:
        staff = await event_queries.staff_in(session, rung.notice.province[:2])
        details = {"notice": rung.notice.slug, "due": rung.due.isoformat()}
        await event_queries.add(session, sorted(staff), MISSED, details, happened_at=now, tell_at=now)


async def gather(session: Session, channel: str, now: datetime, *, limit: int) -> dict[int, list[Event]]:
    """By chat: what its person is to hear now, all at once; nothing in quiet hours."""
    if QUIET.holds_at(now.astimezone(SHANGHAI).time()):
        return {}
    return await event_queries.take_waiting(session, channel, now, limit=limit)
