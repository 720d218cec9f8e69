"""Many persons with an organization each, who have filed nothing: the audience of a first reminder."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlmodel import SQLModel

from storage.database import Session
from storage.people import Membership, Organization, Person

THEN = datetime(2021, 9, 1, tzinfo=UTC)


async def settle_in(session: Session, channel: str, chats: list[int]) -> None:
    """A registered organization for each of those chats; ids are the chats' own."""
    connection = await session.connection()
    people = [
        {
            "id": chat,
            "channel": channel,
            "chat_id": chat,
            "name": "李明",
            "consented_at": THEN,
            "created_at": THEN,
        }
        for chat in chats
    ]
    organizations = [
        {
            "id": chat,
            "kind": "organization",
            "name": f"徐州市第{chat}志愿者协会",
            "folded_name": f"徐州市第{chat}志愿者协会",
            "type": "association",
            "level": "city",
            "home": "320300",
            "answers": {},
            "created_at": THEN,
            "created_by": chat,
        }
        for chat in chats
    ]
    ties = [
        {"person_id": chat, "organization_id": chat, "state": "active", "created_at": THEN} for chat in chats
    ]
    tables = SQLModel.metadata.tables
    for model, rows in ((Person, people), (Organization, organizations), (Membership, ties)):
        await connection.execute(insert(tables[str(model.__tablename__)]), rows)
