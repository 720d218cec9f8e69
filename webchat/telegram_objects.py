"""Stored messages as Bot API objects (User, Chat, Message, CallbackQuery, Document, PhotoSize)."""

import hashlib
from typing import Any

from webchat.files import File, Files
from webchat.messages import Message, Messages

Json = dict[str, Any]


class TelegramObjects:
    """Builds what the bot reads. `bot_id` is the number before the token's colon."""

    def __init__(self, messages: Messages, files: Files, bot_id: int, bot_name: str) -> None:
        self._messages = messages
        self._files = files
        self._bot_id = bot_id
        self._bot_name = bot_name

    def bot(self) -> Json:
        """The bot as a User."""
        return {
            "id": self._bot_id,
            "is_bot": True,
            "first_name": self._bot_name,
            "username": "xingcun_bot",
        }

    def bot_about_itself(self) -> Json:
        """The bot as getMe shows it."""
        return {
            **self.bot(),
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def person(self, chat: int) -> Json:
        """A person as a User."""
        return {
            "id": chat,
            "is_bot": False,
            "first_name": self._messages.name(chat) or str(chat),
            "language_code": "zh-hans",
        }

    def chat(self, chat: int) -> Json:
        """A person's private Chat with the bot."""
        return {"id": chat, "type": "private", "first_name": self._messages.name(chat) or str(chat)}

    def message(self, message: Message, with_reply: bool = True) -> Json:
        """A Message with all its parts."""
        shown: Json = {
            "message_id": message.id,
            "from": self.bot() if message.by_bot else self.person(message.chat),
            "chat": self.chat(message.chat),
            "date": message.date,
        }
        if message.edit_date is not None:
            shown["edit_date"] = message.edit_date
        if message.album is not None:
            shown["media_group_id"] = message.album
        if message.keyboard:
            shown["reply_markup"] = {"inline_keyboard": message.keyboard}
        if with_reply and message.reply_to is not None:
            answered = self._messages.find(message.chat, message.reply_to)
            if answered is not None:
                shown["reply_to_message"] = self.message(answered, with_reply=False)
        file = None if message.file is None else self._files.find(message.file)
        if file is not None:
            shown.update(photo(file) if message.as_photo else document(file))
        text, entities = ("text", "entities") if file is None else ("caption", "caption_entities")
        if message.text or file is None:
            shown[text] = message.text
        if message.entities:
            shown[entities] = message.entities
        return shown

    def press(self, press_id: str, message: Message, data: str) -> Json:
        """A button press as a CallbackQuery."""
        instance = hashlib.sha256(f"{self._bot_id}:{message.chat}".encode()).digest()[:8]
        return {
            "id": press_id,
            "from": self.person(message.chat),
            "message": self.message(message),
            "chat_instance": str(int.from_bytes(instance, "big", signed=True)),
            "data": data,
        }


def file_identity(file: File) -> Json:
    """The ids and the size by which the Bot API speaks of a file."""
    return {"file_id": file.id, "file_unique_id": f"u{file.number}", "file_size": file.size}


def document(file: File) -> Json:
    """A file as the `document` part of a message."""
    return {"document": {**file_identity(file), "file_name": file.name, "mime_type": file.mime}}


def photo(file: File) -> Json:
    """A picture as the `photo` part of a message: one size, the original."""
    return {"photo": [{**file_identity(file), "width": file.width, "height": file.height}]}
