"""Firing rungs of the ladder: each once, whoever comes first, late where that is of use."""

from dataclasses import dataclass, field
from datetime import datetime

from notices import Catalog
from notices.model import Notice
from reminders.ladder import Rung, audience_of, rungs
from storage import broadcast_queries, kept_settings, ledger
from storage.broadcasts import Broadcast
from storage.database import Session


@dataclass(slots=True)
class Fired:
    """What a look at the clock led to."""

    sent: list[Rung] = field(default_factory=list)
    missed: list[Rung] = field(default_factory=list)


async def fire_due(session: Session, catalog: Catalog, now: datetime, wall: datetime) -> Fired:
    """Fires every rung that is due and was not fired; notes those that came too late. `wall` is real time.

    What was over before the notice was first seen, nobody missed.
    """
    fired = Fired()
    for notice in catalog.notices:
        if notice.status != "open":
            continue
        seen = await _first_seen(session, notice, now)
        due = [rung for rung in rungs(notice) if rung.due <= now]
        known = await broadcast_queries.of_keys(session, [rung.key for rung in due]) if due else {}
        for rung in due:
            if rung.key in known:
                continue
            if rung.useful_until < seen:
                await broadcast_queries.claim_key(session, broadcast_of(rung, "past", now, wall))
            elif now > rung.useful_until:
                if (
                    await broadcast_queries.claim_key(session, broadcast_of(rung, "skipped", now, wall))
                    is not None
                ):
                    fired.missed.append(rung)
            elif await fire(session, rung, now, wall) is not None:
                fired.sent.append(rung)
    return fired


async def _first_seen(session: Session, notice: Notice, now: datetime) -> datetime:
    """The earliest moment at which the notice's ladder was looked at."""
    key = f"ladder_seen/{notice.slug}"
    kept = await kept_settings.recall(session, key)
    if kept is not None and datetime.fromisoformat(kept) <= now:
        return datetime.fromisoformat(kept)
    await kept_settings.keep(session, key, now.isoformat())
    return now


async def fire(
    session: Session, rung: Rung, now: datetime, wall: datetime, by: int | None = None
) -> int | None:
    """Fires a rung and resolves its audience; the broadcast's id, None when it was fired or missed before."""
    row = broadcast_of(rung, "running", now, wall)
    row.created_by = by
    broadcast_id = await broadcast_queries.claim_key(session, row)
    if broadcast_id is not None:
        total = await ledger.plan(session, broadcast_id, audience_of(rung.notice, rung.reminder))
        await broadcast_queries.change(session, broadcast_id, total=total)
    return broadcast_id


def broadcast_of(rung: Rung, state: str, now: datetime, wall: datetime) -> Broadcast:
    """The broadcast a rung becomes, not stored."""
    return Broadcast(
        key=rung.key,
        kind="report" if rung.reminder.audience == "staff" else "reminder",
        notice=rung.notice.slug,
        template=rung.reminder.template,
        audience=audience_of(rung.notice, rung.reminder).as_json(),
        state=state,
        created_at=now,
        due_at=rung.due,
        useful_until=rung.useful_until,
        started_at=wall,
        ended_at=None if state == "running" else wall,
    )
