import asyncio

from tests.webchat.chat_clients import KEY, TOKEN
from webchat import WebChat


async def ids(bot, **arguments):
    return [update["update_id"] for update in await bot.does("getUpdates", **arguments)]


async def test_an_update_comes_again_until_an_offset_confirms_it(bot, person):
    for text in ("一", "二", "三"):
        await person.says(text)
    first = await ids(bot)
    assert len(first) == 3
    assert await ids(bot) == first
    assert await ids(bot, offset=first[1]) == first[1:]
    assert await ids(bot) == first[1:]
    assert await ids(bot, offset=first[2] + 1) == []
    assert await ids(bot) == []


async def test_limit_and_negative_offset(bot, person):
    for number in range(5):
        await person.says(str(number))
    every = await ids(bot)
    assert await ids(bot, limit=2) == every[:2]
    assert await ids(bot, offset=-2) == every[-2:]
    assert await ids(bot) == every[-2:]


async def test_a_long_poll_ends_when_something_is_said(bot, person):
    waiting = asyncio.create_task(bot.does("getUpdates", timeout=50))
    await asyncio.sleep(0.1)
    await person.says("来了")
    (update,) = await asyncio.wait_for(waiting, 20)
    assert update["message"]["text"] == "来了"


async def test_a_poll_without_news_ends_in_time(bot):
    assert await asyncio.wait_for(bot.does("getUpdates", timeout=1), 20) == []


async def test_only_wanted_kinds_are_queued(bot, person):
    await bot.does("getUpdates", allowed_updates=["message"])
    await person.says("x")
    sent = await bot.does("sendMessage", chat_id=7, text="y")
    await person.presses(sent["message_id"], "z")
    assert [set(update) - {"update_id"} for update in await bot.does("getUpdates")] == [{"message"}]
    await bot.does("getUpdates", allowed_updates=[])
    await person.presses(sent["message_id"], "z")
    assert len(await ids(bot)) == 2


async def test_ids_that_jump_backwards_are_delivered_under_the_old_offset(bot, person):
    await person.says("before")
    (old,) = await ids(bot)
    assert await ids(bot, offset=old + 1) == []
    payload = {"kind": "message", "payload": {"text": "after an idle week"}, "update_id": 500}
    await person.request("POST", "/control/updates", json=payload)
    await person.says("and on")
    assert await ids(bot, offset=old + 1) == [500, 501]
    assert await ids(bot, offset=502) == []


async def test_confirmed_updates_can_be_replayed_under_their_ids(bot, person):
    for text in ("一", "二"):
        await person.says(text)
    first = await bot.does("getUpdates")
    last = first[-1]["update_id"]
    assert await ids(bot, offset=last + 1) == []
    await person.request("POST", "/control/replays", json={"count": 2})
    assert await bot.does("getUpdates", offset=last + 1) == first
    await person.says("三")
    assert (await ids(bot, offset=last + 1))[-1] == last + 1


async def test_a_new_store_never_gives_ids_of_a_lost_one(tmp_path, http, person, bot):
    await person.says("first store")
    (old,) = await ids(bot)
    fresh = WebChat(tmp_path / "other", KEY, TOKEN)
    await fresh.start()
    try:
        url = f"{fresh.api_url}/api/chats/7/messages"
        async with http.post(url, json={"text": "second store"}) as answer:
            assert answer.status == 200
        async with http.post(f"{fresh.api_url}/bot{TOKEN}/getUpdates") as answer:
            assert (await answer.json())["result"][0]["update_id"] >= old
    finally:
        await fresh.stop()
