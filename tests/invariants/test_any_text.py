"""Invariant 12: any text gets a visible answer, none too long, no traceback; the export still opens."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import exports
import notices
from bot.cleaning import clean
from bot.clock import real_now
from bot.splitting import TEXT_LIMIT, measure_html
from registration import invites
from storage import tallies
from storage.scopes import Scope
from tests.conftest import ENGINES
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Facts, agree, fill, register
from tests.invariants.conftest import PROFILE
from tests.invariants.grounds import Ground

WORDS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789.,万元亿千约几百-+=%人次个月日年至到 ", max_size=20),
    st.sampled_from(
        ["/start", "/file", "/mine", "/staff", "/x y", "/", "返回主菜单", "跳过", "徐州市", "?" * 4000]
    ),
    st.text("长", min_size=4000, max_size=4096),
)


async def people(town: Town) -> list[Conversation]:
    """Somebody in each kind of place of the conversation."""
    chats = itertools.count(1)
    town.meet(newcomer := next(chats))
    await agree(agreed := town.meet(next(chats)))
    await agree(registering := town.meet(next(chats)))
    await registering.presses("登记单位")
    asked = []
    for name, answers in (
        ("甲", []),
        ("乙", ["睢宁县"]),
        ("丙", ["睢宁县", "助学"]),
        ("丁", ["睢宁县", "助学", "教育帮扶"]),
    ):
        await register(person := town.meet(next(chats)), Facts(name=f"徐州市{name}字协会"))
        await person.says("/file", *answers)
        asked.append(person)
    await register(at_card := town.meet(next(chats)))
    await fill(at_card)
    async with town.database.transaction() as session:
        code = await invites.issue(session, Scope("province", "320000"), hours=1, wall=real_now())
    await (clerk := town.meet(next(chats))).says(f"/start {code}")
    return [town.meet(newcomer), agreed, registering, *asked, at_card, clerk]


@pytest.mark.parametrize("engine", ENGINES)
def test_any_text_gets_an_answer_everywhere(engine: str) -> None:
    ground = Ground(engine)
    town = Town(ground.database, ground.url, notices.load(), ground.folder)
    everybody = ground.run(people(town))

    @settings(PROFILE, max_examples=PROFILE.max_examples * 2)
    @given(WORDS)
    def anything_is_said(words: str) -> None:
        for person in everybody:
            before = dict(person.messages)
            ground.run(person.says(clean(words)) if clean(words) else person.sends(text=""))
            said = [seen for number, seen in person.messages.items() if before.get(number) is not seen]
            assert said
            for seen in said:
                assert seen.text.strip()
                assert measure_html(seen.html) <= TEXT_LIMIT
                assert "Traceback" not in seen.text
                assert "自动重试" not in seen.text

    async def finish() -> None:
        async with town.database.snapshot() as session:
            assert set(await tallies.count_by_state(session, "inbox")) == {"done"}
            notice = town.catalog.notice("jiangsu-2021")
            path = ground.folder / "annex2.xlsx"
            scope = Scope("province", "320000")
            await exports.export(session, notice.table("annex2"), notice, scope, town.clock.now(), path)
        assert load_workbook(path).sheetnames
        await town.bot.session.close()

    anything_is_said()
    ground.run(finish())
    ground.close()
