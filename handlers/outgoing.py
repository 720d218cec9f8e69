"""What a handler returns: Bot API methods, not awaited; processing writes them to the outbox.

A handler returns None, a method, an `Outgoing`, or a list of these. A file to upload is named by its
stored id: `SendDocument(chat_id=…, document=stored(file_id))`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiogram.methods import AnswerCallbackQuery, TelegramMethod

Kind = Literal["reply", "answer", "broadcast"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A method and how its message is known later.

    `name` lets a later one edit this message: an `EditMessageText` without `message_id` whose `edits` is
    that name goes to the newest message of the name in the same chat, and is sent as a new message where
    there is none. `kind` decides pacing: an `answer` (a callback answer) waits for nothing, a `reply` goes
    before any `broadcast`.
    """

    method: TelegramMethod[Any]
    name: str | None = None
    edits: str | None = None
    kind: Kind = "reply"


class Unprepared(Exception):
    """Raised by a turn that needs something that takes seconds to build.

    `build` is called outside of any transaction, in a thread; then the turn is run anew.
    """

    def __init__(self, build: Callable[[], None]) -> None:
        super().__init__("what the turn needs is not built yet")
        self.build = build


Reply = TelegramMethod[Any] | Outgoing
Replies = Reply | Sequence[Reply] | None


def stored(file_id: int) -> str:
    """How an upload of a stored file stands in a method's arguments."""
    return f"stored:{file_id}"


def gather(replies: object) -> list[Outgoing]:
    """The outgoing messages in what a handler returned, in their order; anything else is dropped."""
    match replies:
        case Outgoing():
            return [replies]
        case AnswerCallbackQuery():
            return [Outgoing(replies, kind="answer")]
        case TelegramMethod():
            return [Outgoing(replies)]
        case list() | tuple():
            return [outgoing for reply in replies for outgoing in gather(reply)]
    return []
