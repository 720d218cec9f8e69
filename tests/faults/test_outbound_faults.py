"""Telegram says wait for long; captions too long for a message; buttons' data in their limit (20, 27, 29)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.methods import SendDocument

from bot.calls import to_calls
from bot.splitting import CAPTION_LIMIT, TEXT_LIMIT, measure_html
from handlers.outgoing import Outgoing, stored
from storage.database import Database
from tests.faults.conftest import Start
from tests.faults.peeking import query, until
from tests.faults.telegram_server import Telegram
from tests.scope.test_scope_oracle import kinds_of_data

LONGEST_KEY = 8
LARGEST_ID = 10**10


async def test_20_nothing_is_tried_before_a_long_wait_ends_also_after_a_restart(
    telegram: Telegram, database: Database, start: Start
) -> None:
    """Fault 20: 429 with 900 seconds. The chat is left in peace, others are served, nobody is given up."""
    telegram.faults.add("refuse", code=429, retry_after=900, chat=1, times=None)
    waiting, other = telegram.meet(1), telegram.meet(2)
    async with start() as program:
        await waiting.says("/help")

        async def told_to_wait() -> bool:
            return bool(telegram.calls())

        await until(told_to_wait)
        await other.says("/help")
        await telegram.takes(1, 2)
        await asyncio.sleep(1)
        program.kill()
        await program.dies()
    async with start():
        await other.says("/help")
        await telegram.takes(2, 2)
        await asyncio.sleep(1)
    assert len([call for call in telegram.calls() if str(call.arguments["chat_id"]) == "1"]) == 1
    ((state, attempts, not_before),) = await query(
        database, "SELECT state, attempts, not_before FROM outbox WHERE chat_id = 1"
    )
    assert (state, attempts) == ("pending", 0)
    again = datetime.fromisoformat(str(not_before))
    again = again if again.tzinfo else again.replace(tzinfo=UTC)
    assert again > datetime.now(UTC) + timedelta(seconds=880)


@pytest.mark.parametrize("text", ["<b>" + "长" * 3000 + "</b>", "👨‍👩‍👧" * 1500, "一句话。\n" * 2000])
def test_27_a_caption_too_long_goes_on_in_messages(text: str) -> None:
    """Fault 27: no part over its limit, no tag or emoji torn, nothing lost."""
    file = SendDocument(chat_id=1, document=stored(1), caption=text, parse_mode="HTML")
    first, *rest = to_calls(Outgoing(file), 42, 1)
    parts = [first.arguments["caption"], *(call.arguments["text"] for call in rest)]
    assert measure_html(parts[0]) <= CAPTION_LIMIT
    assert all(measure_html(part) <= TEXT_LIMIT for part in parts)
    assert all(part.count("<b>") == part.count("</b>") for part in parts)
    whole = "".join(part.replace("<b>", "").replace("</b>", "") for part in parts)
    plain = text.replace("<b>", "").replace("</b>", "")
    assert whole.replace("\n", "") == plain.replace("\n", "")
    assert all(call.method == "SendMessage" for call in rest)


@pytest.mark.parametrize("kind", sorted(kinds_of_data(), key=lambda kind: kind.__name__))
def test_29_no_button_carries_more_than_telegram_takes(kind: type) -> None:
    """Fault 29: with the largest ids and the longest words that occur, 64 bytes hold the data."""
    largest = {
        "act": "withdraw!",
        "to": "organizations",
        "notice": "k" * LONGEST_KEY,
        "kind": "registration",
        "scope": "320000",
        "county": "320324",
        "code": "320324",
        "who": "nothing_filed",
        "unit": "yuan",
        "take": True,
        "careful": True,
        **dict.fromkeys(("id", "organization", "job"), LARGEST_ID),
        **dict.fromkeys(("revision", "form", "field", "option", "table", "page", "filer", "depth"), 99),
        "passage": 999,
    }
    fields = kind.model_fields  # type: ignore[attr-defined]
    assert set(fields) <= set(largest)
    packed = kind(**{name: largest[name] for name in fields}).pack()
    assert len(packed.encode()) <= 64
