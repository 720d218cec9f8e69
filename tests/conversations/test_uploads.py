"""Filing many projects through one workbook, as the contact sees it."""

import openpyxl
import pytest
from sqlmodel import col, func, select

from storage.filings import Filing, FilingVersion
from tests.conversations.sheets import HEADER, OWN, line, saved, workbook
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import Project, file, register


@pytest.fixture
async def filer(contact: Conversation) -> Conversation:
    await register(contact)
    return contact


async def send(person: Conversation, content: bytes, name: str = "项目.xlsx") -> str:
    person.town.sent_files["f"] = content
    document = {"file_id": "f", "file_unique_id": "f", "file_name": name, "file_size": len(content)}
    await person.sends(document=document)
    return person.text


async def filed(town: Town) -> int:
    async with town.database.snapshot() as session:
        statement = select(func.count()).select_from(FilingVersion).where(col(FilingVersion.current))
        return (await session.scalar(statement)) or 0


async def received(person: Conversation) -> openpyxl.Workbook:
    """The workbook the bot sent last."""
    return openpyxl.load_workbook(await person.town.file_behind(person.last))


async def test_the_template_filled_in_is_previewed_and_filed(filer: Conversation, town: Town) -> None:
    await filer.says("/menu")
    await filer.presses("用 Excel 批量填报")
    await filer.presses("下载模板")
    assert "填报模板" in filer.text
    book = await received(filer)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[0].value == "社会组织名称")[0].row
    assert sheet.cell(header + 1, 1).value == OWN
    for number in range(1, 4):
        for column, value in enumerate(["睢宁县", f"第{number}期助学", "助学", "50余万元", "20多人", 300], 2):
            sheet.cell(header + number, column).value = value
    text = await send(filer, saved(book))
    assert "读到 3 个新项目" in text
    assert "没有读" not in text
    assert "投入资金(万元)：150万元" in text
    assert "约50万元" in text
    assert await filed(town) == 0
    text = await filer.presses("确认导入 3 个")
    assert "已提交 3 个项目" in text
    assert await filed(town) == 3


async def test_the_same_file_twice_adds_nothing(filer: Conversation, town: Town) -> None:
    content = workbook([line(1), line(2)])
    await send(filer, content)
    preview = filer.copy_of(filer.last)
    await filer.presses("确认导入")
    assert await filed(town) == 2
    await filer.taps(preview, "确认导入")
    assert await filed(town) == 2
    assert "已经报过" in await send(filer, content, "又一次.xlsx")
    assert not [label for label in filer.buttons if "确认" in label]


async def test_faults_are_told_and_marked_and_nothing_is_filed(filer: Conversation, town: Town) -> None:
    rows = [line(1), line(2, nature="教育和产业帮扶都有"), line(3, invested="不少"), line(4, region="")]
    await send(filer, workbook(rows))
    said = filer.messages[filer.last.id - 1].text
    assert "3 处要改（3 行）" in said
    assert "D3 项目性质：说了两种" in said
    assert "E4" in said
    assert "B5 帮扶地区(省/市/县)：这一格是空的" in said
    sheet = (await received(filer)).worksheets[0]
    comment = sheet["D3"].comment
    assert comment is not None
    assert "说了两种" in comment.text
    assert sheet["D3"].fill.start_color.rgb == "00F8CBAD"
    assert sheet["D2"].comment is None
    assert await filed(town) == 0


async def test_the_marked_workbook_put_right_is_taken(filer: Conversation, town: Town) -> None:
    await send(filer, workbook([line(1, people="很多")]))
    book = await received(filer)
    book.worksheets[0]["F2"].value = "20多人"
    assert "读到 1 个新项目" in await send(filer, saved(book))
    await filer.presses("确认导入")
    assert await filed(town) == 1


async def test_a_table_of_ones_own_making_is_understood(filer: Conversation, town: Town) -> None:
    header = ("序号", "项目", "类别", "资金（元）", "受益人数", "参与人数", "省", "市", "县（区）", "备注")
    rows = [
        [1, "冬衣到校", "助学", "300000", "1200余人", "15人", "江苏省", "宿迁市", "泗阳县", ""],
        [None] * 10,
        [2, "送医下乡", "义诊", 56000, 300, 8, "江苏", "徐州", "丰县", "已完成"],
        ["合计", None, None, 356000, 1500, 23, None, None, None, None],
    ]
    text = await send(filer, workbook(rows, header))
    assert "读到 2 个新项目" in text
    assert "投入资金(万元)：35.6万元" in text
    assert "第 5 行" in text
    await filer.presses("确认导入")
    async with town.database.snapshot() as session:
        found = {row.name: row for row in await session.scalars(select(FilingVersion))}
    assert found["冬衣到校"].region == "321323"
    assert found["送医下乡"].money == 5_600_000
    assert found["送医下乡"].nature == "health"


async def test_an_amount_without_a_unit_is_asked_about(filer: Conversation, town: Town) -> None:
    text = await send(filer, workbook([line(1, invested=300000)]))
    assert "300000（30万元，还是 300000万元？）" in text
    await filer.presses("按元")
    async with town.database.snapshot() as session:
        assert [row.money for row in await session.scalars(select(FilingVersion))] == [30_000_000]
    assert "已经报过" in await send(filer, workbook([line(1, invested=300000)]))


async def test_likely_duplicates_are_pointed_out_and_can_be_left_out(filer: Conversation, town: Town) -> None:
    await file(filer, Project(name="困难学生助学"))
    rows = [line(1, name="困难学生助学项目", people=99), line(2, name="修路")]
    text = await send(filer, workbook(rows))
    assert "可能与报过的重复" in text
    assert "第 2 行“困难学生助学项目”，像“困难学生助学”" in text
    await filer.presses("只导入不像重复的 1 个")
    assert await filed(town) == 2


async def test_rows_of_another_organization_are_refused(filer: Conversation, town: Town) -> None:
    await send(filer, workbook([line(1), line(2, own="南京市别家协会")]))
    assert f"A3 社会组织名称：这一行是别的单位。这里只收“{OWN}”" in filer.messages[filer.last.id - 1].text
    assert await filed(town) == 0


async def test_a_file_that_is_none_is_refused_with_its_reason(filer: Conversation) -> None:
    assert "CSV" in await send(filer, ",".join(HEADER).encode(), "项目.csv")
    assert "另存为" in await send(filer, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "改名.xlsx")


async def test_another_persons_upload_cannot_be_confirmed(filer: Conversation, town: Town) -> None:
    await send(filer, workbook([line(1)]))
    data = next(data for label, data in filer.last.buttons.items() if "确认" in label)
    other = town.meet(1002, "王芳")
    await other.says("/start")
    await other.presses("同意并开始")
    await other.forges(data)
    assert "没有找到这一条" in other.toasts[-1]
    assert await filed(town) == 0


async def test_nothing_is_imported_after_the_deadline(filer: Conversation, town: Town) -> None:
    await send(filer, workbook([line(1)]))
    town.clock.moment = town.clock.moment.replace(month=11)
    await filer.presses("确认导入")
    assert await filed(town) == 0
    assert "截止" in filer.toasts[-1]


async def test_an_upload_in_the_middle_of_a_form_leaves_the_form_open(
    filer: Conversation, town: Town
) -> None:
    await filer.says("/file")
    await filer.says("睢宁县")
    assert "读到 1 个新项目" in await send(filer, workbook([line(1)]))
    await filer.says("困难学生助学")
    assert "项目性质" in filer.text
    async with town.database.snapshot() as session:
        assert [row.state for row in await session.scalars(select(Filing))] == ["draft"]


async def test_a_cancelled_upload_changes_nothing(filer: Conversation, town: Town) -> None:
    await send(filer, workbook([line(1)]))
    assert "没有导入" in await filer.presses("取消")
    assert await filed(town) == 0


async def test_a_file_over_the_limit_is_refused_before_it_is_fetched(filer: Conversation) -> None:
    document = {"file_id": "f", "file_unique_id": "f", "file_name": "大.xlsx", "file_size": (20 << 20) + 1}
    await filer.sends(document=document)
    assert "超过 20 MB" in filer.text


async def test_a_file_larger_than_it_said_is_refused(filer: Conversation, town: Town) -> None:
    town.sent_files["f"] = b"PK" + b"\0" * (20 << 20)
    await filer.sends(
        document={"file_id": "f", "file_unique_id": "f", "file_name": "大.xlsx", "file_size": 9}
    )
    assert "超过 20 MB" in filer.text


async def test_a_download_that_fails_is_said_to_have_failed(filer: Conversation) -> None:
    await filer.sends(document={"file_id": "lost", "file_unique_id": "f", "file_name": "x.xlsx"})
    assert "没有取到" in filer.text


async def test_the_name_a_file_came_with_is_only_shown(filer: Conversation) -> None:
    assert "../" not in await send(filer, b"", "../../<b>&.xlsx")
    assert "&lt;b&gt;&amp;.xlsx" in filer.last.html


async def test_progress_is_one_message_that_changes(filer: Conversation) -> None:
    before = len(filer.messages)
    await send(filer, workbook([line(1)]))
    said = [message.text for number, message in sorted(filer.messages.items())][before:]
    assert [text.split("\n")[0] for text in said] == [
        "项目.xlsx：已读完。",
        "请核对：2021年社会组织开展乡村振兴项目明细表",
    ]


async def test_a_table_for_one_of_several_organizations_asks_which(filer: Conversation, town: Town) -> None:
    await filer.says("/org")
    await filer.presses("登记另一家")
    await filer.says("徐州市红叶助老协会")
    await filer.presses("跳过", "社会团体", "市级")
    await filer.says("徐州市", "李明", "13800138000")
    await filer.presses("登记")
    assert "替哪家单位填报" in await send(filer, workbook([line(1)]))
    assert "读到 1 个新项目" in await filer.presses(OWN)
    await filer.presses("确认导入")
    assert await filed(town) == 1
