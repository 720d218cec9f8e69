"""The page in a real browser. Needs Debian's chromium; the bot's side is played by bare calls."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.webchat.chat_clients import KEY, PNG, TOKEN, RawBot
from webchat import WebChat

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium to show the page")
HOSTILE = '<img src=x onerror="window.hurt=1">'


@pytest.fixture
async def context():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 360, "height": 640}, locale="zh-CN")
        context.set_default_timeout(8000)
        yield context
        await browser.close()


@pytest.fixture
async def page(context, server):
    """The page of person 7, watched for errors and for requests that leave the machine."""
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((server.api_url, "data:", "blob:")) or wrong.append(request.url)
        ),
    )
    page.on("console", lambda line: "Content Security Policy" in line.text and wrong.append(line.text))
    await page.goto(f"{server.address}&chat=7")
    await expect(page.locator("#status")).to_have_text("在线")
    yield page
    assert wrong == []
    assert await page.evaluate("window.hurt") is None


async def type_in(page, text):
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


def bubbles(page, side):
    return page.locator(f".message.{side}:not(.pending) .bubble .text")


async def presses_of(bot, count):
    """The presses the bot has not confirmed, as soon as there are so many."""
    async with asyncio.timeout(8):
        while True:
            presses = [u["callback_query"] for u in await bot.does("getUpdates") if "callback_query" in u]
            if len(presses) >= count:
                return presses
            await asyncio.sleep(0.05)


async def widths(page):
    return await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")


async def test_a_newcomer_begins_with_one_tap(page, bot, server):
    assert page.url == f"{server.api_url}/"
    await expect(page.locator("#banner")).to_have_text("演示时间：2021年9月27日")
    await page.get_by_role("button", name="开始").click()
    await expect(bubbles(page, "person")).to_have_text("/start")
    await expect(page.locator("#typing")).to_be_visible()
    (update,) = await bot.does("getUpdates", timeout=5)
    assert (update["message"]["text"], update["message"]["chat"]["id"]) == ("/start", 7)
    await bot.does("sendMessage", chat_id=7, text="<b>您好</b>\n第二行", parse_mode="HTML")
    await expect(bubbles(page, "bot").locator("b")).to_have_text("您好")
    await expect(page.locator("#typing")).to_be_hidden()
    await expect(page.locator(".day")).to_have_text("今天")
    await expect(page.locator("#welcome")).to_be_hidden()


async def test_enter_sends_shift_enter_breaks_and_an_input_method_is_left_alone(page, bot, person):
    field = page.locator("#text")
    await field.focus()
    await page.keyboard.type("第一行")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("第二行")
    await field.evaluate(
        """field => field.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, cancelable: true}))"""
    )
    assert (await person.reads())["messages"] == []
    await page.keyboard.press("Enter")
    await expect(bubbles(page, "person")).to_have_text("第一行\n第二行")
    await expect(field).to_have_value("")
    pasted = "项目一\t50\t3\n项目二\t60\t4\n"
    await field.evaluate(
        """(field, text) => { field.focus(); document.execCommand('insertText', false, text); }""", pasted
    )
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(bubbles(page, "person")).to_have_count(2)
    assert (await person.reads())["messages"][-1]["text"] == pasted.strip()


async def test_buttons_stand_in_rows_wait_for_their_answer_and_change_with_the_message(page, bot, person):
    await person.says("hi")
    rows = [
        [{"text": "是", "callback_data": "yes"}, {"text": "否", "callback_data": "no"}],
        [{"text": "原文", "url": "https://example.org/notice"}],
    ]
    sent = await bot.does("sendMessage", chat_id=7, text="提交吗？", reply_markup={"inline_keyboard": rows})
    yes, no = page.get_by_role("button", name="是", exact=True), page.get_by_role("button", name="否")
    await expect(yes).to_be_visible()
    boxes = [await key.bounding_box() for key in (yes, no, page.get_by_role("link", name="原文"))]
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"]
    assert boxes[0]["width"] == boxes[1]["width"] < boxes[2]["width"]
    link = page.get_by_role("link", name="原文")
    assert await link.get_attribute("rel") == "noopener noreferrer"
    assert await link.get_attribute("target") == "_blank"

    await yes.dblclick()
    await expect(yes).to_have_attribute("aria-busy", "true")
    presses = await presses_of(bot, 1)
    assert [press["data"] for press in presses] == ["yes"]
    await bot.does("answerCallbackQuery", callback_query_id=presses[0]["id"], text="已记下")
    await expect(yes).not_to_have_attribute("aria-busy", "true")
    await expect(page.locator("#toast")).to_have_text("已记下")

    await no.click()
    _, press = await presses_of(bot, 2)
    await bot.does("answerCallbackQuery", callback_query_id=press["id"], text="真的吗", show_alert=True)
    await expect(page.get_by_role("dialog").get_by_text("真的吗")).to_be_visible()
    await page.get_by_role("button", name="知道了").click()
    await bot.does("editMessageText", chat_id=7, message_id=sent["message_id"], text="已提交")
    await expect(bubbles(page, "bot")).to_have_text("已提交")
    await expect(page.locator(".key")).to_have_count(0)
    await expect(page.locator(".message.bot .edited")).to_be_visible()


async def test_hostile_names_and_texts_are_shown_literally(page, bot, person):
    await person.request("PUT", "/api/chats/7", json={"name": HOSTILE})
    await person.says(HOSTILE)
    await person.sends(HOSTILE, b"x", "application/octet-stream", caption=HOSTILE)
    keyboard = {"inline_keyboard": [[{"text": HOSTILE, "callback_data": HOSTILE}]]}
    await bot.does("sendMessage", chat_id=7, text=HOSTILE, reply_markup=keyboard)
    await bot.does("setMyCommands", commands=[{"command": "x", "description": HOSTILE}])
    await page.reload()
    await expect(bubbles(page, "bot")).to_have_text(HOSTILE)
    await expect(bubbles(page, "person").first).to_have_text(HOSTILE)
    await expect(page.locator(".key")).to_have_text(HOSTILE)
    await expect(page.locator("#person-name")).to_have_text(HOSTILE)
    await page.get_by_role("button", name="查看可用命令").click()
    await expect(page.get_by_role("option")).to_contain_text(HOSTILE)
    await page.locator("#person").click()
    await expect(page.locator(".person-label")).to_have_text(HOSTILE)
    await page.keyboard.press("Escape")
    await page.locator(".key").click()
    (press,) = await presses_of(bot, 1)
    await bot.does("answerCallbackQuery", callback_query_id=press["id"], text=HOSTILE)
    await expect(page.locator("#toast")).to_have_text(HOSTILE)
    await expect(page.locator("main img")).to_have_count(0)
    inside = await page.locator(".file").get_attribute("href")
    assert inside.startswith("/api/files/")


async def test_even_hostile_html_from_the_server_is_cut_to_telegrams_tags(context, server):
    page = await context.new_page()
    await page.goto(server.address)
    shown = await page.evaluate(
        """async (hostile) => {
            const { richText } = await import("/rich_text.js");
            const box = document.createElement("div");
            box.append(richText(hostile, null));
            document.body.append(box);
            return box.innerHTML;
        }""",
        '<b onclick="x">a</b><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'
        '<a href="javascript:x">b</a><a href="https://a.cn">c</a><svg onload="window.hurt=1">',
    )
    assert await page.evaluate("window.hurt") is None
    assert re.sub(r"</?span>", "", shown) == (
        '<b>a</b>window.hurt=1b<a href="https://a.cn" target="_blank" rel="noopener noreferrer">c</a>'
    )


async def test_files_go_up_with_a_caption_and_come_down_by_a_tap(page, bot, person, server):
    await page.locator("#file").set_input_files(
        [
            {"name": "附件2.xlsx", "mimeType": "application/octet-stream", "buffer": b"rows"},
            {"name": "图.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "错.txt", "mimeType": "text/plain", "buffer": b"wrong"},
        ]
    )
    await page.get_by_role("button", name="移除 错.txt").click()
    await type_in(page, "请查收")
    await expect(page.locator(".message.person:not(.pending) .file-name")).to_have_text("附件2.xlsx")
    image = page.locator(".message.person img")
    await expect(image).to_have_js_property("naturalWidth", 1)
    arrived = [update["message"] for update in await bot.does("getUpdates")]
    assert arrived[0]["document"]["file_name"] == "附件2.xlsx"
    assert arrived[0]["caption"] == "请查收"
    assert arrived[1]["photo"][0]["width"] == 1
    assert arrived[0]["media_group_id"] == arrived[1]["media_group_id"]

    await bot.does("sendDocument", chat_id=7, document=arrived[0]["document"]["file_id"], caption="统计表")
    async with page.expect_download() as download:
        await page.locator(".message.bot .file").click()
    saved = await download.value
    assert saved.suggested_filename == "附件2.xlsx"
    assert (await asyncio.to_thread(Path(await saved.path()).read_bytes)) == b"rows"


async def test_files_can_be_pasted_and_dropped(page, bot):
    await page.evaluate(
        """() => {
            const give = (name) => {
                const all = new DataTransfer();
                all.items.add(new File(["x"], name));
                return all;
            };
            const kind = { bubbles: true, cancelable: true };
            document.getElementById("text").dispatchEvent(
                new ClipboardEvent("paste", { ...kind, clipboardData: give("pasted.txt") }));
            document.body.dispatchEvent(
                new DragEvent("drop", { ...kind, dataTransfer: give("dropped.txt") }));
        }"""
    )
    await expect(page.locator(".chip-name")).to_have_text(["pasted.txt", "dropped.txt"])
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(page.locator(".message.person:not(.pending) .file-name")).to_have_text(
        ["pasted.txt", "dropped.txt"]
    )


async def test_a_file_too_large_is_refused_before_it_is_sent(page, person):
    await page.evaluate(
        """() => {
            const all = new DataTransfer();
            all.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], "big.zip"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: all, bubbles: true }));
        }"""
    )
    await expect(page.locator("#toast")).to_have_text("“big.zip”超过 20 MB，请压缩或拆分后再发送。")
    await expect(page.locator("#chosen")).to_be_hidden()


async def test_the_view_stays_at_the_end_and_leaves_readers_in_peace(page, bot, person):
    await person.says("hi")
    for number in range(30):
        await bot.does("sendMessage", chat_id=7, text=f"第 {number} 条")
    last = page.get_by_text("第 29 条", exact=True)
    await expect(last).to_be_in_viewport()
    await page.locator("#scroll").evaluate("box => box.scrollTo(0, 0)")
    await expect(page.locator("#newer")).to_have_text(re.compile("回到最新"))
    await bot.does("sendMessage", chat_id=7, text="新来的")
    await expect(page.locator("#newer")).to_have_text(re.compile("1 条新消息"))
    assert await page.locator("#scroll").evaluate("box => box.scrollTop") < 50
    await page.locator("#newer").click()
    await expect(page.get_by_text("新来的", exact=True)).to_be_in_viewport()
    await expect(page.locator("#newer")).to_be_hidden()


async def test_the_page_survives_a_restart_of_the_server_and_sends_once(context, http, tmp_path):
    first = WebChat(tmp_path / "kept", KEY, TOKEN)
    await first.start()
    page = await context.new_page()
    await page.goto(f"{first.address}&chat=7")
    await type_in(page, "重启之前")
    await expect(bubbles(page, "person")).to_have_text("重启之前")
    await first.stop()
    await expect(page.locator("#status")).to_have_text("连接已断开，正在重连…")
    await type_in(page, "断开时写的")
    retry = page.get_by_role("button", name="未发送，点此重试")
    await expect(retry).to_be_visible()

    second = WebChat(tmp_path / "kept", KEY, TOKEN, port=first.port)
    await second.start()
    try:
        await expect(page.locator("#status")).to_have_text("在线", timeout=10_000)
        await retry.click()
        await expect(bubbles(page, "person")).to_have_text(["重启之前", "断开时写的"])
        await expect(page.locator(".pending")).to_have_count(0)
        bot = RawBot(second, http)
        await bot.does("sendMessage", chat_id=7, text="都收到了")
        await expect(bubbles(page, "bot")).to_have_text("都收到了")
        assert len(await bot.does("getUpdates")) == 2
    finally:
        await page.close()
        await second.stop()


async def test_persons_are_switched_named_and_kept_apart(page, bot, person):
    await type_in(page, "我是七号")
    await page.locator("#person").click()
    await page.get_by_role("button", name="给用户 7改名").click()
    await page.get_by_label("新的名字").fill("王联系人")
    await page.keyboard.press("Enter")
    await expect(page.locator("#person-name")).to_have_text("王联系人")
    await page.get_by_role("button", name="添加用户").click()
    await expect(page.locator("#person-name")).to_have_text("用户 8")
    await expect(page.locator(".message")).to_have_count(0)
    await type_in(page, "我是八号")
    await expect(bubbles(page, "person")).to_have_text("我是八号")
    names = {
        u["message"]["chat"]["id"]: u["message"]["from"]["first_name"] for u in await bot.does("getUpdates")
    }
    assert set(names) == {7, 8}
    await bot.does("sendMessage", chat_id=7, text="给七号的")
    await page.locator("#person").click()
    row = page.locator(".person-pick", has_text="王联系人")
    await expect(row.locator(".dot")).to_be_visible()
    await row.click()
    await expect(bubbles(page, "bot")).to_have_text("给七号的")
    await page.reload()
    await expect(page.locator("#person-name")).to_have_text("王联系人")


async def test_nothing_overflows_a_narrow_phone(page, bot, person):
    await person.says("很" * 300 + "w" * 300)
    await person.sends("很长的文件名" * 12 + ".xlsx", b"x", "application/octet-stream")
    rows = [
        [{"text": "很长的按钮文字" * 5, "callback_data": "x"}],
        [{"text": "w" * 60, "callback_data": "y"}] * 3,
    ]
    text = "<b>" + "w" * 200 + "</b><pre>" + "w" * 200 + "</pre> https://example.org/" + "w" * 200
    await bot.does(
        "sendMessage", chat_id=7, text=text, parse_mode="HTML", reply_markup={"inline_keyboard": rows}
    )
    await expect(page.locator(".key").last).to_be_visible()
    assert await widths(page) == [360, 360]
    inner = await page.locator("#scroll").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inner[0] == inner[1]
    edges = await page.locator(".bubble, .key").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().right)"
    )
    assert max(edges) <= 360


async def test_commands_are_offered_by_a_slash_and_tapped_in_messages(page, bot, person):
    commands = [("start", "开始"), ("stats", "统计"), ("help", "帮助")]
    await bot.does("setMyCommands", commands=[{"command": c, "description": d} for c, d in commands])
    await page.reload()
    await expect(page.get_by_role("button", name="查看可用命令")).to_be_visible()
    await page.locator("#text").press_sequentially("/st")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(bubbles(page, "person")).to_have_text("/stats")
    await bot.does("sendMessage", chat_id=7, text="看不懂。可发 /help 查看帮助。")
    await page.get_by_role("button", name="/help").click()
    await expect(bubbles(page, "person")).to_have_text(["/stats", "/help"])


async def test_without_the_key_the_page_asks_for_it(context, server, person):
    await person.says("已有的消息")
    page = await context.new_page()
    await page.goto(server.api_url)
    await expect(page.get_by_role("heading", name="需要访问密钥")).to_be_visible()
    await expect(page.get_by_text("已有的消息")).to_have_count(0)
    await page.get_by_label("访问密钥").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("访问密钥")).to_be_visible()
    await page.get_by_label("访问密钥").fill(KEY)
    await page.keyboard.press("Enter")
    await expect(page.locator("#status")).to_have_text("在线")


async def test_an_invite_in_the_address_is_prepared_and_not_sent_by_itself(context, server, bot):
    page = await context.new_page()
    await page.goto(f"{server.address}&chat=9&start=INVITE-1")
    await expect(page.locator("#text")).to_have_value("/start INVITE-1")
    await asyncio.sleep(0.3)
    assert await bot.does("getUpdates") == []
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(bubbles(page, "person")).to_have_text("/start INVITE-1")


async def test_everything_can_be_reached_by_name_and_by_keyboard(page, bot, person):
    await person.says("hi")
    keyboard = {"inline_keyboard": [[{"text": "好的", "callback_data": "ok"}]]}
    await bot.does("sendMessage", chat_id=7, text="问", reply_markup=keyboard)
    await expect(page.locator(".key")).to_be_visible()
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea, input:not([hidden])")]
            .filter((one) => !(one.textContent.trim() || one.ariaLabel)).map((one) => one.id)"""
    )
    assert nameless == []
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await page.locator("#text").focus()
    for _ in range(12):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.className") == "key":
            break
    await page.keyboard.press("Enter")
    assert (await presses_of(bot, 1))[0]["data"] == "ok"
