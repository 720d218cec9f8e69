"""Table of what people asked about the notices, and of what was passed on to staff."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.types import BigId, Instant, Json

IS_WAITING = text("state = 'waiting'")


class Question(SQLModel, table=True):
    """A question asked in chat, how the bot answered it, and what staff made of it.

    `outcome` is `answered`, `refused` or `declined`; `turn` is what the next question may lean on. `helpful`
    is the asker's opinion. `state` is "" while it is the bot's alone, `waiting` once passed on to staff, then
    `answered`. Whose staff: those over `organization_id`, or of the province `region` where there is none
    ("" = any province). `answer` is the staff's words, `office` whom they speak for.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_person", "person_id", "id"),
        Index("ix_question_waiting", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    text: str
    outcome: str
    reason: str = ""
    notice: str = ""
    turn: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    asked_at: datetime = Field(sa_type=Instant)
    helpful: bool | None = None
    state: str = ""
    organization_id: int | None = Field(default=None, foreign_key="organization.id", sa_type=BigId)
    region: str = ""
    passed_on_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: str = ""
    office: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
