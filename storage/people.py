"""Tables of who takes part: persons, organizations, memberships, staff roles, invites, the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId, Instant, Json


class Person(SQLModel, table=True):
    """Somebody who writes to the bot: one row for each (channel, chat)."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    channel: str
    chat_id: int = Field(sa_type=BigInteger)
    name: str = ""
    consented_at: datetime | None = Field(default=None, sa_type=Instant)
    unreachable_since: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)


class Organization(SQLModel, table=True):
    """A party that files; `kind` is a pack's filer kind, `folded_name` the name as duplicates compare it.

    `kind` has no index: nearly all have the same one, and SQLite, which keeps no statistics, would walk it
    where it should look up a few persons' organizations.
    """

    __tablename__ = "organization"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str
    name: str
    folded_name: str = Field(index=True)
    credit_code: str | None = Field(default=None, index=True)
    type: str = ""
    level: str = ""
    home: str = Field(default="", index=True)
    contact: str = ""
    phone: str = ""
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    created_by: int = Field(foreign_key="person.id", sa_type=BigId)


class Membership(SQLModel, table=True):
    """A person's tie to an organization: `pending` until a member decides, then `active` or `refused`."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organization_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId, index=True)
    organization_id: int = Field(foreign_key="organization.id", sa_type=BigId, index=True)
    state: str
    contact: str = ""
    phone: str = ""
    created_at: datetime = Field(sa_type=Instant)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)


class RegistrationDraft(SQLModel, table=True):
    """A registration form being filled by one person.

    `purpose` is `register` (a new organization), `join` (a request to act for the one named by
    `organization_id`) or `amend` (a change of its facts). `state` is `open`, `done` or `discarded`.
    `namesake` says that the person declared it another organization of the same name. `revision` counts
    writes, for optimistic checks.
    """

    __tablename__ = "registration_draft"
    __table_args__ = (Index("ix_registration_draft_open", "person_id", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    kind: str
    purpose: str
    organization_id: int | None = Field(default=None, foreign_key="organization.id", sa_type=BigId)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    namesake: bool = False
    state: str = "open"
    revision: int = 0
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class StaffRole(SQLModel, table=True):
    """A person's staff role: `province` (scope a province's code) or `city` (scope a city's code)."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId, index=True)
    role: str
    scope: str
    granted_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Invite(SQLModel, table=True):
    """A one-time invite to a staff role. Only the code's SHA-256 is kept; expiry runs on real time."""

    __tablename__ = "invite"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code_hash: str = Field(unique=True)
    role: str
    scope: str
    expires_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    redeemed_at: datetime | None = Field(default=None, sa_type=Instant)
    redeemed_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)


class Audit(SQLModel, table=True):
    """One row for each change or refusal, written in the transaction of the change itself."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_object", "object_type", "object_id"),
        Index("ix_audit_person", "person_id", "action", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=Instant)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    action: str
    object_type: str
    object_id: int | None = Field(default=None, sa_type=BigInteger)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
