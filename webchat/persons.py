"""What a person can do in a chat: write, press a button, send a file. Each is stored with its update."""

from typing import Any

from webchat.files import PICTURE_TYPES
from webchat.html_showing import detect_entities
from webchat.messages import Draft, Message
from webchat.schema import transaction
from webchat.state import TEXTS, Conversations
from webchat.text_cleaning import split_text


class Persons:
    """A message and the update that tells the bot of it are committed together."""

    def __init__(self, chats: Conversations) -> None:
        self._chats = chats

    def write(self, chat: int, text: str, nonce: str | None) -> list[Message]:
        """Store a text, cut as Telegram's apps cut it. The same nonce again changes nothing."""
        drafts = [
            Draft(text=part, entities=tuple(detect_entities(part)), nonce=nonce if index == 0 else None)
            for index, part in enumerate(split_text(text))
        ]
        return self._put(chat, drafts)

    def upload(
        self,
        chat: int,
        name: str,
        mime: str,
        content: bytes,
        caption: str,
        album: str | None,
        nonce: str | None,
    ) -> Message:
        """Store a file; a readable picture becomes a photo, everything else a document."""
        with transaction(self._chats.connection):
            before = None if nonce is None else self._chats.messages.sent_before(chat, nonce)
            if before is not None:
                return before
            file = self._chats.files.add(name, mime, content)
            draft = Draft(
                text=caption,
                entities=tuple(detect_entities(caption)),
                file=file.id,
                as_photo=mime in PICTURE_TYPES and file.width is not None,
                album=album,
                nonce=nonce,
            )
            return self._put(chat, [draft])[0]

    def press(self, chat: int, message_id: int, data: str) -> str | None:
        """Press a button of a message of the bot; the press's id, or None where the message is gone."""
        message = self._chats.messages.find(chat, message_id)
        if message is None or not message.by_bot:
            return None
        with transaction(self._chats.connection):
            press = self._chats.updates.open_press(chat, message_id)
            pressed: dict[str, Any] = self._chats.objects.press(press, message, data)
            self._chats.queue("callback_query", pressed)
        return press

    def _put(self, chat: int, drafts: list[Draft]) -> list[Message]:
        with transaction(self._chats.connection):
            nonce = drafts[0].nonce
            before = None if nonce is None else self._chats.messages.sent_before(chat, nonce)
            if before is not None:
                return [before]
            self._chats.messages.add_person(chat, TEXTS["person"].format(chat=chat))
            sent = []
            for draft in drafts:
                message = self._chats.messages.add(chat, by_bot=False, date=self._chats.now(), draft=draft)
                self._chats.queue("message", self._chats.objects.message(message))
                sent.append(message)
        self._chats.bell.ring(chat)
        return sent
