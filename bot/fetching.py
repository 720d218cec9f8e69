"""Bringing a file a person sent: whole or not at all, never more than is allowed."""

import asyncio
import io
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiohttp import ClientError

FETCH_SECONDS = 120


class NotFetched(Exception):
    """The file did not arrive whole; sending it again may help."""


class TooBig(Exception):
    """The file is larger than allowed, whatever it was said to be."""


class _Capped(io.BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, piece: Any) -> int:
        if self.tell() + len(piece) > self._most:
            raise TooBig
        return super().write(piece)


async def fetch(bot: Bot, file_id: str, target: Path, most: int) -> None:
    """Writes the file to `target`; raises NotFetched, or TooBig beyond `most` bytes."""
    content = _Capped(most)
    try:
        file = await bot.get_file(file_id)
        if file.file_path is None:
            raise NotFetched
        await bot.download_file(file.file_path, content, timeout=FETCH_SECONDS)
    except (TelegramAPIError, ClientError, OSError, TimeoutError) as error:
        raise (TooBig if "too big" in str(error) else NotFetched) from error
    found = content.getvalue()
    if file.file_size is not None and len(found) != file.file_size:
        raise NotFetched
    await asyncio.to_thread(target.write_bytes, found)
