import asyncio

import aiohttp

from webchat.guard import Guard

MESSAGE_KEYS = {"id", "from", "text", "html", "buttons", "file", "edited"}


async def test_an_unknown_chat_is_an_empty_list(person):
    assert await person.reads() == {"next": 0, "messages": []}
    assert await person.reads(after=12) == {"next": 12, "messages": []}


async def test_a_message_has_the_documented_keys_and_nothing_else(bot, person):
    await person.says("<img src=x onerror=alert(1)>\n第二行")
    form = aiohttp.FormData({"chat_id": "7", "caption": "说明"}, quote_fields=False)
    form.add_field("document", b"12345", filename="表.xlsx")
    await bot.call("sendDocument", data=form)
    said, sent = (await person.reads())["messages"]
    assert set(said) == set(sent) == MESSAGE_KEYS
    assert said == {
        "id": 1,
        "from": "person",
        "text": "<img src=x onerror=alert(1)>\n第二行",
        "html": "&lt;img src=x onerror=alert(1)&gt;\n第二行",
        "buttons": [],
        "file": None,
        "edited": False,
    }
    assert (sent["from"], sent["text"], sent["file"]["name"], sent["file"]["size"]) == (
        "bot",
        "说明",
        "表.xlsx",
        5,
    )
    async with person.http.get(person.server.api_url + sent["file"]["url"]) as answer:
        assert await answer.read() == b"12345"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E8%A1%A8.xlsx"


async def test_an_edit_appears_again_under_its_id_with_a_new_cursor(bot, person):
    await person.says("hi")
    first = await bot.does("sendMessage", chat_id=7, text="问题一")
    await bot.does("sendMessage", chat_id=7, text="问题二")
    read = await person.reads()
    assert [message["text"] for message in read["messages"]] == ["hi", "问题一", "问题二"]
    assert await person.reads(after=read["next"]) == {"next": read["next"], "messages": []}
    await bot.does("editMessageText", chat_id=7, message_id=first["message_id"], text="已答")
    changed = await person.reads(after=read["next"])
    assert [(m["id"], m["text"], m["edited"]) for m in changed["messages"]] == [
        (first["message_id"], "已答", True)
    ]
    assert changed["next"] > read["next"]
    again = await person.reads()
    assert sorted(message["id"] for message in again["messages"]) == [1, 2, 3]


async def test_a_deleted_message_goes_and_is_named_once(bot, person):
    await person.says("hi")
    sent = await bot.does("sendMessage", chat_id=7, text="x")
    read = await person.reads()
    await bot.does("deleteMessage", chat_id=7, message_id=sent["message_id"])
    changed = await person.reads(after=read["next"])
    assert (changed["messages"], changed["deleted"]) == ([], [sent["message_id"]])
    assert [message["text"] for message in (await person.reads())["messages"]] == ["hi"]


async def test_waiting_ends_with_the_answer(bot, person):
    await person.says("hi")
    cursor = (await person.reads())["next"]
    waiting = asyncio.create_task(person.reads(after=cursor, wait=50))
    await asyncio.sleep(0.1)
    await bot.does("sendMessage", chat_id=7, text="好")
    answer = await asyncio.wait_for(waiting, 20)
    assert [message["text"] for message in answer["messages"]] == ["好"]


async def test_waiting_without_news_ends_in_time(person):
    assert await asyncio.wait_for(person.reads(wait=0.3), 20) == {"next": 0, "messages": []}


async def test_chats_do_not_see_each_other(bot, person):
    await person.says("hi")
    sent = await bot.does("sendMessage", chat_id=7, text="秘密")
    status, body = await person.request("GET", "/api/chats/8/messages")
    assert (status, body) == (200, {"next": 0, "messages": []})
    body = {"message_id": sent["message_id"], "data": "x"}
    status, _ = await person.request("POST", "/api/chats/8/presses", json=body)
    assert status == 404


async def test_a_long_history_comes_in_portions(bot, person):
    await person.says("字" * 4096 * 2)
    for number in range(510):
        await bot.does("sendMessage", chat_id=7, text=str(number))
    first = await person.reads()
    rest = await person.reads(after=first["next"])
    assert (len(first["messages"]), len(rest["messages"])) == (500, 12)


async def test_a_long_text_becomes_several_messages_for_the_bot_too(bot, person):
    body = await person.says("字" * 5000)
    assert len(body["ids"]) == 2
    assert [len(update["message"]["text"]) for update in await bot.does("getUpdates")] == [4096, 904]


async def test_the_same_nonce_is_stored_once(bot, person):
    first = await person.says("提交", nonce="n1")
    assert await person.says("提交", nonce="n1") == first
    for _ in range(2):
        await person.sends("a.txt", b"x", "text/plain", nonce="n2")
    assert len(await bot.does("getUpdates")) == 2
    assert len((await person.reads())["messages"]) == 2


async def test_what_cannot_be_is_refused_in_chinese(person):
    async def refused(method, path, **options):
        status, body = await person.request(method, path, **options)
        return status, body["message"]

    messages = "/api/chats/7/messages"
    assert await refused("POST", messages, json={"text": " \n "}) == (400, "消息是空的，请输入文字。")
    assert await refused("POST", messages, json={"text": 5}) == (400, "请求的格式不对。")
    assert await refused("POST", messages, data=b"{") == (400, "请求的格式不对。")
    assert await refused("POST", messages, data=b"[" * 100_000) == (400, "请求的格式不对。")
    assert await refused("POST", messages, json={"text": "字" * 100_001}) == (
        413,
        "文字太长，一次最多发送 100000 个字。",
    )
    assert await refused("POST", messages, data=b'"' + b"x" * (1 << 20)) == (
        413,
        "文字太长，一次最多发送 100000 个字。",
    )
    for chat in ("0", "-5", "abc", "1.5", str(2**52), "９"):
        assert await refused("POST", f"/api/chats/{chat}/messages", json={"text": "x"}) == (
            400,
            "会话编号应为正整数。",
        )
    assert await refused("GET", f"{messages}?after=-1") == (400, "请求的格式不对。")
    assert await refused("GET", f"{messages}?wait=nan") == (400, "请求的格式不对。")
    presses = "/api/chats/7/presses"
    assert await refused("POST", presses, json={"message_id": 5, "data": "x"}) == (
        404,
        "这条消息已不在，请使用最新的消息。",
    )
    assert await refused("POST", presses, json={"message_id": True, "data": "x"}) == (400, "请求的格式不对。")
    assert await refused("POST", presses, json={"message_id": 5, "data": "x" * 65}) == (
        400,
        "按钮的数据不对。",
    )
    assert await refused("POST", "/api/chats/7/files", json={}) == (400, "请求的格式不对。")
    assert await refused("GET", "/api/files/nonsense") == (404, "文件不存在。")
    assert await refused("GET", "/api/nonsense") == (404, "没有这个地址。")
    assert await refused("PUT", "/api/chats/7", json={"name": " "}) == (400, "名字应为 1 至 40 个字。")
    assert await person.reads() == {"next": 0, "messages": []}


async def test_files_are_refused_by_size_with_nothing_stored(person, bot):
    status, body = await person.sends("big.bin", b"x" * (20 * 1024 * 1024 + 1), "application/octet-stream")
    assert (status, body["message"]) == (413, "文件超过 20 MB，请压缩或拆分后再发送。")
    status, body = await person.sends("empty.bin", b"", "application/octet-stream")
    assert (status, body["message"]) == (400, "这个文件是空的，请重新选择。")
    status, body = await person.sends("a.bin", b"x", "application/octet-stream", caption="字" * 1025)
    assert (status, body["error"]) == (400, "caption_too_long")
    form = aiohttp.FormData({"caption": "x"}, default_to_multipart=True)
    status, body = await person.request("POST", "/api/chats/7/files", data=form)
    assert (status, body["message"]) == (400, "没有收到文件，请重新选择。")
    assert await bot.does("getUpdates") == []
    assert (await person.reads())["messages"] == []


async def test_an_upload_that_breaks_off_leaves_nothing(person, bot, server):
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nhalf'
    writer.write(
        f"POST /api/chats/7/files HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        "Authorization: Bearer key-of-the-test\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 5000\r\n\r\n".encode()
        + body
    )
    await writer.drain()
    writer.transport.abort()
    await asyncio.sleep(0.2)
    assert await bot.does("getUpdates") == []
    assert (await person.reads())["messages"] == []


async def test_people_have_names_that_the_bot_sees(bot, person):
    await person.says("hi")
    await person.request("PUT", "/api/chats/9", json={"name": "徐州市民政局"})
    _, listed = await person.request("GET", "/api/chats")
    assert [(chat["id"], chat["name"]) for chat in listed["chats"]] == [(7, "用户 7"), (9, "徐州市民政局")]
    assert (listed["bot"], listed["banner"]) == ("兴村助手", "演示时间：2021年9月27日")
    assert listed["chats"][0]["last"] == (await person.reads())["next"]
    await bot.does("sendMessage", chat_id=9, text="x")
    assert (await bot.does("getUpdates"))[0]["message"]["from"]["first_name"] == "用户 7"


async def test_signals_tell_of_typing_and_of_answers(bot, person):
    await person.says("hi")
    path = "/api/chats/7/messages"
    _, start = await person.request("GET", path, params={"after": 0, "signals": 0})
    assert (start["signals"], start["banner"]) == ([], "演示时间：2021年9月27日")
    assert set(start["messages"][0]) == MESSAGE_KEYS | {"date", "picture"}
    after = {"after": start["next"], "signals": start["next_signal"], "wait": 5}
    await bot.does("sendChatAction", chat_id=7, action="typing")
    _, heard = await person.request("GET", path, params=after)
    assert heard["signals"] == [{"kind": "action", "action": "typing"}]
    sent = await bot.does("sendMessage", chat_id=7, text="x")
    _, press = await person.presses(sent["message_id"], "d")
    await bot.does("answerCallbackQuery", callback_query_id=press["id"], text="好", show_alert=True)
    after["signals"] = heard["next_signal"]
    _, heard = await person.request("GET", path, params=after)
    assert heard["signals"] == [
        {
            "kind": "answer",
            "press": press["id"],
            "message_id": sent["message_id"],
            "text": "好",
            "alert": True,
        }
    ]


async def test_a_signature_opens_its_own_file_only(person, server):
    await person.sends("a.txt", b"first", "text/plain")
    await person.sends("b.txt", b"second", "text/plain")
    first, second = (message["file"]["url"] for message in (await person.reads())["messages"])
    async with aiohttp.ClientSession(server.api_url) as stranger:
        async with stranger.get(first) as answer:
            assert (answer.status, await answer.read()) == (200, b"first")
        mixed = second.split("?")[0] + "?" + first.split("?")[1]
        for path in (mixed, first.split("?")[0], first[:-1], f"{first}ü"):
            async with stranger.get(path) as answer:
                assert answer.status == 401
    assert Guard("one").sign_file("x") != Guard("two").sign_file("x")


async def test_only_pictures_open_in_the_browser(person, server):
    await person.sends("a.html", b"<script>alert(1)</script>", "text/html")
    await person.sends("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    for message in (await person.reads())["messages"]:
        async with person.http.get(server.api_url + message["file"]["url"]) as answer:
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
