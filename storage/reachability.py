"""Whom the bot cannot reach, as Telegram tells it when a message is refused."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from storage.database import Session
from storage.people import Person


async def note_unreachable(session: Session, channel: str, chat_ids: Collection[int], now: datetime) -> None:
    """These persons blocked the bot or are gone; it holds until they write again."""
    await session.execute(
        update(Person)
        .where(
            col(Person.channel) == channel,
            col(Person.chat_id).in_(chat_ids),
            col(Person.unreachable_since).is_(None),
        )
        .values(unreachable_since=now)
    )


async def note_moved(session: Session, channel: str, old_chat_id: int, new_chat_id: int) -> None:
    """A chat has a new id (Bot API, ResponseParameters.migrate_to_chat_id)."""
    await session.execute(
        update(Person)
        .where(col(Person.channel) == channel, col(Person.chat_id) == old_chat_id)
        .values(chat_id=new_chat_id)
    )
