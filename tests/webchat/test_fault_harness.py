import asyncio
import time

import aiohttp
import pytest


@pytest.fixture(autouse=True)
async def known(person):
    await person.says("hi")


async def texts(person):
    return [message["text"] for message in (await person.reads())["messages"] if message["from"] == "bot"]


async def test_a_scripted_refusal_has_no_effect_and_is_used_up(bot, person, faults):
    faults.add("refuse", method="sendMessage", code=429, retry_after=900, times=2)
    for _ in range(2):
        status, body = await bot.call("sendMessage", json={"chat_id": 7, "text": "x"})
        assert (status, body["parameters"]) == (429, {"retry_after": 900})
        assert body["description"] == "Too Many Requests: retry after 900"
    await bot.does("sendMessage", chat_id=7, text="y")
    assert await texts(person) == ["y"]
    assert [call.outcome for call in faults.calls] == ["refused 429", "refused 429", "accepted"]
    assert [call.arguments["text"] for call in faults.accepted("sendMessage", chat=7)] == ["y"]


async def test_a_fault_strikes_its_chat_and_its_method_only(bot, person, faults):
    await person.request("PUT", "/api/chats/8", json={"name": "other"})
    faults.add("refuse", method="sendMessage", chat=7, code=403, times=None)
    assert (await bot.refused("sendMessage", chat_id=7, text="x"))[0] == 403
    await bot.does("sendMessage", chat_id=8, text="x")
    await bot.does("sendChatAction", chat_id=7, action="typing")
    faults.clear()
    await bot.does("sendMessage", chat_id=7, text="now")
    assert await texts(person) == ["now"]


async def test_a_fault_may_let_calls_pass_first(bot, faults):
    faults.add("refuse", code=500, skip=1)
    await bot.does("getMe")
    assert await bot.refused("getMe") == (500, "Internal Server Error")
    await bot.does("getMe")


async def test_a_moved_chat_names_the_new_one(bot, faults):
    faults.add(
        "refuse", code=400, description="Bad Request: group chat was upgraded", migrate_to_chat_id=-1007
    )
    _, body = await bot.call("sendMessage", json={"chat_id": 7, "text": "x"})
    assert body["parameters"] == {"migrate_to_chat_id": -1007}


async def test_a_connection_may_break_before_or_after_the_effect(bot, person, faults):
    faults.add("break_before")
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.does("sendMessage", chat_id=7, text="never")
    faults.add("break_after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.does("sendMessage", chat_id=7, text="arrived")
    assert await texts(person) == ["arrived"]
    assert [(call.outcome, call.accepted) for call in faults.calls] == [
        ("broken before", False),
        ("break_after", True),
    ]


async def test_an_answer_may_stay_away_though_the_message_arrived(bot, person, faults):
    faults.add("stall_after", seconds=30)
    asking = asyncio.create_task(bot.does("sendMessage", chat_id=7, text="arrived"))
    (call,) = await faults.wait_accepted("sendMessage", 1)
    assert call.result["text"] == "arrived"
    assert await texts(person) == ["arrived"]
    assert not asking.done()
    asking.cancel()


async def test_a_delay_comes_before_the_effect(bot, faults):
    faults.add("delay", seconds=0.2)
    began = time.monotonic()
    await bot.does("getMe")
    assert time.monotonic() - began >= 0.2


async def test_polling_is_struck_only_by_name(bot, faults):
    faults.add("refuse", code=502)
    await bot.does("getUpdates")
    faults.add(
        "refuse",
        method="getUpdates",
        code=409,
        description="Conflict: terminated by other getUpdates request",
    )
    assert (await bot.refused("getUpdates"))[0] == 409


async def test_the_log_is_readable_from_outside(bot, person):
    await bot.does("sendMessage", chat_id=7, text="一")
    _, log = await person.request("GET", "/control/calls")
    (call,) = log["calls"]
    assert (call["method"], call["arguments"]["text"], call["accepted"]) == ("sendMessage", "一", True)
    assert call["at"] <= call["done"]
    _, later = await person.request("GET", f"/control/calls?after={call['number']}")
    assert later == {"calls": []}


async def test_faults_can_be_scripted_from_outside(bot, person):
    fault = {"kind": "refuse", "method": "sendMessage", "code": 403}
    assert await person.request("POST", "/control/faults", json=fault) == (200, {"waiting": 1})
    assert await bot.refused("sendMessage", chat_id=7, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await person.request("POST", "/control/faults", json=fault)
    await person.request("DELETE", "/control/faults")
    await bot.does("sendMessage", chat_id=7, text="x")
    status, _ = await person.request("POST", "/control/faults", json={"kind": "refuse", "nonsense": 1})
    assert status == 400


async def test_updates_no_page_could_cause_can_be_queued(bot, person):
    await bot.does("getUpdates", allowed_updates=["message"])
    await person.request("POST", "/control/updates", json={"kind": "nonsense_kind", "payload": {"x": 1}})
    assert (await bot.does("getUpdates"))[-1]["nonsense_kind"] == {"x": 1}


async def test_waiting_for_calls_that_do_not_come_ends(faults):
    with pytest.raises(TimeoutError):
        await faults.wait_accepted("sendMessage", 1, seconds=0.1)
