"""What is done lies in the queues for good: taking what is left to do must never walk through it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from storage import inbox, jobs, ledger, outbox
from storage.broadcasts import Broadcast
from storage.database import Database, Session
from storage.outbox import Outcome

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BROADCAST = Broadcast(id=1, kind="letter", notice="n", state="running", created_at=NOW, due_at=NOW)
Asking = Callable[[Session], Awaitable[Any]]

QUESTIONS: dict[str, Asking] = {
    "updates": lambda session: inbox.take(session, 32, NOW),
    "replies": lambda session: outbox.claim(session, "w", 30, NOW),
    "broadcast messages": lambda session: outbox.claim(session, "w", 30, NOW, broadcast=True),
    "jobs": lambda session: jobs.claim(session, "w", 2, NOW),
    "lost calls": lambda session: outbox.recover(session, NOW),
    "recipients": lambda session: ledger.take(session, BROADCAST, 30, NOW, NOW),
    "recipients reached": lambda session: ledger.settle(session, [Outcome(1, "sent")], frozenset(), NOW),
    "recipients lost": lambda session: ledger.follow(session, NOW),
    "recipients left": lambda session: ledger.skip_rest(session, 1, "late", NOW),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_what_is_done_is_never_walked_through(database: Database, name: str) -> None:
    if not database.is_sqlite:
        return await _answers_alike(database, QUESTIONS[name])
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    async with database.transaction() as session:
        await QUESTIONS[name](session)
        statement, parameters = asked[-1]
        connection = await session.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[3] for row in plan]
    assert steps
    walks = [step for step in steps if step.startswith("SCAN") and "INDEX ix_" not in step]
    assert walks == []


async def _answers_alike(database: Database, ask: Asking) -> None:
    """PostgreSQL plans by the table's size; here it only has to understand the statement."""
    async with database.transaction() as session:
        assert not await ask(session)
