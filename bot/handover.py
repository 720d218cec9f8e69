"""A reply's shortest way: claimed for this process's sender as it is stored, handed over after the commit.

What is not handed over (another process sends, the chat has something open, the call needs the database once
more) lies in the outbox and is claimed from there (docs/decisions/0003).
"""

from collections import deque
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.calls import named_files
from bot.wakes import Wake
from storage import outbox
from storage.database import Session
from storage.outbox import Call, OutboxItem


class Handover(Wake):
    """A bell with a tray: rung for what lies in the outbox, `give` for what need not be looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.claimant: str | None = None
        """The sender that takes from here; None while there is none in this process."""
        self.has_more = False
        """Whether the bell was rung for the outbox since the sender looked."""
        self._given: deque[OutboxItem] = deque()
        self._promised: set[int] = set()

    def ring(self) -> None:
        """There may be work in the outbox."""
        self.has_more = True
        super().ring()

    async def store(
        self, session: Session, calls: Sequence[Call], now: datetime, *, free: Collection[int]
    ) -> list[OutboxItem]:
        """Adds calls to the outbox; those that wait for nothing are claimed and returned, to be given.

        `free` are the chats of which is known that no reply has still to leave.
        """
        if self.claimant is None or not calls:
            await outbox.add(session, calls, now)
            return []
        prompt, patient = _sort(calls, set(free))
        items = await outbox.add_claimed(session, self.claimant, [(call, 0) for call in prompt], now)
        self._promised.update(item.id for item in items)
        await outbox.add(session, patient, now)
        return items

    def give(self, items: Sequence[OutboxItem], *, all_there_is: bool) -> None:
        """What `store` returned has been committed; `all_there_is` when it left nothing in the outbox."""
        self._given.extend(items)
        self.has_more |= not all_there_is
        super().ring()

    def withdraw(self, items: Sequence[OutboxItem]) -> None:
        """What `store` returned was not committed, or nobody knows."""
        self._promised.difference_update(item.id for item in items)

    def take(self, most: int) -> list[OutboxItem]:
        """Up to so many of what was given, for the sender to make."""
        taken = [self._given.popleft() for _ in range(min(most, len(self._given)))]
        self._promised.difference_update(item.id for item in taken)
        return taken

    @property
    def on_their_way(self) -> frozenset[int]:
        """The rows that are claimed and not yet taken."""
        return frozenset(self._promised)

    def close(self) -> None:
        """The sender is gone; whoever comes next finds what it left in the outbox."""
        self.claimant = None
        self._given.clear()
        self._promised.clear()


def _sort(calls: Sequence[Call], free: set[int]) -> tuple[list[Call], list[Call]]:
    """Calls that wait for nothing; those that wait for another of their chat, or for the database."""
    prompt: list[Call] = []
    patient: list[Call] = []
    for call in calls:
        waits = call.edits is not None or bool(named_files(call.arguments))
        if call.kind == "reply":
            waits |= call.chat_id not in free
            free.discard(call.chat_id)
        (patient if waits else prompt).append(call)
    return prompt, patient
