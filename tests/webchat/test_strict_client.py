"""python-telegram-bot, a strict reader, uses every method; aiogram reads the very same objects."""

import asyncio
import io
from pathlib import Path

import pytest
import telegram
from aiogram.types import Message as AiogramMessage
from aiogram.types import Update as AiogramUpdate
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.webchat.chat_clients import PNG, TOKEN
from webchat.bot_api import BotApi
from webchat.bot_sending import BotSending


@pytest.fixture
async def client(server):
    async with telegram.Bot(
        TOKEN, base_url=f"{server.api_url}/bot", base_file_url=f"{server.api_url}/file/bot"
    ) as bot:
        yield bot


def holds(read, sent):
    """Whether everything that was sent was read; the library adds absent flags as false."""
    if isinstance(sent, dict):
        return all(name in read and holds(read[name], value) for name, value in sent.items())
    if isinstance(sent, list):
        return len(read) == len(sent) and all(map(holds, read, sent))
    return read == sent


async def next_update(client, offset=None):
    (update,) = await client.get_updates(offset=offset, timeout=5)
    return update


def test_every_method_of_the_server_is_used_here():
    served = {name for side in (BotApi, BotSending) for name in vars(side) if not name.islower()}
    source = Path(__file__).read_text(encoding="utf-8")
    snake = {name: "".join("_" + c.lower() if c.isupper() else c for c in name) for name in served}
    assert [name for name, called in snake.items() if f"client.{called}(" not in source] == []


async def test_the_bot_knows_itself_and_its_commands(client, person):
    me = await client.get_me()
    assert (me.id, me.is_bot, me.username) == (4242, True, "xingcun_bot")
    info = await client.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 0)
    await client.set_my_commands([("start", "开始"), ("help", "帮助")])
    assert [command.command for command in await client.get_my_commands()] == ["start", "help"]
    await client.set_my_commands([("audit", "审核")], scope=telegram.BotCommandScopeChat(7))
    _, shown = await person.request("GET", "/api/chats/7/commands")
    assert shown == {"commands": [{"command": "audit", "description": "审核"}]}
    _, others = await person.request("GET", "/api/chats/8/commands")
    assert [command["command"] for command in others["commands"]] == ["start", "help"]
    await client.delete_my_commands()
    assert await client.get_my_commands() == ()


async def test_a_text_arrives_as_a_telegram_message(client, person):
    await person.says("/start 你好😀 https://a.cn/x")
    update = await next_update(client)
    message = update.message
    assert message.text == "/start 你好😀 https://a.cn/x"
    assert (message.chat.id, message.chat.type, message.from_user.id) == (7, "private", 7)
    assert message.from_user.first_name == "用户 7"
    assert message.parse_entity(message.entities[0]) == "/start"
    assert message.parse_entity(message.entities[1]) == "https://a.cn/x"


async def test_a_conversation_with_buttons_edits_and_answers(client, person):
    await person.says("你好")
    keyboard = telegram.InlineKeyboardMarkup(
        [
            [
                telegram.InlineKeyboardButton("提交", callback_data="submit:1"),
                telegram.InlineKeyboardButton("原文", url="https://a.cn"),
            ]
        ]
    )
    await client.send_chat_action(7, "typing")
    sent = await client.send_message(
        7, "<b>核对</b>：<code>&lt;1&gt;</code>", parse_mode="HTML", reply_markup=keyboard
    )
    assert sent.text == "核对：<1>"
    assert sent.text_html == "<b>核对</b>：<code>&lt;1&gt;</code>"
    shown = (await person.reads())["messages"][-1]
    assert shown["html"] == "<b>核对</b>：<code>&lt;1&gt;</code>"
    assert shown["buttons"] == [
        [{"text": "提交", "data": "submit:1"}, {"text": "原文", "url": "https://a.cn"}]
    ]

    assert (await person.presses(sent.message_id, "submit:1"))[0] == 200
    pressed = (await client.get_updates(offset=-1))[0].callback_query
    assert (pressed.data, pressed.from_user.id, pressed.message.message_id) == (
        "submit:1",
        7,
        sent.message_id,
    )
    assert pressed.message.reply_markup.inline_keyboard[0][0].text == "提交"
    assert await client.answer_callback_query(pressed.id, text="好") is True
    edited = await client.edit_message_text("完成", chat_id=7, message_id=sent.message_id)
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    kept = await client.edit_message_reply_markup(7, sent.message_id, reply_markup=keyboard)
    assert kept.reply_markup is not None
    after = (await person.reads())["messages"][-1]
    assert (after["text"], after["edited"], len(after["buttons"])) == ("完成", True, 1)

    reply = await client.send_message(
        7, "收到", reply_parameters=telegram.ReplyParameters(message_id=sent.message_id)
    )
    assert reply.reply_to_message.text == "完成"
    assert await client.delete_message(7, reply.message_id) is True
    assert "收到" not in [message["text"] for message in (await person.reads())["messages"]]


async def test_documents_go_both_ways_byte_for_byte(client, person):
    content = bytes(range(256)) * 50
    status, _ = await person.sends("附件 1.xlsx", content, "application/octet-stream", caption="请收")
    assert status == 200
    message = (await next_update(client)).message
    assert (message.document.file_name, message.document.file_size) == ("附件 1.xlsx", len(content))
    assert message.document.mime_type.endswith("spreadsheetml.sheet")
    assert message.caption == "请收"
    file = await client.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content

    sent = await client.send_document(
        7, io.BytesIO(content), filename="统计表.xlsx", caption="<b>好</b>", parse_mode="HTML"
    )
    assert sent.document.file_name == "统计表.xlsx"
    again = await client.send_document(7, sent.document.file_id)
    assert again.document.file_id == sent.document.file_id
    edited = await client.edit_message_caption(7, sent.message_id, caption="改了")
    assert edited.caption == "改了"
    shown = [message for message in (await person.reads())["messages"] if message["file"]]
    assert [message["file"]["name"] for message in shown] == ["附件 1.xlsx", "统计表.xlsx", "统计表.xlsx"]
    async with person.http.get(person.server.api_url + shown[-1]["file"]["url"]) as answer:
        assert await answer.read() == content


async def test_photos_go_both_ways(client, person):
    await person.sends("a.png", PNG, "image/png")
    message = (await next_update(client)).message
    assert (message.photo[-1].width, message.photo[-1].height) == (1, 1)
    sent = await client.send_photo(7, PNG, caption="图")
    assert (await (await client.get_file(sent.photo[-1].file_id)).download_as_bytearray()) == PNG
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await client.send_photo(7, b"not a picture")


async def test_pictures_that_are_none_arrive_as_documents(client, person):
    await person.sends("a.png", b"not a picture", "image/png")
    assert (await next_update(client)).message.document.file_name == "a.png"


async def test_an_album_shares_one_group(client, person):
    for _ in range(3):
        await person.sends("a.png", PNG, "image/png", album="album-1")
    updates = await client.get_updates()
    assert [update.message.media_group_id for update in updates] == ["album-1"] * 3


async def test_refusals_are_raised_as_the_library_knows_them(client, person, faults):
    with pytest.raises(BadRequest, match="Chat not found"):
        await client.send_message(99, "x")
    await person.says("hi")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await client.send_message(7, "<b>x", parse_mode="HTML")
    sent = await client.send_message(7, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await client.edit_message_text("x", chat_id=7, message_id=sent.message_id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await client.answer_callback_query("1")
    faults.add("refuse", code=429, retry_after=3)
    faults.add("refuse", code=403)
    faults.add("refuse", code=502)
    with pytest.raises(RetryAfter) as late:
        await client.send_message(7, "x")
    assert "Retry in 3 seconds" in str(late.value)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await client.send_message(7, "x")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await client.send_message(7, "x")


async def test_a_wrong_token_is_told_so(server):
    with pytest.raises(InvalidToken):
        async with telegram.Bot("4242:wrong", base_url=f"{server.api_url}/bot"):
            pass


async def test_the_older_of_two_pollers_is_told_of_the_conflict(client, server, person, faults):
    older = asyncio.create_task(client.get_updates(timeout=10))
    while not any(call.method == "getUpdates" for call in faults.calls):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    async with telegram.Bot(TOKEN, base_url=f"{server.api_url}/bot") as second:
        newer = asyncio.create_task(second.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await person.says("x")
        assert len(await newer) == 1


async def test_pending_updates_can_be_dropped(client, person):
    await person.says("old")
    assert (await client.get_webhook_info()).pending_update_count == 1
    await client.delete_webhook(drop_pending_updates=True)
    assert await client.get_updates() == ()


async def test_aiogram_reads_the_same_objects_as_the_strict_client(bot, client, person):
    await person.says("/start <b>& 😀")
    await person.sends("表.xlsx", b"x", "application/octet-stream", caption="说明")
    await person.sends("a.png", PNG, "image/png")
    sent = await bot.does(
        "sendMessage",
        chat_id=7,
        text="<b>问</b>",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]},
    )
    await person.presses(sent["message_id"], "ok")
    raw = await bot.does("getUpdates")
    strict = [telegram.Update.de_json(update, client) for update in raw]
    assert all(holds(update.to_dict(), plain) for update, plain in zip(strict, raw, strict=True))
    loose = [AiogramUpdate.model_validate(update) for update in raw]
    assert loose[0].message.text == "/start <b>& 😀"
    assert loose[1].message.document.file_name == "表.xlsx"
    assert loose[2].message.photo[0].width == 1
    assert loose[3].callback_query.data == "ok"
    assert isinstance(loose[3].callback_query.message, AiogramMessage)
