import json

import aiohttp
import pytest

KEYBOARD = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}


@pytest.fixture(autouse=True)
async def known(person):
    await person.says("hi")


def as_form(arguments):
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}


def multipart(arguments):
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in as_form(arguments).items():
        form.add_field(name, value)
    return form


@pytest.mark.parametrize(
    "body",
    [
        lambda arguments: {"json": arguments},
        lambda arguments: {"data": as_form(arguments)},
        lambda arguments: {"data": multipart(arguments)},
        lambda arguments: {"params": as_form(arguments)},
    ],
    ids=["json", "urlencoded", "multipart", "query"],
)
async def test_every_kind_of_body_says_the_same(bot, person, body):
    arguments = {"chat_id": 7, "text": "<b>你好</b> & co", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    status, answer = await bot.call("sendMessage", **body(arguments))
    assert status == 200, answer
    shown = (await person.reads())["messages"][-1]
    assert shown["html"] == "<b>你好</b> &amp; co"
    assert shown["buttons"] == [[{"text": "好", "data": "ok"}]]


async def test_methods_are_found_whatever_their_case_and_by_get(bot, server):
    assert (await bot.call("SENDMESSAGE", json={"chat_id": 7, "text": "x"}))[0] == 200
    async with bot.http.get(f"{server.api_url}/bot4242:token-of-the-test/getme") as answer:
        assert (await answer.json())["result"]["id"] == 4242


@pytest.mark.parametrize(
    ("method", "arguments", "code", "reason"),
    [
        ("noSuchMethod", {}, 404, "Not Found: method not found"),
        ("find_chat", {}, 404, "Not Found: method not found"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 99, "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": "@someone", "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": 10**30, "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": 7, "text": " \n"}, 400, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "字" * 4097}, 400, "Bad Request: message is too long"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "parse_mode": "Markdown"},
            400,
            "Bad Request: unsupported parse_mode",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": "{"},
            400,
            "Bad Request: can't parse reply markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_to_message_id": 999},
            400,
            "Bad Request: message to be replied not found",
        ),
        (
            "editMessageText",
            {"chat_id": 7, "message_id": 999, "text": "x"},
            400,
            "Bad Request: message to edit not found",
        ),
        (
            "editMessageText",
            {"chat_id": 7, "message_id": 1, "text": "x"},
            400,
            "Bad Request: message can't be edited",
        ),
        ("deleteMessage", {"chat_id": 7, "message_id": 999}, 400, "Bad Request: message to delete not found"),
        ("sendDocument", {"chat_id": 7}, 400, "Bad Request: there is no document in the request"),
        (
            "sendDocument",
            {"chat_id": 7, "document": "nonsense"},
            400,
            "Bad Request: wrong file identifier specified",
        ),
        (
            "sendDocument",
            {"chat_id": 7, "document": "http://127.0.0.1/x"},
            400,
            "Bad Request: failed to get HTTP URL content",
        ),
        ("getFile", {"file_id": "nonsense"}, 400, "Bad Request: invalid file_id"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1", "text": "字" * 201},
            400,
            "Bad Request: MESSAGE_TOO_LONG",
        ),
        ("getUpdates", {"offset": "soon"}, 400, "Bad Request: invalid offset specified"),
    ],
)
async def test_refusals_say_what_telegram_says(bot, method, arguments, code, reason):
    assert await bot.refused(method, **arguments) == (code, reason)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, 'can\'t parse inline keyboard button: Field "text" must be of type String'),
        (
            {"text": "x", "url": "javascript:alert(1)"},
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_keyboards_are_held_to_telegrams_limits(bot, button, reason):
    refused = await bot.refused(
        "sendMessage", chat_id=7, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert refused == (400, f"Bad Request: {reason}")


async def test_the_limits_count_after_the_tags(bot):
    longest = "<b>" + "字" * 4096 + "</b>"
    assert (await bot.call("sendMessage", json={"chat_id": 7, "text": longest, "parse_mode": "HTML"}))[
        0
    ] == 200
    data = {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 64}]]}
    assert (await bot.call("sendMessage", json={"chat_id": 7, "text": "x", "reply_markup": data}))[0] == 200
    form = aiohttp.FormData({"chat_id": "7", "caption": "字" * 1025})
    form.add_field("document", b"x", filename="x")
    status, answer = await bot.call("sendDocument", data=form)
    assert (status, answer["description"]) == (400, "Bad Request: message caption is too long")


async def test_an_attached_file_is_found_by_its_reference(bot, person):
    form = aiohttp.FormData({"chat_id": "7", "document": "attach://part7"}, quote_fields=False)
    form.add_field("part7", b"content", filename="统计.xlsx", content_type="application/octet-stream")
    status, answer = await bot.call("sendDocument", data=form)
    assert status == 200, answer
    assert answer["result"]["document"]["file_name"] == "统计.xlsx"


async def test_a_file_over_twenty_megabytes_can_be_sent_but_not_fetched(bot):
    form = aiohttp.FormData({"chat_id": "7"})
    form.add_field("document", b"x" * (20 * 1024 * 1024 + 1), filename="big.bin")
    status, answer = await bot.call("sendDocument", data=form)
    assert status == 200
    refused = await bot.refused("getFile", file_id=answer["result"]["document"]["file_id"])
    assert refused == (400, "Bad Request: file is too big")


async def test_files_are_served_only_under_the_path_getfile_names(bot, server, person):
    await person.sends("../../秘密.xlsx", b"content", "application/octet-stream")
    document = (await bot.does("getUpdates"))[-1]["message"]["document"]
    assert document["file_name"] == "秘密.xlsx"
    path = (await bot.does("getFile", file_id=document["file_id"]))["file_path"]
    assert path == "documents/file_1.xlsx"
    base = f"{server.api_url}/file/bot4242:token-of-the-test"
    for wrong in (
        "documents/file_2.xlsx",
        "photos/file_1.xlsx",
        "documents/file_1",
        "documents/..%2f..%2fwebchat.sqlite3",
    ):
        async with bot.http.get(f"{base}/{wrong}") as answer:
            assert answer.status == 404
    async with bot.http.get(f"{base}/{path}") as answer:
        assert await answer.read() == b"content"
    async with bot.http.get(f"{server.api_url}/file/bot4242:wrong/{path}") as answer:
        assert answer.status == 401


async def test_a_broken_body_is_refused_and_nothing_breaks(bot):
    for options in (
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"data": b"[1]", "headers": {"Content-Type": "application/json"}},
        {"data": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": b"junk", "headers": {"Content-Type": "multipart/form-data"}},
    ):
        status, answer = await bot.call("sendMessage", **options)
        assert (status, answer["ok"]) == (400, False)
    assert (await bot.call("getMe"))[0] == 200


async def test_a_press_is_answered_once(bot, person):
    sent = await bot.does("sendMessage", chat_id=7, text="x", reply_markup=KEYBOARD)
    _, press = await person.presses(sent["message_id"], "ok")
    assert await bot.does("answerCallbackQuery", callback_query_id=press["id"]) is True
    assert await bot.refused("answerCallbackQuery", callback_query_id=press["id"]) == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
