"""The database server is killed or full while people write: nothing is lost or done twice."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import text

from storage.database import Database, DatabaseError
from tests.bot.process import run_program
from tests.faults.cluster import USER, Cluster
from tests.faults.peeking import query, states, until
from tests.faults.telegram_server import TOKEN, Telegram


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(mkdtemp(prefix="xingcun-pg-"))
    if USER:
        shutil.chown(folder, USER)
    made = Cluster(folder / "data")
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def served(cluster: Cluster) -> AsyncIterator[Database]:
    """The server's database, emptied, seen from beside the program."""
    database = Database.open(cluster.url)
    async with database.transaction() as session:
        connection = await session.connection()
        for word in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
            await connection.exec_driver_sql(word)
    yield database
    await database.close()


def variables(cluster: Cluster, telegram: Telegram) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "XINGCUN_BOT_API_URL": telegram.server.api_url,
        "XINGCUN_DATABASE_URL": cluster.url,
        "XINGCUN_RATE_CHAT": "1000",
        "XINGCUN_NOW": "2021-10-11T09:00",
    }


async def test_18_a_server_that_restarts_in_mid_form_loses_no_answer(
    telegram: Telegram, cluster: Cluster, served: Database, data_folder: Path
) -> None:
    """Fault 18: the draft resumes and the pool recovers, without a restart of the program."""
    person = telegram.meet(1)
    async with run_program(data_folder, **variables(cluster, telegram)):
        await person.says("/start")
        await telegram.takes(1, 1)
        await person.listen()
        await person.presses(max(person.heard), "go:agree")
        await person.says("登记单位")
        await telegram.takes(2, 1)
        await person.says("徐州市青禾志愿者协会")
        await telegram.takes(3, 1)
        cluster.kill()
        await person.says("跳过")
        await asyncio.sleep(1)
        cluster.start()
        assert "第 2/7 步" in telegram.taken(1)[2]
        assert len(await telegram.takes(4, 1, seconds=60)) == 4
        await until(telegram.all_confirmed)
    drafts = await query(served, "SELECT answers -> 'name' ->> 'value' FROM registration_draft")
    assert drafts == [("徐州市青禾志愿者协会",)]
    assert await states(served, "inbox") == {"done": 5}


@pytest.mark.timeout(300)
async def test_33_a_server_killed_under_fire_has_each_update_done_once(
    telegram: Telegram, cluster: Cluster, served: Database, data_folder: Path
) -> None:
    """Faults 17 and 33: three kills in mid-transaction; what was under way is done again."""
    people = [telegram.meet(chat) for chat in range(1, 7)]
    rounds = 12
    async with run_program(data_folder, **variables(cluster, telegram)):

        async def talk() -> None:
            for number in range(rounds):
                for person in people:
                    await person.says(f"/help {number}")
                await asyncio.sleep(0.25)

        talking = asyncio.create_task(talk())
        for _ in range(3):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(cluster.kill)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(cluster.start)
        await talking
        for person in range(1, 7):
            # A claim whose commit was cut off counts as held until its lease ends.
            await telegram.takes(rounds, person, seconds=180)
        await until(telegram.all_confirmed)

        async def all_sent() -> bool:
            return await states(served, "outbox") == {"sent": rounds * len(people)}

        await until(all_sent)
    assert await states(served, "inbox") == {"done": rounds * len(people)}
    assert await query(served, "SELECT count(*) FROM person") == [(len(people),)]


MORE = 5
# Rows that nobody works on, as large as a short message's own and smaller than any.
BALLAST = {
    "inbox": "INSERT INTO inbox (bot_id, update_id, chat_id, body, state, attempts, received_at) "
    "SELECT 0, n + coalesce((SELECT max(update_id) FROM inbox WHERE bot_id = 0), 0), "
    "0, '{}', 'done', 0, now() FROM generate_series(1, :rows) n",
    "outbox": "INSERT INTO outbox (bot_id, chat_id, kind, method, arguments, state, attempts, created_at) "
    "SELECT 0, 0, 'reply', '', '{}', 'sent', 0, now() FROM generate_series(1, :rows)",
}


async def fill(database: Database, table: str) -> str:
    """Adds rows until there is room for none; returns what the server says to the last one."""
    rows = 4096
    while True:
        try:
            async with database.transaction() as session:
                connection = await session.connection()
                await connection.execute(text(BALLAST[table]), {"rows": rows})
        except DatabaseError as error:
            if rows == 1:
                return str(error.orig)
            rows //= 2


@pytest.mark.parametrize("table", ["inbox", "outbox"])
async def test_31_on_a_full_server_updates_wait_and_are_done_once(
    telegram: Telegram, cluster: Cluster, served: Database, data_folder: Path, table: str
) -> None:
    """Fault 31: no room to store updates, or none for their replies; with room again each is answered."""
    people = [telegram.meet(chat) for chat in range(1, 4)]
    async with run_program(data_folder, **variables(cluster, telegram)) as program:
        for person in people:
            await person.says("/help 1")
        await telegram.takes(len(people))
        await until(telegram.all_confirmed)
        with cluster.without_room():
            assert "File too large" in await fill(served, table)
            for number in range(MORE):
                for person in people:
                    await person.says(f"/help again {number}")
            await asyncio.sleep(6)
            assert program.process.is_alive()
            assert "File too large" in program.errors.read_text()
            waiting = await query(
                served, "SELECT state, attempts FROM inbox WHERE bot_id <> 0 AND state <> 'done'"
            )
            # A few may fit in where old versions of rows were cleared away.
            assert len(telegram.taken()) < (1 + MORE) * len(people)
            # A server without room is no fault of the update: it must not be given up for that.
            assert set(waiting) <= {("new", 0)}
        for chat in range(1, len(people) + 1):
            assert len(await telegram.takes(1 + MORE, chat)) == 1 + MORE
        await until(telegram.all_confirmed)
        await telegram.stays_silent(0.5)
    for queue, ended in (("inbox", "done"), ("outbox", "sent")):
        found = await query(served, f"SELECT state, count(*) FROM {queue} WHERE bot_id <> 0 GROUP BY 1")
        assert found == [(ended, (1 + MORE) * len(people))]
