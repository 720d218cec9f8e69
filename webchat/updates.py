"""The queue behind getUpdates: stored until confirmed, delivered again until then.

Source: Bot API, getUpdates ("An update is considered confirmed as soon as getUpdates is called with an
offset higher than its update_id").
"""

import json
import secrets
import sqlite3
from typing import Any

from webchat.schema import transaction

KEPT_CONFIRMED = 1000


class Updates:
    """What people did, waiting for the bot; and the button presses the bot has not answered yet."""

    def __init__(self, connection: sqlite3.Connection, first_id: int) -> None:
        self._connection = connection
        self._first_id = first_id

    def add(
        self, kind: str, payload: dict[str, Any], update_id: int | None = None, replay: bool = False
    ) -> int:
        """Queue an update under the next id, or under a given one.

        Telegram's ids may jump backwards after an idle week: the following ids continue from a given one,
        unless it is a replay.
        """
        with transaction(self._connection):
            row = self._connection.execute(
                "SELECT (SELECT update_id FROM updates WHERE replay = 0 ORDER BY position DESC LIMIT 1)"
                " AS last, (SELECT max(update_id) FROM updates) AS highest"
            ).fetchone()
            following = self._first_id if row["last"] is None else row["last"] + 1
            number = following if update_id is None else update_id
            self._connection.execute(
                "INSERT INTO updates (update_id, kind, payload, out_of_order, replay) VALUES (?, ?, ?, ?, ?)",
                (number, kind, json.dumps(payload), number <= (row["highest"] or 0), replay),
            )
        return number

    def confirm(self, offset: int) -> None:
        """Forget what the offset confirms. A negative one keeps only the last -offset updates.

        An update whose id jumped backwards lies under the bot's old offset before the bot ever saw it:
        such a one counts as confirmed only after it was delivered.
        """
        if offset < 0:
            newest = "SELECT position FROM updates WHERE confirmed = 0 ORDER BY position DESC LIMIT ?"
            below = f"position NOT IN ({newest})"
            bound = -offset
        else:
            below = "update_id < ? AND (out_of_order = 0 OR delivered = 1)"
            bound = offset
        with transaction(self._connection):
            done = self._connection.execute(
                f"UPDATE updates SET confirmed = 1 WHERE confirmed = 0 AND {below}", (bound,)
            )
            if done.rowcount:
                self._connection.execute(
                    "DELETE FROM updates WHERE confirmed = 1"
                    " AND position <= (SELECT max(position) FROM updates) - ?",
                    (KEPT_CONFIRMED,),
                )

    def waiting(self, limit: int) -> list[dict[str, Any]]:
        """The oldest unconfirmed updates as Bot API objects."""
        rows = self._connection.execute(
            "SELECT * FROM updates WHERE confirmed = 0 ORDER BY position LIMIT ?", (limit,)
        ).fetchall()
        late = [row["position"] for row in rows if row["out_of_order"] and not row["delivered"]]
        if late:
            marks = ",".join("?" * len(late))
            self._connection.execute(f"UPDATE updates SET delivered = 1 WHERE position IN ({marks})", late)
        return [{"update_id": row["update_id"], row["kind"]: json.loads(row["payload"])} for row in rows]

    def recent(self, count: int) -> list[tuple[int, str, dict[str, Any]]]:
        """The last updates, confirmed or not, oldest first: id, kind, payload."""
        rows = self._connection.execute(
            "SELECT * FROM updates ORDER BY position DESC LIMIT ?", (count,)
        ).fetchall()
        return [(row["update_id"], row["kind"], json.loads(row["payload"])) for row in reversed(rows)]

    def count_waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        row = self._connection.execute("SELECT count(*) AS n FROM updates WHERE confirmed = 0").fetchone()
        return int(row["n"])

    def drop_waiting(self) -> None:
        """Forget everything unconfirmed."""
        self._connection.execute("UPDATE updates SET confirmed = 1 WHERE confirmed = 0")

    def open_press(self, chat: int, message: int) -> str:
        """Note a button press and give it the id under which the bot may answer it."""
        press = str(secrets.randbelow(2**62))
        self._connection.execute(
            "INSERT INTO presses (id, chat, message) VALUES (?, ?, ?)", (press, chat, message)
        )
        return press

    def answer_press(self, press: str) -> tuple[int, int] | None:
        """Close a press; its chat and message, or None where there is none or it was answered before."""
        row = self._connection.execute(
            "UPDATE presses SET answered = 1 WHERE id = ? AND answered = 0 RETURNING chat, message", (press,)
        ).fetchone()
        return None if row is None else (row["chat"], row["message"])
