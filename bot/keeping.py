"""The job that fetches a file a person sent as an answer, and keeps it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.clock import real_now
from bot.fetching import NotFetched, TooBig, fetch
from bot.jobs import Tools

# What the Bot API lets a bot download: https://core.telegram.org/bots/api#getfile
LIMIT = 20 * 1024 * 1024


async def keep_file(payload: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Fetches `file_id` and stores it under `name`, only what people see; the result names the `file`.

    The result is `{"refused": …}` for `too_big` and `not_fetched`: the person is to send it again.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        try:
            await fetch(tools.bot, payload["file_id"], path, LIMIT)
        except (NotFetched, TooBig) as error:
            return {"refused": "too_big" if isinstance(error, TooBig) else "not_fetched"}
        written = await tools.files.write(path)
    async with tools.database.transaction() as session:
        file = await tools.files.record(session, written, payload["name"], real_now())
    return {"file": file.id}
