"""Whose turn it is: each recipient looked at again, and what their message is to say."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from notices import Catalog
from notices.model import Notice
from reminders.ladder import quiet_at
from reminders.owing import Owed, owed_by
from storage import audiences, broadcast_queries, filing_queries, ledger
from storage.audiences import Audience
from storage.broadcast_queries import Mailing
from storage.database import Session
from storage.event_queries import staff_in
from storage.ledger import REMINDING, Turn
from storage.scopes import Role, Scope

EXAMINED_AT_ONCE = 300


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a staff member's scope is."""

    scope: Scope
    organizations: int
    filed: int


class Letter(NamedTuple):
    """A message to be sent now. `recipient` is its ledger row, 0 for a sample."""

    broadcast: Mailing
    notice: Notice
    person_id: int
    chat_id: int
    recipient: int = 0
    attempts: int = 0
    owed: tuple[Owed, ...] = ()
    figures: tuple[Figures, ...] = ()


async def take(
    session: Session, catalog: Catalog, channel: str, limit: int, now: datetime, wall: datetime
) -> list[Letter]:
    """Up to `limit` letters to send now, shared among the broadcasts that run; others are skipped on the way.

    `now` is the domain's time, `wall` the real one. Nothing in quiet hours.
    """
    letters: list[Letter] = []
    broadcasts = await broadcast_queries.running(session)
    for number, broadcast in enumerate(broadcasts):
        share = -(-(limit - len(letters)) // (len(broadcasts) - number))
        notice = next((item for item in catalog.notices if item.slug == broadcast.notice), None)
        if notice is None or (broadcast.useful_until is not None and now > broadcast.useful_until):
            await ledger.skip_rest(session, broadcast.id, "late", wall)
        elif share > 0 and not quiet_at(notice, now):
            # The ledger does not know these yet.
            just = {
                letter.person_id
                for letter in letters
                if letter.notice.slug == notice.slug and letter.broadcast.kind in REMINDING
            }
            letters += await _next(session, broadcast, notice, channel, share, now, wall, just)
    return letters


async def _next(
    session: Session,
    broadcast: Mailing,
    notice: Notice,
    channel: str,
    share: int,
    now: datetime,
    wall: datetime,
    just_reminded: Set[int],
) -> list[Letter]:
    letters: list[Letter] = []
    examined = last = 0
    while len(letters) < share and examined < EXAMINED_AT_ONCE:
        turns = await ledger.take(session, broadcast, share - len(letters), now, wall, after=last)
        if not turns:
            break
        examined, last = examined + len(turns), turns[-1].id
        reasons = await _reasons(session, broadcast, turns, channel, just_reminded)
        await ledger.skip(session, reasons, wall)
        letters += await write(session, broadcast, notice, [turn for turn in turns if turn.id not in reasons])
    return letters


async def _reasons(
    session: Session,
    broadcast: Mailing,
    turns: Sequence[Turn],
    channel: str,
    just_reminded: Set[int],
) -> dict[int, str]:
    """Why some of them get nothing: one look at each, the moment before they would."""
    inside = await audiences.still_in(session, broadcast.audience, [turn.person_id for turn in turns])
    reminding = broadcast.kind in REMINDING
    reasons: dict[int, str] = {}
    for turn in turns:
        if turn.person_id not in inside:
            reasons[turn.id] = "settled"
        elif turn.channel != channel:
            reasons[turn.id] = "other_channel"
        elif not turn.reachable:
            reasons[turn.id] = "unreachable"
        elif reminding and turn.muted:
            reasons[turn.id] = "muted"
        elif reminding and (turn.lately or turn.person_id in just_reminded):
            reasons[turn.id] = "lately"
    return reasons


async def write(session: Session, broadcast: Mailing, notice: Notice, turns: Sequence[Turn]) -> list[Letter]:
    """The letters of these rows, with what each of them is about at this moment."""
    if not turns:
        return []
    people = [turn.person_id for turn in turns]
    owed: dict[int, list[Owed]] = {}
    figures: dict[int, list[Figures]] = {}
    if broadcast.kind == "report" and broadcast.audience.form:
        figures = await _figures(session, notice, broadcast.audience, people)
    elif broadcast.kind in REMINDING:
        owed = await owed_by(session, people, notice, broadcast.audience.form)
    return [
        Letter(
            broadcast=broadcast,
            notice=notice,
            person_id=turn.person_id,
            chat_id=turn.chat_id,
            recipient=turn.id,
            attempts=turn.attempts,
            owed=tuple(owed.get(turn.person_id, ())),
            figures=tuple(figures.get(turn.person_id, ())),
        )
        for turn in turns
    ]


async def _figures(
    session: Session, notice: Notice, audience: Audience, people: Sequence[int]
) -> dict[int, list[Figures]]:
    roles = await staff_in(session, audience.scope.prefix)
    known: dict[tuple[str, str], Figures] = {}
    found: dict[int, list[Figures]] = {}
    for person_id in people:
        for role, code in roles.get(person_id, ()):
            if (role, code) not in known:
                scope = Scope(_as_role(role), code)
                rows = await filing_queries.progress(
                    session, notice.slug, audience.kinds, scope, beyond=scope == audience.scope
                )
                known[role, code] = Figures(
                    scope,
                    sum(row.organizations for row in rows),
                    sum(row.filed_organizations for row in rows),
                )
            found.setdefault(person_id, []).append(known[role, code])
    return found


def _as_role(name: str) -> Role:
    return "province" if name == "province" else "city"
