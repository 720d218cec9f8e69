"""Broadcasts of staff: drafted, previewed, begun, paused, resumed, cancelled.

Callers see to it that the audience lies in the scope of who asks.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from notices.model import Notice
from reminders import letters
from reminders.letters import Letter
from storage import audiences, broadcast_queries, ledger, ledger_figures
from storage.audiences import Audience, Reach
from storage.broadcast_queries import Mailing
from storage.broadcasts import Broadcast
from storage.database import Session
from storage.ledger import LATELY, REMINDING, Turn
from storage.ledger_figures import Tally


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: to how many, of how many organizations, and the letter of one of them.

    `lately` counts those within reach who were reminded just before and will not be again.
    """

    broadcast: Broadcast
    reach: Reach
    organizations: int
    lately: int
    sample: Letter | None


def listing(broadcast: Broadcast) -> dict[str, Any]:
    """What the job that lists who was not reached is told; the whole audience's scope."""
    audience = Audience.from_json(broadcast.audience)
    return {"broadcast": broadcast.id, "role": audience.role, "scope": audience.scope_code}


@dataclass(frozen=True, slots=True)
class Progress:
    """How a broadcast stands, and for how many seconds it will go on at `rate` messages a second."""

    broadcast: Broadcast
    tally: Tally
    seconds_left: int


async def draft(
    session: Session, kind: str, notice: Notice, audience: Audience, text: str, by: int, now: datetime
) -> Broadcast:
    """A broadcast that waits to be confirmed."""
    row = Broadcast(
        kind=kind,
        notice=notice.slug,
        audience=audience.as_json(),
        text=text,
        state="draft",
        created_by=by,
        created_at=now,
        due_at=now,
    )
    return await broadcast_queries.add(session, row)


async def preview(
    session: Session, broadcast: Broadcast, notice: Notice, channel: str, now: datetime
) -> Preview:
    """Counts the audience as it stands, and writes the letter of its first person."""
    audience = Audience.from_json(broadcast.audience)
    person = await audiences.first_person(session, audience, channel)
    sample: list[Letter] = []
    if person is not None:
        turn = Turn(0, person.id, 0, person.chat_id, channel, True, False, False)
        sample = await letters.write(session, Mailing.of(broadcast), notice, [turn])
    reach = await audiences.measure(session, audience, channel)
    return Preview(
        broadcast,
        reach if broadcast.kind in REMINDING else replace(reach, muted=0),
        await audiences.count_organizations(session, audience),
        await ledger_figures.count_lately(session, audience, channel, now - LATELY)
        if broadcast.kind in REMINDING
        else 0,
        sample[0] if sample else None,
    )


async def confirm(session: Session, broadcast: Broadcast, now: datetime, wall: datetime) -> bool:
    """Begins a drafted broadcast and resolves its audience; False when that was done before."""
    broadcast_id = cast(int, broadcast.id)
    if not await broadcast_queries.move(
        session, broadcast_id, ["draft"], "running", due_at=now, started_at=wall, shown_at=wall
    ):
        return False
    total = await ledger.plan(session, broadcast_id, Audience.from_json(broadcast.audience))
    await broadcast_queries.change(session, broadcast_id, total=total)
    return True


async def drop(session: Session, broadcast: Broadcast, wall: datetime) -> bool:
    """Puts a draft away."""
    return await broadcast_queries.move(session, broadcast.id or 0, ["draft"], "cancelled", ended_at=wall)


async def pause(session: Session, broadcast: Broadcast) -> bool:
    """Holds what is pending back; False when it was not running."""
    return await broadcast_queries.move(session, broadcast.id or 0, ["running"], "paused")


async def resume(session: Session, broadcast: Broadcast) -> bool:
    """Goes on; False when it was not paused."""
    return await broadcast_queries.move(session, broadcast.id or 0, ["paused"], "running")


async def cancel(session: Session, broadcast: Broadcast, wall: datetime) -> bool:
    """Whoever is pending gets nothing; it ends with the calls under way. False when it did not run."""
    broadcast_id = cast(int, broadcast.id)
    stopped = await broadcast_queries.move(session, broadcast_id, ["running", "paused"], "cancelled")
    if stopped:
        await ledger.skip_rest(session, broadcast_id, "cancelled", wall)
    return stopped


async def progress(session: Session, broadcast: Broadcast, rate: float) -> Progress:
    """How it stands; `rate` is messages a second."""
    tally = await ledger_figures.tally(session, broadcast.id or 0)
    return Progress(broadcast, tally, round(tally.pending / rate))
