"""Stored people and messages. Every change of a message moves it to the end of its chat's changes."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from webchat.schema import transaction

Entity = dict[str, Any]
Keyboard = list[list[dict[str, Any]]]


@dataclass(frozen=True)
class Message:
    """One message as stored. `text` is also a file's caption; `date` and `edit_date` are Unix seconds."""

    id: int
    chat: int
    by_bot: bool
    date: int
    edit_date: int | None
    text: str
    entities: list[Entity]
    keyboard: Keyboard | None
    file: str | None
    as_photo: bool
    reply_to: int | None
    album: str | None
    deleted: bool
    cursor: int


@dataclass(frozen=True)
class Draft:
    """What a new message says, before it has an id."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard | None = None
    file: str | None = None
    as_photo: bool = False
    reply_to: int | None = None
    album: str | None = None
    nonce: str | None = None


class Messages:
    """People (a person = a chat id) and their conversations with the one bot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def knows(self, chat: int) -> bool:
        """Whether this person ever wrote; a bot cannot write to others."""
        return self.name(chat) is not None

    def name(self, chat: int) -> str | None:
        """The person's name, or None for an unknown chat."""
        row = self._connection.execute("SELECT name FROM people WHERE chat = ?", (chat,)).fetchone()
        return None if row is None else str(row["name"])

    def add_person(self, chat: int, name: str) -> None:
        """Make a person known; one already known keeps the name."""
        self._connection.execute("INSERT OR IGNORE INTO people (chat, name) VALUES (?, ?)", (chat, name))

    def rename(self, chat: int, name: str) -> None:
        """Give a person a name, known before or not."""
        self._connection.execute(
            "INSERT INTO people (chat, name) VALUES (?, ?)"
            " ON CONFLICT (chat) DO UPDATE SET name = excluded.name",
            (chat, name),
        )

    def people(self) -> list[tuple[int, str, int]]:
        """Every person: chat id, name, cursor of the last change in the chat (0 when empty)."""
        rows = self._connection.execute(
            "SELECT chat, name, (SELECT coalesce(max(cursor), 0) FROM messages m WHERE m.chat = p.chat)"
            " AS last FROM people p ORDER BY chat"
        )
        return [(row["chat"], row["name"], row["last"]) for row in rows]

    def add(self, chat: int, by_bot: bool, date: int, draft: Draft) -> Message:
        """Store a new message and give it its id."""
        with transaction(self._connection):
            row = self._connection.execute(
                "INSERT INTO messages (chat, by_bot, date, text, entities, keyboard, file, as_photo,"
                " reply_to, album, nonce, cursor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    chat,
                    by_bot,
                    date,
                    draft.text,
                    json.dumps(draft.entities),
                    None if draft.keyboard is None else json.dumps(draft.keyboard),
                    draft.file,
                    draft.as_photo,
                    draft.reply_to,
                    draft.album,
                    draft.nonce,
                    self._next_cursor(),
                ),
            ).fetchone()
        return _message(row)

    def change(
        self,
        message: Message,
        text: str,
        entities: list[Entity],
        keyboard: Keyboard | None,
        edit_date: int | None,
    ) -> Message:
        """Store what an edit made of a message."""
        with transaction(self._connection):
            row = self._connection.execute(
                "UPDATE messages SET text = ?, entities = ?, keyboard = ?, edit_date = ?, cursor = ?"
                " WHERE id = ? RETURNING *",
                (
                    text,
                    json.dumps(entities),
                    None if keyboard is None else json.dumps(keyboard),
                    edit_date,
                    self._next_cursor(),
                    message.id,
                ),
            ).fetchone()
        return _message(row)

    def delete(self, message: Message) -> None:
        """Empty a message and mark it deleted; its id is never used again."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE messages SET text = '', entities = '[]', keyboard = NULL, file = NULL, deleted = 1,"
                " cursor = ? WHERE id = ?",
                (self._next_cursor(), message.id),
            )

    def find(self, chat: int, message_id: int) -> Message | None:
        """A message of this chat that still stands there."""
        row = self._connection.execute(
            "SELECT * FROM messages WHERE id = ? AND chat = ? AND deleted = 0", (message_id, chat)
        ).fetchone()
        return None if row is None else _message(row)

    def sent_before(self, chat: int, nonce: str) -> Message | None:
        """The message a client already stored under this nonce: a repeated request changes nothing."""
        row = self._connection.execute(
            "SELECT * FROM messages WHERE chat = ? AND nonce = ?", (chat, nonce)
        ).fetchone()
        return None if row is None else _message(row)

    def changes(self, chat: int, after: int, limit: int) -> list[Message]:
        """Messages of the chat that were sent, edited or deleted after the cursor, oldest change first."""
        rows = self._connection.execute(
            "SELECT * FROM messages WHERE chat = ? AND cursor > ? ORDER BY cursor LIMIT ?",
            (chat, after, limit),
        )
        return [_message(row) for row in rows]

    def setting(self, name: str) -> Any:
        """A stored setting of the bot (its commands, its update kinds), or None."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row["value"])

    def set_setting(self, name: str, value: Any) -> None:
        """Store a setting of the bot."""
        self._connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def _next_cursor(self) -> int:
        row = self._connection.execute("SELECT coalesce(max(cursor), 0) + 1 AS next FROM messages").fetchone()
        return int(row["next"])


def _message(row: sqlite3.Row) -> Message:
    return Message(
        id=row["id"],
        chat=row["chat"],
        by_bot=bool(row["by_bot"]),
        date=row["date"],
        edit_date=row["edit_date"],
        text=row["text"],
        entities=json.loads(row["entities"]),
        keyboard=None if row["keyboard"] is None else json.loads(row["keyboard"]),
        file=row["file"],
        as_photo=bool(row["as_photo"]),
        reply_to=row["reply_to"],
        album=row["album"],
        deleted=bool(row["deleted"]),
        cursor=row["cursor"],
    )
