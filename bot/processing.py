"""From the inbox through the dispatcher to the outbox: one transaction for each batch of chats.

Each row works in a savepoint of its own; a refusal undoes only that. What the rows changed, where their
conversations stand, their replies and that they are done commit together.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import Chat, InaccessibleMessage, Message, Update, User
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot import errors
from bot.calls import gather_calls
from bot.clock import Clock, real_now
from bot.double_taps import DoubleTaps
from bot.handover import Handover
from bot.kill_points import pass_point
from bot.standings import TurnStates, current, name_of
from bot.wakes import Wake
from handlers.job_results import JobResult
from handlers.outgoing import Outgoing, Unprepared, gather
from registration.refusals import Refusal
from storage import audit, identities, inbox, jobs, outbox, states
from storage.database import Database, Session, is_database_unwell, is_transaction_lost
from storage.inbox import InboxItem
from storage.outbox import Call, OutboxItem
from storage.states import Standing

BATCH = 32
IDLE_SECONDS = 1.0
TURN_SECONDS = 30.0

log = structlog.get_logger(__name__)


@dataclass
class Batch:
    """What the rows of one transaction add up to."""

    calls: list[Call] = field(default_factory=list)
    claimed: list[OutboxItem] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    has_jobs: bool = False


class Processing:
    """Works through the inbox; `context` is what handlers are given by parameter name besides the session."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        bot: Bot,
        clock: Clock,
        channel: str,
        context: Mapping[str, Any],
    ) -> None:
        self._database, self._dispatcher, self._bot = database, dispatcher, bot
        self._clock, self._channel, self._context = clock, channel, context
        self.wake, self.has_calls, self.has_jobs = Wake(), Handover(), Wake()
        self._stopping = False
        self._limit = BATCH
        self._taps = DoubleTaps()

    async def run(self) -> None:
        """Works until `stop`; a batch that cannot be committed is tried again, one row at a time."""
        pause = 0.0
        while not self._stopping:
            try:
                busy = await self.work()
            except Exception:
                log.exception("batch lost")
                pause = min(pause * 2 or 0.2, 5)
                await self.wake.wait(pause)
                continue
            pause = 0.0
            if not busy:
                await self.wake.wait(IDLE_SECONDS)

    def stop(self) -> None:
        """Ends `run` after the batch under way."""
        self._stopping = True
        self.wake.ring()

    async def work(self) -> bool:
        """One batch; False when it left nothing open. Raises what made the transaction fail."""
        batch = Batch()
        items: list[InboxItem] = []
        try:
            async with self._database.transaction() as session:
                items = await inbox.take(session, self._limit, real_now())
                if not items:
                    return False
                await self._handle_all(session, items, batch)
                pass_point("before_commit")
        except Unprepared as unprepared:
            # The batch is undone first: seconds of building would hold its rows, and SQLite's only lock.
            await asyncio.to_thread(unprepared.build)
            return True
        except BaseException as error:
            self.has_calls.withdraw(batch.claimed)
            if isinstance(error, Exception):
                await self._blame(items, error)
            raise
        self._limit = BATCH
        pass_point("after_commit")
        if batch.calls:
            self.has_calls.give(batch.claimed, all_there_is=len(batch.claimed) == len(batch.calls))
        if batch.has_jobs:
            self.has_jobs.ring()
        return len(items) < items[0].open_rows

    async def _blame(self, items: list[InboxItem], error: Exception) -> None:
        """A transaction lost while it worked on one row alone is counted as that row's failure.

        Not where the server has no room: that is nobody's failure, and is waited for.
        """
        if self._limit > 1:
            self._limit = 1
            return
        if is_database_unwell(error):
            return
        now = real_now()
        async with self._database.transaction() as session:
            for item in items:
                if await inbox.fail(session, item, type(error).__name__, now):
                    apology = errors.apologize(item.chat_id, parked=True)
                    await outbox.add(session, gather_calls([apology], item.bot_id, item.chat_id), now)
        self.has_calls.ring()

    async def _handle_all(self, session: Session, items: list[InboxItem], batch: Batch) -> None:
        keys = [name_of(item.bot_id, item.chat_id, item.chat_id) for item in items]
        known = await states.load(session, keys)
        for key in keys:
            known.setdefault(key, Standing())
        for item in items:
            pass_point("before_handler")
            await self._handle(session, item, known, batch)
        now = real_now()
        free = {item.chat_id for item in items if not item.waits}
        batch.claimed = await self.has_calls.store(session, batch.calls, now, free=free)
        await states.save(session, batch.standings)
        if batch.done:
            await inbox.finish(session, batch.done, now)

    async def _handle(
        self, session: Session, item: InboxItem, known: dict[str, Standing], batch: Batch
    ) -> None:
        try:
            update = self._read(item)
        except ValidationError as error:
            log.warning("update cannot be read", update_id=item.update_id, error=error.error_count())
            batch.done.append(item.id)
            return
        if not _is_from_a_person(update):
            batch.done.append(item.id)
            return
        try:
            repeated = self._taps.is_repeat(update, item.chat_id, real_now())
            outgoing = [] if repeated else await self._run_turn(session, item, update, known, batch)
        except Refusal as refusal:
            await self._note_refusal(session, item, refusal)
            outgoing = errors.explain(refusal, update, item.chat_id)
        except Unprepared:
            raise
        except Exception as error:
            if isinstance(error, TimeoutError) or is_transaction_lost(error):
                raise
            log.exception("handler failed", update_id=item.update_id, attempt=item.attempts + 1)
            parked = await inbox.fail(session, item, type(error).__name__, real_now())
            if item.attempts == 0 or parked:
                apology = errors.apologize(item.chat_id, parked=parked)
                batch.calls += gather_calls([apology], item.bot_id, item.chat_id)
            return
        batch.calls += gather_calls(_answer_taps(update, outgoing), item.bot_id, item.chat_id)
        batch.done.append(item.id)

    async def _run_turn(
        self, session: Session, item: InboxItem, update: Update, known: dict[str, Standing], batch: Batch
    ) -> list[Outgoing]:
        """The handler's replies; its changes stay only if it ends well."""
        query = update.callback_query
        if query is not None and (query.message is None or isinstance(query.message, InaccessibleMessage)):
            return errors.point_to_start(update, item.chat_id)
        async with self._database.savepoint(session) as inner, asyncio.timeout(TURN_SECONDS):
            turn = TurnStates(inner, known)
            token = current.set(turn)
            try:
                replies = await self._dispatcher.feed_update(
                    self._bot,
                    update,
                    session=inner,
                    now=self._clock.now(),
                    real_now=real_now(),
                    job=_job_result(item),
                    **self._context,
                )
            finally:
                current.reset(token)
            outgoing = gather(replies)
        known.update(turn.changed)
        batch.standings.update(turn.changed)
        batch.has_jobs |= bool(inner.info.get(jobs.ENQUEUED))
        return outgoing

    def _read(self, item: InboxItem) -> Update:
        """The row as an update. A job's result poses as a message of its chat, so that middlewares apply."""
        if item.update_id >= 0:
            return Update.model_validate(item.body, context={"bot": self._bot})
        person = User(id=item.chat_id, is_bot=False, first_name="")
        message = Message(
            message_id=0, date=real_now(), chat=Chat(id=item.chat_id, type="private"), from_user=person
        )
        return Update(update_id=item.update_id, message=message).as_(self._bot)

    async def _note_refusal(self, session: Session, item: InboxItem, refusal: Refusal) -> None:
        identity = await identities.load(session, self._channel, item.chat_id)
        await audit.record(
            session,
            "refused",
            "inbox",
            item.id,
            person_id=identity.person.id if identity else None,
            at=self._clock.now(),
            code=refusal.code,
        )


def _is_from_a_person(update: Update) -> bool:
    """False for kinds of updates nobody knows yet, and for what comes from nobody (Bot API, Message.from)."""
    try:
        event = update.event
    except UpdateTypeLookupError:
        return False
    return getattr(event, "from_user", None) is not None


def _job_result(item: InboxItem) -> JobResult | None:
    if item.update_id >= 0:
        return None
    body = item.body
    return JobResult(
        id=body["job"],
        kind=body["kind"],
        payload=body["payload"],
        result=body.get("result") or {},
        failed=body.get("failed", False),
    )


def _answer_taps(update: Update, outgoing: list[Outgoing]) -> list[Outgoing]:
    """Every tap is answered, or the button would go on turning in the person's hand."""
    query = update.callback_query
    if query is None or any(isinstance(item.method, AnswerCallbackQuery) for item in outgoing):
        return outgoing
    return [Outgoing(AnswerCallbackQuery(callback_query_id=query.id), kind="answer"), *outgoing]
