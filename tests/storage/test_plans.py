"""What is done lies in the queues for good: taking what is left to do must never walk through it."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import inbox, jobs, ledger, outbox
from storage.audiences import Audience
from storage.broadcast_queries import Mailing
from storage.database import Database, Session
from storage.outbox import Outcome

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AUDIENCE = Audience("everyone", "n", "", ("association",), "province", "320000")
BROADCAST = Mailing(AUDIENCE, 1, None, "letter", "n", "", "", NOW, None)
Asking = Callable[[Session], Awaitable[Any]]

# What is asked of a queue, and the indexes that hold only what is still to be done.
QUESTIONS: dict[str, tuple[Asking, set[str]]] = {
    "updates": (lambda session: inbox.take(session, 32, NOW), {"ix_inbox_open", "ix_outbox_open"}),
    "replies": (
        lambda session: outbox.claim(session, "w", 30, NOW),
        {"ix_outbox_open", "ix_outbox_pending"},
    ),
    "broadcast messages": (
        lambda session: outbox.claim(session, "w", 30, NOW, broadcast=True),
        {"ix_outbox_open", "ix_outbox_pending"},
    ),
    "jobs": (lambda session: jobs.claim(session, "w", 2, NOW), {"ix_job_open"}),
    "lost calls": (lambda session: outbox.recover(session, NOW), {"ix_outbox_open"}),
    "lost calls at a start": (
        lambda session: outbox.recover(session, NOW, everything=True),
        {"ix_outbox_open"},
    ),
    "calls in hand": (lambda session: outbox.keep(session, "w", {1, 2}, NOW), {"ix_outbox_open"}),
    "recipients": (
        lambda session: ledger.take(session, BROADCAST, 30, NOW, NOW),
        {"ix_broadcast_recipient_pending", "ix_broadcast_recipient_person_id"},
    ),
    "recipients reached": (
        lambda session: ledger.settle(session, [Outcome(1, "sent")], frozenset(), NOW),
        {"ix_broadcast_recipient_sending"},
    ),
    "recipients lost": (lambda session: ledger.follow(session, NOW), {"ix_broadcast_recipient_sending"}),
    "recipients left": (
        lambda session: ledger.skip_rest(session, 1, "late", NOW),
        {"ix_broadcast_recipient_pending"},
    ),
}
# `found` are the few ids of `locked_once`.
WALK = r"SCAN(?! found|.* INDEX ix_)|Seq Scan on (inbox|outbox|job|broadcast_recipient)\b"

# Much that is done: on a small table PostgreSQL would rather read all of it.
DONE = (
    "INSERT INTO inbox (bot_id, update_id, chat_id, body, state, attempts, received_at) "
    "SELECT 1, n, n % 50, '{}', 'done', 0, now() FROM generate_series(1, 2000) n",
    "INSERT INTO outbox (bot_id, chat_id, kind, method, arguments, state, attempts, created_at) "
    "SELECT 1, n % 50, 'reply', 'SendMessage', '{}', 'sent', 0, now() FROM generate_series(1, 2000) n",
    "INSERT INTO job (bot_id, chat_id, kind, payload, state, attempts, created_at) "
    "SELECT 1, n, 'export', '{}', 'done', 1, now() FROM generate_series(1, 2000) n",
    "INSERT INTO person (channel, chat_id, name, created_at) "
    "SELECT 'c', n, '', now() FROM generate_series(1, 2000) n",
    "INSERT INTO broadcast "
    "(id, kind, notice, template, audience, text, state, total, created_at, due_at, shown) "
    "VALUES (1, 'letter', 'n', '', '{}', '', 'running', 0, now(), now(), '{}')",
    "INSERT INTO broadcast_recipient (broadcast_id, person_id, state, reason, attempts, outbox_id) "
    "SELECT 1, id, 'sent', '', 1, id FROM person",
    "ANALYZE",
)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_what_is_done_is_never_walked_through(database: Database, name: str) -> None:
    ask, indexes = QUESTIONS[name]
    explain = _explain_on_sqlite if database.is_sqlite else _explain_on_postgres
    async with database.transaction() as session:
        connection = await session.connection()
        if not database.is_sqlite:
            for statement in DONE:
                await connection.execute(text(statement))
        plans = [await explain(connection, *asked) for asked in await _statements(connection, ask, session)]
    used = [set(re.findall(r"\bix_\w+|PRIMARY KEY", plan)) for plan in plans]
    assert all(used), plans
    assert set().union(*used) - {"PRIMARY KEY"} == indexes, plans
    steps = [step for plan in plans for step in plan.splitlines()]
    assert [step for step in steps if re.search(WALK, step)] == []


async def _statements(connection: AsyncConnection, ask: Asking, session: Session) -> list[tuple[str, Any]]:
    """What is sent to the database for the question, as it is sent."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await ask(session)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    return asked


async def _explain_on_sqlite(connection: AsyncConnection, statement: str, parameters: Any) -> str:
    plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(row[3] for row in plan)


async def _explain_on_postgres(connection: AsyncConnection, statement: str, _parameters: Any) -> str:
    """The plan that serves whatever the parameters are: the server goes over to it after some executions."""
    count = max(map(int, re.findall(r"\$(\d+)", statement)), default=0)
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    await connection.exec_driver_sql(f"PREPARE asked AS {statement}")
    plan = await connection.exec_driver_sql(f"EXPLAIN EXECUTE asked{values}")
    lines = "\n".join(row[0] for row in plan)
    await connection.exec_driver_sql("DEALLOCATE asked")
    return lines
