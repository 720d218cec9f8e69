"""How many turns (messages and taps) a contact needs for one project, by each way of filing it.

Run `uv run python -m benchmarks.filing_effort`. A turn is an update the person causes; counting begins at the
menu and ends with the project filed. The conversations run through the real dispatcher, on a fresh database.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import notices
from storage.database import Database
from tests.conversations.sheets import line, workbook
from tests.conversations.talking import Conversation, Town
from tests.conversations.walks import register

ROWS = 30
GOALS = {"buttons": 10.0, "typing": 8.0, "paragraph": 4.0, "workbook": 0.5}
PARAGRAPH = (
    "项目名称是冬衣到校，在宿迁市泗阳县给困难学生发助学金，投入资金12.5万元，志愿者20人参与，受益学生300人。"
)


class Turns:
    """Counts what a person does."""

    def __init__(self, person: Conversation) -> None:
        self.person, self.count = person, 0

    async def says(self, *texts: str) -> None:
        """Sends texts, one turn each."""
        for text in texts:
            self.count += 1
            await self.person.says(text)

    async def presses(self, *labels: str) -> None:
        """Taps buttons, one turn each."""
        for label in labels:
            self.count += 1
            await self.person.presses(label)

    async def sends(self, content: bytes) -> None:
        """Sends a workbook."""
        self.count += 1
        self.person.town.sent_files["f"] = content
        document = {"file_id": "f", "file_unique_id": "f", "file_name": "项目.xlsx"}
        await self.person.sends(document=document)


async def by_buttons(turns: Turns) -> int:
    """Everything tapped for which there is a button; the name and the numbers are typed."""
    await turns.presses("填报项目", "按省、市、县选")
    for place in ("江苏省", "徐州市", "睢宁县"):
        if place in turns.person.buttons:
            await turns.presses(place)
    await turns.says("困难学生助学")
    await turns.presses("教育帮扶")
    await turns.says("12.5", "20", "300")
    await turns.presses("提交")
    return 1


async def by_typing(turns: Turns) -> int:
    """Everything typed."""
    await turns.says("填报", "睢宁县", "困难学生助学", "助学", "12.5万", "20", "300")
    await turns.presses("提交")
    return 1


async def by_paragraph(turns: Turns) -> int:
    """The project told in one message."""
    await turns.says(PARAGRAPH)
    if "核对" not in turns.person.text:
        await turns.presses("教育帮扶")
    await turns.presses("提交")
    return 1


async def by_workbook(turns: Turns) -> int:
    """Thirty projects in one workbook, the template asked for first."""
    await turns.presses("用 Excel 批量填报", "下载模板")
    await turns.sends(workbook([line(number) for number in range(ROWS)]))
    await turns.presses("确认导入")
    return ROWS


WAYS: dict[str, Callable[[Turns], Awaitable[int]]] = {
    "buttons": by_buttons,
    "typing": by_typing,
    "paragraph": by_paragraph,
    "workbook": by_workbook,
}


async def measure(name: str) -> float:
    """Turns per project by that way, for a contact whose organization is registered and who sees the menu."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/turns.sqlite3"
        database = Database.open(url, synchronous="NORMAL")
        await database.upgrade()
        town = Town(database, url, notices.load(), Path(folder))
        try:
            person = town.meet(1001, "李明")
            await register(person)
            await person.says("/menu")
            turns = Turns(person)
            filed = await WAYS[name](turns)
            assert "已提交" in person.text, person.text
            return turns.count / filed
        finally:
            await town.bot.session.close()
            await database.close()
            # Routers belong to one dispatcher at a time; the next way makes its own.
            for router in town.dispatcher.sub_routers:
                router._parent_router = None


async def main() -> None:
    """Prints a line for each way."""
    for name, goal in GOALS.items():
        sys.stdout.write(f"{name}: {await measure(name):.2g} (goal {goal:g})\n")


if __name__ == "__main__":
    asyncio.run(main())
