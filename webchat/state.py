"""What the two sides of the web chat share: the stored conversations, the bell, the signals."""

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from webchat.files import Files
from webchat.messages import Messages
from webchat.schema import open_database
from webchat.signals import Bell, Signals
from webchat.telegram_objects import TelegramObjects
from webchat.updates import Updates

PAGE = Path(__file__).parent / "page"
TEXTS: dict[str, str] = json.loads((PAGE / "texts.json").read_text(encoding="utf-8"))
UPDATES = "updates"


@dataclass
class Conversations:
    """One open store of conversations. `clock` gives Unix seconds."""

    connection: sqlite3.Connection
    messages: Messages
    files: Files
    updates: Updates
    objects: TelegramObjects
    bell: Bell = field(default_factory=Bell)
    signals: Signals = field(default_factory=Signals)
    clock: Callable[[], float] = time.time

    def now(self) -> int:
        """The present in whole Unix seconds."""
        return int(self.clock())

    def signal(self, chat: int, **signal: object) -> None:
        """Tell the pages that show this chat something at once."""
        self.signals.add(chat, signal)
        self.bell.ring(chat)

    def queue(self, kind: str, payload: dict[str, object]) -> None:
        """Queue an update for the bot, unless the bot said it does not want this kind."""
        wanted = self.messages.setting("allowed_updates")
        if not wanted or kind in wanted:
            self.updates.add(kind, payload)
            self.bell.ring(UPDATES)


def open_conversations(folder: Path, token: str) -> Conversations:
    """Open `webchat.sqlite3` in the folder for the bot with this token (`<number>:<secret>`).

    Update ids begin at the present second: a bot that remembers the ids of an earlier, lost store must not
    take new updates for old ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = open_database(folder / "webchat.sqlite3")
    messages, files = Messages(connection), Files(connection)
    objects = TelegramObjects(messages, files, int(token.partition(":")[0]), TEXTS["bot"])
    return Conversations(connection, messages, files, Updates(connection, int(time.time())), objects)
