"""From the outbox to the Bot API: each chat's calls in order, paced, and every one ends recorded.

One loop records how calls ended and claims the next in the same transaction; the calls themselves are made
outside it, many chats at once.
"""

import asyncio
import html
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.calls import as_new_message, named_files, to_method
from bot.clock import real_now
from bot.handover import Handover
from bot.kill_points import pass_point
from bot.outcomes import Verdict, judge_error, judge_result
from bot.pacing import Pacing
from storage import kept_settings, ledger, outbox, reachability
from storage.database import Database, Session
from storage.files import FileStore
from storage.outbox import OutboxItem, Outcome
from storage.queues import StoredFile

AT_ONCE = 30
# So many of these no letter takes: a server that stalls on letters must not hold up replies.
FOR_REPLIES = 6
GATHERED, GATHER_SECONDS = (AT_ONCE - FOR_REPLIES) * 3 // 4, 0.02
IDLE_SECONDS = 1.0
RECOVER_SECONDS = 30.0
STOP_ALL_CHATS = 2
STALE_SECONDS = 5.0
LOOK_SECONDS = 0.1
STOPPED_UNTIL = "stopped_until"

log = structlog.get_logger(__name__)


@dataclass
class Prepared:
    """A claimed call with what it needs from the database."""

    item: OutboxItem
    arguments: dict[str, Any]
    method: str
    files: dict[int, StoredFile] = field(default_factory=dict)


class Letters(Protocol):
    """What is to be sent to many: made the moment its turn comes, never before."""

    async def take(self, session: Session, worker: str, limit: int) -> list[OutboxItem]:
        """Up to `limit` calls, claimed for `worker`."""


class Sending:
    """Makes what `has_calls` hands over, drains the outbox as `worker`, then `letters`."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        store: FileStore,
        pacing: Pacing,
        has_calls: Handover,
        *,
        worker: str,
        channel: str,
        letters: Letters | None = None,
    ) -> None:
        self._database, self._bot, self._store, self._letters = database, bot, store, letters
        self._pacing, self._wake, self._worker, self._channel = pacing, has_calls, worker, channel
        self._verdicts: deque[tuple[OutboxItem, Verdict]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._chats_told_to_wait: dict[int, float] = {}
        self._stopped_until = real_now()
        self._stopping = self._more_letters = self._passed_over = self._were_in_hand = False
        self._looked = self._looked_for_letters = float("-inf")
        self._gathering: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Sends until `stop` and everything due has left."""
        # Not before what earlier senders left is settled, or the same row would be settled and handed over.
        self._wake.claimant = self._worker
        loop = asyncio.get_running_loop()
        recovered, pause = loop.time(), 0.0
        while True:
            try:
                if loop.time() - recovered > RECOVER_SECONDS:
                    async with self._database.transaction() as session:
                        await outbox.keep(
                            session, self._worker, self._in_hand | self._wake.on_their_way, real_now()
                        )
                        await settle_lost(session)
                    recovered = loop.time()
                await self.turn_over()
            except Exception:
                log.exception("outbox out of reach")
                recovered = float("-inf")  # what was claimed as the answer got lost is looked for first
                pause = min(pause * 2 or 0.2, 5)
                await asyncio.sleep(pause)
                continue
            pause = 0.0
            if self._stopping and not self._under_way and not self._verdicts:
                return
            await self._wake.wait(self._patience())

    def _patience(self) -> float:
        """How long to wait for a ring: less where ends are to be recorded, more is left, or nobody looked."""
        if self._verdicts:
            return GATHER_SECONDS
        if self._more_letters and len(self._under_way) < AT_ONCE - FOR_REPLIES:
            return min(IDLE_SECONDS, self._pacing.seconds_to_room())
        return LOOK_SECONDS if self._passed_over else IDLE_SECONDS

    def stop(self) -> None:
        """Ends `run` once nothing is due any more."""
        self._stopping = True
        self._wake.ring()

    async def take_up_stop(self, session: Session) -> None:
        """Lets no call leave before the stop ends that an earlier life of the program was told to keep."""
        kept = await kept_settings.recall(session, STOPPED_UNTIL)
        if kept is not None:
            self._pacing.stop((datetime.fromisoformat(kept) - real_now()).total_seconds())

    async def turn_over(self) -> int:
        """Begins what was handed over; in one transaction records what ended and begins what else is due.

        Returns how many calls were begun. The transaction is left out where it would find nothing.
        """
        handed = self._wake.take(AT_ONCE - len(self._under_way))
        self._begin([Prepared(item, item.arguments, item.method) for item in handed])
        if handed and not self._verdicts and not self._wake.has_more:
            return len(handed)
        looks = self._may_find_some()
        self._wake.has_more = False
        ended = list(self._verdicts)
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        room = AT_ONCE - len(self._under_way)
        async with self._database.transaction() as session:
            if ended:
                await self._record(session, ended)
            prepared = await self._claim(session, room) if looks and room > 0 else []
        for item, _ in ended:
            self._verdicts.popleft()
            self._in_hand.discard(item.id)
        self._begin(prepared)
        if looks:
            self._were_in_hand = bool(self._in_hand)
        else:
            self._passed_over = True
        return len(handed) + len(prepared)

    def _may_find_some(self) -> bool:
        """Whether the outbox may hold what can leave.

        It was rung for, there are letters, or it was last looked into long ago, or while calls were in hand,
        behind which others of their chats may have waited.
        """
        soon = asyncio.get_running_loop().time() < self._looked + LOOK_SECONDS
        return self._wake.has_more or self._more_letters or self._were_in_hand or not soon

    def _begin(self, calls: Sequence[Prepared]) -> None:
        for call in calls:
            self._in_hand.add(call.item.id)
            task = asyncio.create_task(self._send(call))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _claim(self, session: Session, room: int) -> list[Prepared]:
        now, moment = real_now(), asyncio.get_running_loop().time()
        items = await outbox.claim(session, self._worker, room, now)
        self._looked = moment
        more = min(room - len(items) - FOR_REPLIES, self._pacing.room_for_broadcast())
        # While replies come and go, there is no use in asking at each of them for what goes to many.
        self._passed_over = not self._more_letters and moment < self._looked_for_letters + LOOK_SECONDS
        if more > 0 and not self._stopping and not self._passed_over:
            self._looked_for_letters = moment
            many = await outbox.claim(session, self._worker, more, now, broadcast=True)
            if self._letters is not None and len(many) < more:
                many += await self._letters.take(session, self._worker, more - len(many))
            self._more_letters = bool(many)
            items += many
        return [await self._prepare(session, item) for item in items]

    async def _prepare(self, session: Session, item: OutboxItem) -> Prepared:
        call = Prepared(item, item.arguments, item.method)
        if item.edits is not None:
            message_id = await outbox.find_message(session, item.chat_id, item.edits)
            if message_id is None:
                call.method, call.arguments = "SendMessage", as_new_message(item.arguments)
            else:
                call.arguments = {**item.arguments, "message_id": message_id}
        for file_id in named_files(item.arguments):
            call.files[file_id] = await self._store.find(session, file_id)
        return call

    async def _send(self, call: Prepared) -> None:
        item = call.item
        claimed = asyncio.get_running_loop().time()
        await self._pacing.wait_turn(item.chat_id, paced=item.kind != "answer")
        if item.kind == "broadcast" and asyncio.get_running_loop().time() - claimed > STALE_SECONDS:
            # A long stop: what the message says may no longer be so. It is made anew.
            self._end(item, Verdict(Outcome(item.id, "pending", item.attempts)))
            return
        pass_point("before_send")
        verdict = await self._try(call)
        if verdict.remedy is not None:
            if verdict.remedy == "as new message":
                call.method, call.arguments = "SendMessage", as_new_message(call.arguments)
            else:
                call.arguments = _without_markup(call.arguments)
            await self._pacing.wait_turn(item.chat_id)
            verdict = await self._try(call)
        pass_point("after_send")
        self._heed(item, verdict)
        self._end(item, verdict)

    def _end(self, item: OutboxItem, verdict: Verdict) -> None:
        """A reply's end is recorded at once, the next of its chat waits for that; letters' are gathered."""
        self._verdicts.append((item, verdict))
        if item.kind != "broadcast" or len(self._verdicts) >= GATHERED:
            self._wake.ring()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._wake.ring)

    async def _try(self, call: Prepared) -> Verdict:
        try:
            method = to_method(call.method, call.arguments, call.files, self._store)
            return judge_result(call.item, await self._bot(method))
        except Exception as error:
            verdict = judge_error(call.item, error, real_now())
            if not isinstance(error, TelegramAPIError):
                log.exception("call cannot be made", method=call.method, row=call.item.id)
            elif verdict.outcome.state == "failed":
                log.warning("call refused", method=call.method, row=call.item.id, error=str(error))
            return verdict

    def _heed(self, item: OutboxItem, verdict: Verdict) -> None:
        """A stop asked for one chat's replies holds that chat; for a broadcast, or two chats, everybody."""
        if not verdict.stop_seconds:
            return
        now = asyncio.get_running_loop().time()
        waiting = {chat: until for chat, until in self._chats_told_to_wait.items() if until > now}
        waiting[item.chat_id] = now + verdict.stop_seconds
        self._chats_told_to_wait = waiting
        if item.kind == "broadcast" or len(waiting) >= STOP_ALL_CHATS:
            seconds = max(waiting.values()) - now
            self._pacing.stop(seconds)
            self._stopped_until = real_now() + timedelta(seconds=seconds)

    async def _record(self, session: Session, ended: list[tuple[OutboxItem, Verdict]]) -> None:
        now = real_now()
        outcomes: list[Outcome] = [verdict.outcome for _, verdict in ended]
        unreachable = frozenset(item.id for item, verdict in ended if verdict.unreachable)
        to_many = [verdict.outcome for item, verdict in ended if item.kind == "broadcast"]
        await ledger.settle(session, to_many, unreachable, now)
        await outbox.record(session, self._worker, outcomes, now)
        if self._stopped_until > now:
            await kept_settings.keep(session, STOPPED_UNTIL, self._stopped_until.isoformat())
        gone = {item.chat_id for item, verdict in ended if verdict.unreachable}
        if gone:
            await reachability.note_unreachable(session, self._channel, gone, now)
        for item, verdict in ended:
            if verdict.moved_to is not None:
                await outbox.redirect(session, item.chat_id, verdict.moved_to)
                await reachability.note_moved(session, self._channel, item.chat_id, verdict.moved_to)


async def settle_lost(session: Session, *, everything: bool = False) -> None:
    """Ends calls whose sender is gone, with their rows of the ledger; `everything` as in `outbox.recover`."""
    await outbox.recover(session, real_now(), everything=everything)
    await ledger.follow(session, real_now())


def _without_markup(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same call as plain text: a message that looks poor is better than none."""
    plain = dict(arguments)
    plain["parse_mode"] = None
    for name in ("text", "caption"):
        if name in plain:
            plain[name] = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", plain[name]))
    return plain
