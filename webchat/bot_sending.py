"""The Bot API methods that put messages into a chat, change them and take them away."""

from dataclasses import replace
from typing import Any

from webchat.files import PICTURE_TYPES, File
from webchat.html_parsing import BadEntities, Entity, parse_html, strip_text
from webchat.html_showing import detect_entities
from webchat.keyboards import read_keyboard
from webchat.messages import Draft, Message
from webchat.state import Conversations
from webchat.text_cleaning import clean_text
from webchat.wire import UPLOAD_LIMIT, Arguments, Upload, bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PHOTO_LIMIT = 10 * 1024 * 1024
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


class BotSending:
    """Methods named as in the Bot API, arguments as they arrived, results as Bot API objects."""

    def __init__(self, chats: Conversations) -> None:
        self._chats = chats

    async def sendMessage(self, arguments: Arguments) -> Any:
        """Bot API sendMessage: at most 4096 characters after the tags are read."""
        chat = self.find_chat(arguments)
        text, entities = self._read_text(arguments, "text", "entities", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        return self._send(chat, arguments, Draft(text=text, entities=tuple(entities)))

    async def sendDocument(self, arguments: Arguments) -> Any:
        """Bot API sendDocument: an uploaded file of at most 50 MB, or a known file_id."""
        chat = self.find_chat(arguments)
        return self._send_file(chat, arguments, "document", as_photo=False)

    async def sendPhoto(self, arguments: Arguments) -> Any:
        """Bot API sendPhoto: an uploaded picture of at most 10 MB, or a known file_id."""
        chat = self.find_chat(arguments)
        return self._send_file(chat, arguments, "photo", as_photo=True)

    async def editMessageText(self, arguments: Arguments) -> Any:
        """Bot API editMessageText: the keyboard goes unless it is given again."""
        message = self._find_own(arguments)
        if message.file is not None:
            raise bad_request("there is no text in the message to edit")
        text, entities = self._read_text(arguments, "text", "entities", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        return self._edit(message, text, entities, arguments)

    async def editMessageCaption(self, arguments: Arguments) -> Any:
        """Bot API editMessageCaption."""
        message = self._find_own(arguments)
        if message.file is None:
            raise bad_request("there is no caption in the message to edit")
        text, entities = self._read_text(arguments, "caption", "caption_entities", CAPTION_LIMIT)
        return self._edit(message, text, entities, arguments)

    async def editMessageReplyMarkup(self, arguments: Arguments) -> Any:
        """Bot API editMessageReplyMarkup."""
        message = self._find_own(arguments)
        return self._edit(message, message.text, message.entities, arguments)

    async def deleteMessage(self, arguments: Arguments) -> Any:
        """Bot API deleteMessage: the bot's own or the person's, in a private chat."""
        chat = self.find_chat(arguments)
        message = self._chats.messages.find(chat, arguments.number("message_id") or 0)
        if message is None:
            raise bad_request("message to delete not found")
        self._chats.messages.delete(message)
        self._chats.bell.ring(chat)
        return True

    def find_chat(self, arguments: Arguments) -> int:
        """The chat a call names; refused unless its person ever wrote."""
        given = arguments.text("chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        try:
            chat = int(given)
        except ValueError:
            chat = 0
        if not -(2**53) < chat < 2**53 or not self._chats.messages.knows(chat):
            raise bad_request("chat not found")
        return chat

    def _find_own(self, arguments: Arguments) -> Message:
        chat = self.find_chat(arguments)
        message = self._chats.messages.find(chat, arguments.number("message_id") or 0)
        if message is None:
            raise bad_request("message to edit not found")
        if not message.by_bot:
            raise bad_request("message can't be edited")
        return message

    def _read_text(
        self, arguments: Arguments, name: str, entities_name: str, limit: int
    ) -> tuple[str, list[Entity]]:
        source = clean_text(arguments.text(name) or "")
        mode = (arguments.text("parse_mode") or "").lower()
        if mode == "html":
            try:
                text, entities = parse_html(source)
            except BadEntities as error:
                raise bad_request(f"can't parse entities: {error}") from None
        elif mode in ("", "none"):
            given = arguments.structure(entities_name) or []
            text, entities = strip_text(source, [entity for entity in given if _is_entity(entity)])
        else:
            raise bad_request("unsupported parse_mode")
        if len(text) > limit:
            raise bad_request("message is too long" if name == "text" else "message caption is too long")
        return text, detect_entities(text, entities)

    def _send_file(self, chat: int, arguments: Arguments, field: str, as_photo: bool) -> Any:
        text, entities = self._read_text(arguments, "caption", "caption_entities", CAPTION_LIMIT)
        file = self._take_file(arguments, field, PHOTO_LIMIT if as_photo else UPLOAD_LIMIT)
        if as_photo and file.width is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        draft = Draft(text=text, entities=tuple(entities), file=file.id, as_photo=as_photo)
        return self._send(chat, arguments, draft)

    def _take_file(self, arguments: Arguments, field: str, limit: int) -> File:
        given = arguments.text(field) or ""
        upload = arguments.uploads.get(given.removeprefix("attach://") if given else field)
        if upload is not None:
            if not upload.content:
                raise bad_request("file must be non-empty")
            if len(upload.content) > limit:
                raise bad_request(f"file is too big, the limit is {limit} bytes")
            return self._chats.files.add(upload.name, _kind_of(upload), upload.content)
        if not given:
            raise bad_request(f"there is no {field} in the request")
        known = self._chats.files.find(given)
        if known is None:
            wrong = "failed to get HTTP URL content" if "://" in given else "wrong file identifier specified"
            raise bad_request(wrong)
        return known

    def _send(self, chat: int, arguments: Arguments, draft: Draft) -> Any:
        keyboard = read_keyboard(arguments)
        reply = (arguments.structure("reply_parameters") or {}).get("message_id")
        reply = reply or arguments.number("reply_to_message_id")
        if reply is not None and self._chats.messages.find(chat, int(reply)) is None:
            if not arguments.flag("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            reply = None
        stored = self._chats.messages.add(
            chat,
            by_bot=True,
            date=self._chats.now(),
            draft=replace(draft, keyboard=keyboard, reply_to=reply),
        )
        self._chats.bell.ring(chat)
        return self._chats.objects.message(stored)

    def _edit(self, message: Message, text: str, entities: list[Entity], arguments: Arguments) -> Any:
        keyboard = read_keyboard(arguments)
        if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
            raise bad_request(NOT_MODIFIED)
        only_keyboard = (text, entities) == (message.text, message.entities)
        edit_date = message.edit_date if only_keyboard else self._chats.now()
        changed = self._chats.messages.change(message, text, entities, keyboard, edit_date)
        self._chats.bell.ring(message.chat)
        return self._chats.objects.message(changed)


def _is_entity(entity: Any) -> bool:
    return (
        isinstance(entity, dict)
        and isinstance(entity.get("type"), str)
        and all(isinstance(entity.get(unit), int) and entity[unit] >= 0 for unit in ("offset", "length"))
    )


def _kind_of(upload: Upload) -> str:
    """The declared type, or for a picture what its first bytes say."""
    starts = {b"\x89PNG": PICTURE_TYPES[0], b"\xff\xd8\xff": PICTURE_TYPES[1], b"GIF8": PICTURE_TYPES[2]}
    for start, mime in starts.items():
        if upload.content.startswith(start):
            return mime
    if upload.content[:4] == b"RIFF" and upload.content[8:12] == b"WEBP":
        return PICTURE_TYPES[3]
    return upload.mime
