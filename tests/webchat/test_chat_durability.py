"""What was answered is on disk: the server is killed with -9 as a process and started again."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.webchat.chat_clients import KEY, TOKEN, Person, RawBot

ROOT = Path(__file__).parents[2]


class Served:
    """`python -m webchat` as a process; looks like the server object to the two sides."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0

    async def start(self):
        options = [
            "--folder",
            str(self.folder),
            "--key",
            KEY,
            "--token",
            TOKEN,
            "--port",
            str(self.port),
            "--faults",
        ]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "webchat", *options, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        line = json.loads(await asyncio.wait_for(self.process.stdout.readline(), 20))
        self.api_url, self.port = line["api_url"], line["port"]

    async def end(self, how):
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), 10)


async def test_killed_with_9_the_conversation_stands_and_old_buttons_work(tmp_path, http):
    served = Served(tmp_path)
    await served.start()
    person, bot = Person(served, http, 7), RawBot(served, http)
    await person.says("第一句")
    (update,) = await bot.does("getUpdates")
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}
    asked = await bot.does("sendMessage", chat_id=7, text="问", reply_markup=keyboard)
    await bot.does("getUpdates", offset=update["update_id"] + 1)
    await person.says("第二句，机器人还没有看到")
    await person.sends("表.xlsx", b"bytes", "application/octet-stream")
    before = await person.reads()
    assert await served.end(signal.SIGKILL) == -signal.SIGKILL

    await served.start()
    assert await person.reads() == before
    assert (await person.presses(asked["message_id"], "ok"))[0] == 200
    waiting = await bot.does("getUpdates")
    assert [next(iter(set(update) - {"update_id"})) for update in waiting] == [
        "message",
        "message",
        "callback_query",
    ]
    assert waiting[0]["message"]["text"] == "第二句，机器人还没有看到"
    assert waiting[0]["update_id"] == update["update_id"] + 1
    async with http.get(served.api_url + before["messages"][-1]["file"]["url"]) as answer:
        assert await answer.read() == b"bytes"
    assert (await person.says("第三句"))["id"] == before["messages"][-1]["id"] + 1
    assert await served.end(signal.SIGTERM) == 0


async def test_killed_under_fire_nothing_answered_is_lost_or_doubled(tmp_path, http):
    served = Served(tmp_path)
    await served.start()
    answered, enough = {}, asyncio.Event()

    async def talk(chat):
        person = Person(served, http, chat)
        for number in range(10_000):
            answered[(await person.says(f"{chat}-{number}"))["id"]] = f"{chat}-{number}"
            if len(answered) > 50:
                enough.set()

    talkers = [asyncio.create_task(talk(chat)) for chat in range(1, 9)]
    async with asyncio.timeout(60):
        await enough.wait()
    await served.end(signal.SIGKILL)
    await asyncio.gather(*talkers, return_exceptions=True)

    await served.start()
    stored = {}
    for chat in range(1, 9):
        for message in (await Person(served, http, chat).reads())["messages"]:
            stored[message["id"]] = message["text"]
    bot, heard, offset = RawBot(served, http), {}, 0
    while updates := await bot.does("getUpdates", offset=offset):
        for update in updates:
            assert update["message"]["message_id"] not in heard
            heard[update["message"]["message_id"]] = update["message"]["text"]
        offset = updates[-1]["update_id"] + 1
    assert answered.items() <= stored.items()
    assert heard == stored
    await served.end(signal.SIGTERM)


async def test_a_stop_does_not_wait_for_those_who_wait(tmp_path, http):
    served = Served(tmp_path)
    await served.start()
    person, bot = Person(served, http, 7), RawBot(served, http)
    polls = [
        asyncio.create_task(person.reads(wait=40)),
        asyncio.create_task(bot.does("getUpdates", timeout=40)),
    ]
    await asyncio.sleep(0.3)
    assert await asyncio.wait_for(served.end(signal.SIGTERM), 20) == 0
    assert await asyncio.gather(*polls) == [{"next": 0, "messages": []}, []]
