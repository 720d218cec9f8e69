"""Tables of what is filed: filings and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId, Instant, Json


class Filing(SQLModel, table=True):
    """One form of a notice, filled by an organization.

    `state` is `draft`, `filed`, `withdrawn` or `discarded`. `answers` is the working copy
    (`forms.model.Answer.as_json` by field name); while a filed one is being corrected, the filed state
    stands in its newest `FilingVersion` and only that is exported. `revision` counts writes, for
    optimistic checks.
    """

    __tablename__ = "filing"
    __table_args__ = (Index("ix_filing_notice", "notice", "form", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    notice: str
    form: str
    organization_id: int = Field(foreign_key="organization.id", sa_type=BigId, index=True)
    author_id: int = Field(foreign_key="person.id", sa_type=BigId)
    state: str
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    correcting: bool = False
    version: int = 0
    revision: int = 0
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    filed_at: datetime | None = Field(default=None, sa_type=Instant)


class FilingVersion(SQLModel, table=True):
    """One submitted state of a filing, never changed; `current` marks the newest one of a filed filing.

    The typed columns project the answers by the fields' `projection`: region a division code, money in
    fen, people and beneficiaries in persons.
    """

    __tablename__ = "filing_version"
    __table_args__ = (
        UniqueConstraint("filing_id", "version"),
        Index("ix_filing_version_current", "notice", "form", "current"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    filing_id: int = Field(foreign_key="filing.id", sa_type=BigId, index=True)
    version: int
    notice: str
    form: str
    organization_id: int = Field(foreign_key="organization.id", sa_type=BigId, index=True)
    current: bool
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    name: str = ""
    region: str = ""
    nature: str = ""
    money: int | None = Field(default=None, sa_type=BigInteger)
    people: int | None = Field(default=None, sa_type=BigInteger)
    beneficiaries: int | None = Field(default=None, sa_type=BigInteger)
    filed_at: datetime = Field(sa_type=Instant)
    filed_by: int = Field(foreign_key="person.id", sa_type=BigId)
