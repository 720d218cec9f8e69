"""What happens by the clock: rungs of the ladder, broadcasts that end, their progress, events to be told."""

import asyncio
from datetime import timedelta

import structlog

from bot.calls import gather_calls
from bot.clock import Clock, real_now
from bot.wakes import Wake
from handlers.outgoing import gather
from handlers.reminding.happenings import compose
from handlers.screens import send
from handlers.staff.broadcast_screens import LISTING, done_replies, progress_edit
from notices import Catalog
from reminders import casting, events, firing
from reminders.casting import Progress
from storage import broadcast_queries, identities, jobs, outbox
from storage.audiences import Audience
from storage.broadcasts import Broadcast
from storage.database import Database, Session
from storage.identities import PersonItem

TICK_SECONDS = 5.0
SHOW_EVERY = timedelta(seconds=4)
TOLD_AT_ONCE = 100

log = structlog.get_logger(__name__)


class Scheduling:
    """Looks at the clock every few seconds; `has_calls` is rung when there is something to send."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        clock: Clock,
        channel: str,
        bot_id: int,
        has_calls: Wake,
        *,
        rate: float,
    ) -> None:
        self._database, self._catalog, self._clock = database, catalog, clock
        self._channel, self._bot_id, self._has_calls, self._rate = channel, bot_id, has_calls, rate

    async def run(self) -> None:
        """Until cancelled; a look that fails is taken again."""
        while True:
            try:
                await self.tick()
            except Exception:
                log.exception("schedule out of reach")
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self) -> None:
        """One look: fires what is due, shows how broadcasts stand, tells what has happened."""
        await self._fire()
        await self._follow()
        await self._tell()

    async def _fire(self) -> None:
        now = self._clock.now()
        async with self._database.transaction() as session:
            fired = await firing.fire_due(session, self._catalog, now, real_now())
            await events.note_missed(session, fired.missed, now)
        for rung in fired.sent:
            log.info("reminder fired", rung=rung.key, due=rung.due.isoformat())
        for rung in fired.missed:
            log.warning("reminder missed", rung=rung.key, due=rung.due.isoformat())
        if fired.sent:
            self._has_calls.ring()

    async def _follow(self) -> None:
        async with self._database.snapshot() as session:
            standing = [
                await casting.progress(session, broadcast, self._rate)
                for broadcast in await broadcast_queries.unended(session)
            ]
        for progress in standing:
            if progress.tally.pending:
                await self._show(progress)
            else:
                await self._end(progress)

    async def _end(self, progress: Progress) -> None:
        number, wall = progress.broadcast.id or 0, real_now()
        async with self._database.transaction() as session:
            ended_now = await broadcast_queries.end(session, number, wall)
            broadcast = await broadcast_queries.get(session, number)
            if not ended_now or broadcast is None:
                return
            ended = await casting.progress(session, broadcast, self._rate)
            person = await self._beginner(session, broadcast)
            if person is None:
                await events.note_end(session, broadcast, self._catalog, self._clock.now())
                return
            screens = done_replies(ended, self._catalog, person.chat_id, self._clock.now())
            if ended.tally.missed:
                await jobs.enqueue(
                    session,
                    LISTING,
                    casting.listing(broadcast),
                    bot_id=self._bot_id,
                    chat_id=person.chat_id,
                    now=wall,
                )
            await outbox.add(session, gather_calls(gather(screens), self._bot_id, person.chat_id), wall)
        self._has_calls.ring()

    async def _beginner(self, session: Session, broadcast: Broadcast) -> PersonItem | None:
        """Who began it and is told how it goes.

        None for the ladder's own, for somebody of elsewhere, and for who is no staff of the place any more.
        """
        if broadcast.created_by is None:
            return None
        person = await identities.get_person(session, broadcast.created_by)
        if person is None or person.channel != self._channel:
            return None
        codes = Audience.from_json(broadcast.audience).scope.codes_over
        return person if await identities.is_staff_of(session, broadcast.created_by, codes) else None

    async def _show(self, progress: Progress) -> None:
        broadcast, wall = progress.broadcast, real_now()
        counts = progress.tally.as_json()
        due = broadcast.shown_at is None or broadcast.shown_at <= wall - SHOW_EVERY
        if broadcast.created_by is None or not due or counts == broadcast.shown:
            return
        async with self._database.transaction() as session:
            person = await self._beginner(session, broadcast)
            if person is None:
                return
            await broadcast_queries.change(session, broadcast.id or 0, shown_at=wall, shown=counts)
            edit = progress_edit(progress, self._catalog, person.chat_id, self._clock.now())
            await outbox.add(session, gather_calls([edit], self._bot_id, person.chat_id), wall)
        self._has_calls.ring()

    async def _tell(self) -> None:
        now = self._clock.now()
        async with self._database.transaction() as session:
            told = await events.gather(session, self._channel, now, limit=TOLD_AT_ONCE)
            replies = [send(chat_id, screen) for chat_id, items in told.items() for screen in compose(items)]
            await outbox.add(session, gather_calls(gather(replies), self._bot_id, 0), real_now())
        if told:
            self._has_calls.ring()
