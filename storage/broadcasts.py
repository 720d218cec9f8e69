"""Tables of what is sent to many: broadcasts, their ledger, who muted what, and events waiting to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import BigId, Instant, Json

IS_OPEN = text("ended_at IS NULL")
IS_PENDING = text("state = 'pending'")
IS_SENDING = text("state = 'sending'")
IS_WAITING = text("told_at IS NULL")


class Broadcast(SQLModel, table=True):
    """One message to many recipients.

    `kind` is `reminder` (a rung of a pack's ladder), `report` (a rung that tells staff), `chase` (staff
    remind of what is owed) or `letter` (a text of staff). `state` is `draft`, `running`, `paused`, `done`,
    `cancelled`, `skipped` (a rung that came due too late) or `past` (one that was over before its notice was
    first seen). `key` names a rung: whoever inserts it first has fired it. `audience` is an `Audience` as
    JSON. `due_at`, `useful_until` and `created_at` are the domain's time, `started_at`, `ended_at` and
    `shown_at` (when its progress was last shown) are real time. It has ended when every row of its ledger
    has, also after it was cancelled.
    """

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_open", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str | None = Field(default=None, unique=True)
    kind: str
    notice: str = Field(index=True)
    template: str = ""
    audience: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    text: str = ""
    state: str
    total: int = 0
    created_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    useful_until: datetime | None = Field(default=None, sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    shown_at: datetime | None = Field(default=None, sa_type=Instant)
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class BroadcastRecipient(SQLModel, table=True):
    """The ledger: exactly one row for each recipient of a broadcast.

    `state` is `pending`, `sending`, `sent`, `failed`, `unknown` or `skipped`; `reason` says why one was not
    reached (`storage.ledger`). While `sending` the outbox row `outbox_id` carries the call. `not_before` and
    `ended_at` are real time.
    """

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "person_id"),
        Index(
            "ix_broadcast_recipient_pending",
            "broadcast_id",
            "id",
            sqlite_where=IS_PENDING,
            postgresql_where=IS_PENDING,
        ),
        Index(
            "ix_broadcast_recipient_sending",
            "outbox_id",
            sqlite_where=IS_SENDING,
            postgresql_where=IS_SENDING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    broadcast_id: int = Field(foreign_key="broadcast.id", sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId, index=True)
    state: str = "pending"
    reason: str = ""
    attempts: int = 0
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    outbox_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class MutedNotice(SQLModel, table=True):
    """That a person wants no reminders of a notice."""

    __tablename__ = "muted_notice"
    __table_args__ = (UniqueConstraint("person_id", "notice"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    notice: str
    muted_at: datetime = Field(sa_type=Instant)


class Event(SQLModel, table=True):
    """Something a person shall hear of, gathered with what else has happened when its time comes.

    `kind` is that of `reminders.events`; `tell_at` (domain time) is when waiting for more ends.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_waiting", "tell_at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index("ix_event_person", "person_id", "kind", "told_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    kind: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    happened_at: datetime = Field(sa_type=Instant)
    tell_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
