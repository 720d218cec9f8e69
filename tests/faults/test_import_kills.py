"""The program killed with -9 in the midst of an import: read again, filed once or not at all (faults 1-3)."""

from pathlib import Path

import aiohttp

from tests.bot.driving import KEY
from tests.bot.process import run_program
from tests.conversations.sheets import line, workbook
from tests.faults.test_durability import WALK, Walker, free_port, rows

REGISTERED = WALK[:11]
FILED = "SELECT count(*) FROM filing_version WHERE current"


async def test_an_import_killed_on_its_way_is_read_again_and_filed_once(data_folder: Path) -> None:
    port = str(free_port())
    table = workbook([line(1), line(2), line(3)])
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        walker = Walker(http, f"http://127.0.0.1:{port}")
        async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port):
            for step, shown in REGISTERED:
                await walker.does(step)
                await walker.sees(shown)
        async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port, XINGCUN_KILL_AT="in_job") as program:
            await walker.person.sends_file("项目.xlsx", table)
            assert await program.dies() == -9, "the table is read, the reading not kept"
        async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port):
            await walker.sees("读到 3 个新项目", seconds=30)
            assert rows(data_folder, FILED) == [(0,)]
        async with run_program(
            data_folder, XINGCUN_WEBCHAT_PORT=port, XINGCUN_KILL_AT="before_commit"
        ) as program:
            await walker.does(">确认导入 3 个")
            assert await program.dies() == -9, "the projects are written, not committed"
        assert rows(data_folder, FILED) == [(0,)]
        async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port):
            await walker.sees("已提交 3 个项目")
            await walker.person.presses(*walker.pressed[-1])
            await walker.person.sends_file("再来.xlsx", table)
            await walker.sees("已经报过")
    assert rows(data_folder, FILED) == [(3,)]
    assert rows(data_folder, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
    previews = [item for item in walker.person.heard.values() if "读到 3 个" in item["text"]]
    assert len(previews) <= 1, "told once"
