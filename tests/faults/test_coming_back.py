"""Somebody who blocked the bot and writes again is written to again (21)."""

from bot.clock import real_now
from storage import reachability
from storage.scopes import Scope
from tests.conversations.conftest import catalog, town
from tests.conversations.many import hand_out
from tests.conversations.talking import Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Facts, register

__all__ = ["catalog", "town"]


async def test_21_who_was_gone_hears_letters_again_once_they_write(town: Town) -> None:
    person, colleague = town.meet(1), town.meet(2)
    await register(person)
    await register(colleague, Facts(name="徐州市绿洲志愿者协会"))
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    async with town.database.transaction() as session:
        await reachability.note_unreachable(session, "webchat", {1}, real_now())
    for words, reached in (("明天九点开会", 1), ("改到十点", 2)):
        await clerk.says("/broadcast")
        await clerk.presses("群发", "全部登记单位", "（全部）")
        await clerk.says(words)
        await clerk.presses("发给")
        assert await hand_out(town) == reached
        assert words in colleague.text
        assert (words in person.text) == (reached == 2)
        await person.says("/help")
