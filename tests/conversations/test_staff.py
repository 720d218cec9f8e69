"""Staff: invites, the desk, exports, and what lies beyond their scope."""

from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bot.clock import real_now
from registration import invites
from storage.people import Audit, Invite, StaffRole
from storage.scopes import Scope
from tests.conversations.talking import Conversation, Seen, Town
from tests.conversations.walks import Facts, Project, file, register

PROVINCE, XUZHOU, NANTONG = (
    Scope("province", "320000"),
    Scope("city", "320300"),
    Scope("city", "320600"),
)


async def issue(town: Town, scope: Scope, hours: int = 72) -> str:
    async with town.database.transaction() as session:
        return await invites.issue(session, scope, hours=hours, wall=real_now())


async def employ(town: Town, chat: int, scope: Scope) -> Conversation:
    person = town.meet(chat, "工作人员")
    await person.says(f"/start {await issue(town, scope)}")
    assert "您现在是工作人员" in person.text
    return person


@pytest.fixture
async def clerk(town: Town) -> Conversation:
    """Staff of Xuzhou."""
    return await employ(town, 2001, XUZHOU)


@pytest.fixture
async def province(town: Town) -> Conversation:
    """Staff of the province."""
    return await employ(town, 2002, PROVINCE)


async def populate(town: Town) -> None:
    """A filing in Xuzhou, one in Nantong, one of the province, and an organization without any."""
    await register(town.meet(1), Facts(name="徐州市甲协会"))
    await file(town.meet(1), Project(name="甲项目助学"))
    await register(town.meet(2), Facts(name="南通市乙协会", home="南通市如东县", level="县级"))
    await file(town.meet(2), Project(name="乙项目义诊", nature="医疗卫生帮扶"))
    await register(town.meet(3), Facts(name="江苏省丙联合会", home="南京市", level="省级"))
    await file(town.meet(3), Project(name="丙项目办厂", nature="产业帮扶"))
    await register(town.meet(4), Facts(name="徐州市丁协会", home="徐州市睢宁县", level="县级"))


async def test_an_invite_grants_its_role_once(town: Town, clerk: Conversation) -> None:
    code = await issue(town, XUZHOU)
    other = town.meet(2009)
    await other.says(f"/invite {code.lower()[:16]} {code.lower()[16:]}")
    assert "徐州市" in other.text
    third = town.meet(2010)
    await third.says(f"/start {code}")
    assert "已经用过" in third.text
    await third.says("/staff")
    assert "工作人员的页面" in third.text


async def test_a_second_invite_to_the_same_role_names_the_place_once(town: Town, clerk: Conversation) -> None:
    await clerk.says(f"/start {await issue(town, XUZHOU)}")
    assert "您是工作人员：徐州市\n" in f"{clerk.text}\n"


async def test_an_invite_holds_in_real_time_only_so_long(town: Town) -> None:
    code = await issue(town, XUZHOU)
    async with town.database.transaction() as session:
        await session.execute(update(Invite).values(expires_at=real_now() - timedelta(seconds=1)))
    person = town.meet(2009)
    await person.says(f"/start {code}")
    assert "过期" in person.text


async def test_only_the_hash_of_an_invite_is_kept(town: Town) -> None:
    code = await issue(town, XUZHOU)
    async with town.database.transaction() as session:
        kept = (await session.scalars(select(Invite))).one()
    assert len(code) == 32
    assert code not in str(kept.model_dump())


async def test_guessing_is_locked_out_even_for_somebody_new_and_on_a_trial_clock(town: Town) -> None:
    code = await issue(town, PROVINCE)
    guesser = town.meet(2009)
    for number in range(invites.GUESSES):
        await guesser.says(f"/invite {'A' * 31}{number + 2}")
        assert "邀请码不对" in guesser.text
    await guesser.says(f"/invite {code}")
    assert "60 分钟后再试" in guesser.text
    town.clock.moment += timedelta(days=1)
    await guesser.says(f"/invite {code}")
    assert "60 分钟后再试" in guesser.text


@pytest.mark.parametrize("payload", ["province", "role=province", "admin", "320000", "staff"])
async def test_a_start_payload_naming_a_role_grants_nothing(town: Town, payload: str) -> None:
    person = town.meet(2009)
    await person.says(f"/start {payload}")
    assert "您同意吗" in person.text
    await person.says("/staff")
    assert "工作人员的页面" in person.text


async def test_the_desk_shows_figures_by_county_to_a_city(town: Town, clerk: Conversation) -> None:
    await populate(town)
    await clerk.says("/staff")
    assert "登记单位 2 家，已填报 1 家，项目 1 个" in clerk.text
    assert "市区（未写县区）：1/1 家，1 个项目" in clerk.text
    assert "睢宁县：0/1 家，0 个项目" in clerk.text
    assert "南通" not in clerk.text


async def test_the_desk_shows_figures_by_city_to_the_province(town: Town, province: Conversation) -> None:
    await populate(town)
    await province.says("/staff")
    assert "登记单位 4 家，已填报 3 家，项目 3 个" in province.text
    assert "徐州市：1/2 家，1 个项目" in province.text
    assert "南通市：1/1 家，1 个项目" in province.text
    assert "省级及未写所在地：1/1 家，1 个项目" in province.text
    await province.presses("徐州市")
    assert "登记单位 2 家" in province.text


async def test_the_province_sees_who_filed_from_another_province_as_its_tables_do(
    town: Town, province: Conversation
) -> None:
    await populate(town)
    await register(town.meet(5), Facts(name="上海市戊服务社", home="上海市浦东新区", level="县级"))
    await province.says("/staff")
    assert "登记单位 4 家" in province.text
    await file(town.meet(5), Project(name="戊项目助学"))
    await province.says("/staff")
    assert "登记单位 5 家，已填报 4 家，项目 4 个" in province.text
    assert "外省登记：1/1 家，1 个项目" in province.text
    await province.presses("项目列表")
    assert "共 4 个" in province.text
    await province.presses("戊项目助学")
    assert "上海市戊服务社（待核实）" in province.text
    await province.says("/export")
    await province.presses("附件2", "江苏省")
    sheet = load_workbook(await town.file_behind(province.last)).worksheets[0]
    assert "上海市戊服务社" in {cell.value for row in sheet for cell in row}


async def test_a_city_does_not_see_who_filed_from_another_province(town: Town, clerk: Conversation) -> None:
    await register(town.meet(5), Facts(name="上海市戊服务社", home="上海市浦东新区", level="县级"))
    await file(town.meet(5), Project(name="戊项目助学"))
    await clerk.says("/staff")
    assert "登记单位 0 家，已填报 0 家，项目 0 个" in clerk.text
    await clerk.forges("s:filing:js:320300:0:1:0")
    assert "戊项目助学" not in clerk.text


async def test_staff_read_filings_with_the_words_people_used(town: Town, clerk: Conversation) -> None:
    await register(town.meet(1), Facts(name="徐州市甲协会"))
    await file(town.meet(1), Project(invested="50余万"))
    await clerk.says("/staff")
    await clerk.presses("项目列表", "困难学生助学")
    assert "约50万元" in clerk.text
    assert "原话：50余万" in clerk.text
    assert "徐州市甲协会（待核实）" in clerk.text
    assert "原话：300" not in clerk.text
    assert not any("修改" in label or "撤回" in label for label in clerk.buttons)


async def test_staff_read_no_code_of_a_place_as_words_of_a_person(town: Town, clerk: Conversation) -> None:
    filer = town.meet(1)
    await register(filer, Facts(name="徐州市甲协会"))
    await filer.says(
        "我们组织了23名志愿者到宿迁泗阳县开展“爱心书屋”助学项目，投入资金约12.6万元，受益学生1800多人。"
    )
    await filer.presses("提交")
    await clerk.says("/staff")
    await clerk.presses("项目列表", "爱心书屋")
    assert "江苏省/宿迁市/泗阳县" in clerk.text
    assert "原话：受益学生1800多人" in clerk.text
    assert "321323" not in clerk.text


async def test_staff_see_who_registered_and_filed_nothing(town: Town, clerk: Conversation) -> None:
    await populate(town)
    await clerk.says("/staff")
    await clerk.presses("尚未填报")
    assert "1. 徐州市丁协会（李明 13800138000）" in clerk.text
    assert "徐州市甲协会" not in clerk.text


async def test_a_city_exports_its_own_tables(town: Town, clerk: Conversation) -> None:
    await populate(town)
    await clerk.says("/export")
    await clerk.presses("附件2")
    assert clerk.last.file.startswith("stored:")
    sheet = load_workbook(await town.file_behind(clerk.last)).worksheets[0]
    cells = {str(cell.value) for row in sheet for cell in row if cell.value is not None}
    assert "徐州市甲协会" in cells
    assert "南通市乙协会" not in cells
    assert "江苏省丙联合会" not in cells
    assert "附件2 明细表（徐州市）" in clerk.text


async def test_the_province_exports_any_city_or_all(town: Town, province: Conversation) -> None:
    await populate(town)
    await province.says("/export")
    await province.presses("附件2", "江苏省")
    sheet = load_workbook(await town.file_behind(province.last)).worksheets[0]
    cells = {str(cell.value) for row in sheet for cell in row if cell.value is not None}
    assert {"徐州市甲协会", "南通市乙协会", "江苏省丙联合会"} <= cells
    await province.says("/export")
    await province.presses("附件1", "南通市")
    assert "南通市" in province.text
    assert "数据来源" in load_workbook(await town.file_behind(province.last)).sheetnames


FORGED = [
    "s:overview:js:320600:0:0:0",
    "s:overview:js:320000:0:0:0",
    "s:filings:js:320600:0:0:0",
    "s:missing:js:320000:0:0:0",
    "s:build:js:320600:0:0:0",
    "s:build:js:320000:0:0:1",
    "s:tables:js:320600:0:0:0",
    "s:filing:js:320300:0:2:0",
    "s:filing:js:320300:0:3:0",
    "s:filing:js:320300:0:999:0",
    "s:overview:js:999999:0:0:0",
    "s:overview:xx:320300:0:0:0",
    "s:build:js:320300:0:0:99",
]


REFUSED = "没有找到这一条，或者它不归您管。"


def learnt(person: Conversation, before: dict[int, Seen]) -> set[str]:
    """What the person reads since then."""
    return {seen.text for number, seen in person.messages.items() if before.get(number) != seen}


async def test_a_forged_button_is_refused_without_a_hint(town: Town, clerk: Conversation) -> None:
    await populate(town)
    await clerk.says("/staff")
    before = dict(clerk.messages)
    for data in FORGED:
        await clerk.forges(data)
        assert clerk.toasts.pop() == "没有找到这一条，或者它不归您管。", data
        assert learnt(clerk, before) == {REFUSED}, data
    async with town.database.transaction() as session:
        refused = (await session.scalars(select(Audit).where(Audit.action == "refused"))).all()
    assert [row.details["code"] for row in refused] == ["not_yours"] * len(FORGED)


OF_ANOTHER = [
    "m:open:1:0",
    "m:correct:1:0",
    "m:withdraw:1:0",
    "m:withdraw!:1:0",
    "m:copy:1:0",
    "m:resume:1:0",
    "m:history:1:0",
    "m:open:999:0",
    "w:submit:filing:1:6:0:0",
    "w:choice:filing:999:6:2:0",
    "w:edit:registration:1:7:0:0",
    "p:filing:1:6:0:320000:0:1",
    "o:open:1",
    "o:amend:1",
    "o:open:999",
    "b:js:0:1",
    "j:approve:1",
    "s:overview:js:320300:0:0:0",
    "s:build:js:320300:0:0:0",
    "s:filing:js:320300:0:1:0",
]


async def test_a_contact_reaches_nothing_of_another(town: Town) -> None:
    await register(town.meet(1), Facts(name="徐州市甲协会"))
    await file(town.meet(1))
    stranger = town.meet(2)
    await register(stranger, Facts(name="南通市乙协会", home="南通市"))
    before = dict(stranger.messages)
    for data in OF_ANOTHER:
        await stranger.forges(data)
        assert stranger.toasts.pop() == "没有找到这一条，或者它不归您管。", data
        assert learnt(stranger, before) == {REFUSED}, data


async def test_a_role_revoked_after_its_button_was_shown_opens_nothing(
    town: Town, clerk: Conversation
) -> None:
    await populate(town)
    await clerk.says("/staff")
    card = clerk.last
    async with town.database.transaction() as session:
        await session.execute(update(StaffRole).values(revoked_at=real_now()))
    await clerk.taps(card, "项目列表")
    assert "不归您管" in clerk.toasts[-1]


async def test_a_role_revoked_while_a_table_is_built_gets_no_file(town: Town, clerk: Conversation) -> None:
    await populate(town)
    await clerk.says("/export")

    async def revoke() -> None:
        async with town.database.transaction() as session:
            await session.execute(update(StaffRole).values(revoked_at=real_now()))

    town.before_jobs = revoke
    await clerk.presses("附件2")
    assert not any(message.file for message in clerk.messages.values())
    assert "不归您管" in clerk.text
