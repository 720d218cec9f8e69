"""The program killed with SIGKILL at each named point: nothing lost, nothing doubled (faults 1, 2, 3)."""

import signal
import sqlite3
from pathlib import Path
from typing import Any

from tests.bot.process import meet_at, run_program

# Each start replays the message as far as the next point.
POINTS = ["after_fetch", "before_handler", "before_commit", "after_commit", "before_send", "after_send"]


def query(folder: Path, sql: str) -> list[Any]:
    with sqlite3.connect(f"file:{folder / 'xingcun.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


async def test_a_message_killed_at_every_point_of_its_way_is_answered_and_done_once(
    data_folder: Path,
) -> None:
    for number, point in enumerate(POINTS):
        async with run_program(data_folder, XINGCUN_KILL_AT=point) as program:
            if number == 0:
                async with meet_at(program.address) as person:
                    await person.says("/start")
            assert await program.dies() == -9, point
    async with run_program(data_folder) as program, meet_at(program.address) as person:
        first, again = await person.hears(2)
        assert "兴村助手" in first
        assert again == first, "a reply whose confirmation was lost is sent again"
        await person.says("/help")
        await person.hears(3)
        program.send(signal.SIGTERM)
        assert await program.dies() == 0, "a polite end"
    assert query(data_folder, "SELECT state, count(*) FROM inbox GROUP BY state") == [("done", 2)]
    assert query(data_folder, "SELECT count(*) FROM person") == [(1,)]
    assert query(data_folder, "SELECT DISTINCT state FROM outbox") == [("sent",)]
