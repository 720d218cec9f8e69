"""What the staff's table holds while people correct and withdraw: each project once, as last submitted."""

from openpyxl import load_workbook

from handlers.callbacks import Desk
from storage.scopes import Scope
from tests.conversations.talking import Conversation, Town
from tests.conversations.test_reminders import join_staff
from tests.conversations.walks import Project, file, fill, register


async def listed(clerk: Conversation) -> list[tuple[str, int]]:
    """Each project of the clerk's detail table with its beneficiaries."""
    await clerk.forges(Desk(act="build", notice="js", scope="320300", table=1).pack())
    sheet = load_workbook(await clerk.town.file_behind(clerk.last)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if "受益人数" in " ".join(map(str, row)))
    name = next(n for n, title in enumerate(rows[head]) if "项目名称" in str(title))
    people = next(n for n, title in enumerate(rows[head]) if "受益人数" in str(title))
    return [
        (row[name], row[people]) for row in rows[head + 1 :] if isinstance(row[people], int) and row[name]
    ]


async def test_a_table_holds_each_project_once_as_last_submitted(town: Town) -> None:
    one = town.meet(1)
    await register(one)
    clerk = await join_staff(town, 9, Scope("city", "320300"))
    await file(one, Project(name="甲项目助学"))
    await file(one, Project(name="乙村义诊", region="沛县"))
    await fill(one, Project(name="丙地办厂", region="丰县"))
    assert sorted(await listed(clerk)) == [("乙村义诊", 300), ("甲项目助学", 300)]
    await one.says("/mine")
    await one.presses("甲项目助学", "修改", "改：受益人数")
    await one.says("350")
    assert sorted(await listed(clerk)) == [("乙村义诊", 300), ("甲项目助学", 300)]
    await one.presses("提交修改")
    assert sorted(await listed(clerk)) == [("乙村义诊", 300), ("甲项目助学", 350)]
    await one.says("/mine")
    await one.presses("甲项目助学", "撤回", "确定撤回")
    assert sorted(await listed(clerk)) == [("乙村义诊", 300)]
