"""Tables of the ground: inbox, outbox, jobs, conversation states, stored files, kept settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import BigId, Instant, Json

# Finished rows stay for the record; the queues' indexes hold only what is still to be done.
IS_NEW = text("state = 'new'")
IS_OPEN = text("state IN ('pending', 'sending')")
IS_PENDING = text("state = 'pending'")
IS_NAMED = text("name IS NOT NULL")
IS_UNFINISHED = text("state IN ('new', 'running')")


class InboxRow(SQLModel, table=True):
    """A raw update, stored before it is acknowledged.

    `state` is `new`, `done` or `parked` (given up after five attempts). A worker holds a row by the lock of
    the transaction in which it does the row's work: a lost worker holds nothing, and cannot write late.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index("ix_inbox_open", "chat_id", "id", sqlite_where=IS_NEW, postgresql_where=IS_NEW),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    bot_id: int = Field(sa_type=BigInteger)
    update_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    body: dict[str, Any] = Field(sa_type=Json)
    state: str = "new"
    attempts: int = 0
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = None
    received_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class OutboxRow(SQLModel, table=True):
    """One Bot API call to make.

    `arguments` are the method's, with `stored:<id>` where a stored file is to be uploaded. `name` lets a
    later row edit this one's message (`edits` = that name). `kind` is `reply`, `answer` (a callback answer,
    not paced) or `broadcast`. `state` is `pending`, `sending`, `sent`, `failed` or `unknown`. `claim` names
    the sender that holds the row until `claimed_until` (real time).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "kind", "chat_id", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_outbox_pending", "kind", "id", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
        Index("ix_outbox_name", "chat_id", "name", sqlite_where=IS_NAMED, postgresql_where=IS_NAMED),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    bot_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str = "reply"
    method: str
    arguments: dict[str, Any] = Field(sa_type=Json)
    name: str | None = None
    edits: str | None = None
    state: str = "pending"
    attempts: int = 0
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    claim: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class JobRow(SQLModel, table=True):
    """Slow work asked for by an update; its result enters as an inbox row of its own.

    `state` is `new`, `running`, `done` or `parked`. `claim` names the worker that holds the row until
    `claimed_until` (real time).
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_open", "id", sqlite_where=IS_UNFINISHED, postgresql_where=IS_UNFINISHED),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    bot_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = "new"
    attempts: int = 0
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    claim: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    error: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class ConversationState(SQLModel, table=True):
    """Where a conversation stands: the mode and the ids it works on, nothing that is not stored elsewhere."""

    __tablename__ = "conversation_state"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class StoredFile(SQLModel, table=True):
    """A file under the data folder; the server names it (`path`), `name` is only what people see."""

    __tablename__ = "stored_file"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    path: str = Field(unique=True)
    name: str
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(index=True)
    created_at: datetime = Field(sa_type=Instant)


class KeptSetting(SQLModel, table=True):
    """A value that must survive a restart, such as the trial clock's offset."""

    __tablename__ = "kept_setting"

    key: str = Field(primary_key=True)
    value: str
