"""The program killed with -9 in mid-conversation, again and again, seen through its API and its page."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.bot.driving import KEY, Person
from tests.bot.process import run_program

CHROMIUM = Path("/usr/bin/chromium")
# What is said or (with a leading >) tapped, and what the bot then shows.
WALK = [
    ("/start", "您同意吗"),
    (">同意并开始", "第一步：登记您的单位"),
    (">登记单位", "第 1/7 步"),
    ("徐州市青禾志愿者协会", "第 2/7 步"),
    (">跳过", "第 3/7 步"),
    (">社会团体", "第 4/7 步"),
    (">市级", "第 5/7 步"),
    ("徐州市", "第 6/7 步"),
    ("李明", "第 7/7 步"),
    ("13800138000", "登记"),
    (">登记", "已登记"),
    ("/file", "第 1/6 步"),
    ("睢宁县", "第 2/6 步"),
    ("困难学生助学", "第 3/6 步"),
    (">教育帮扶", "第 4/6 步"),
    ("12.5万元", "第 5/6 步"),
    ("20", "第 6/6 步"),
    ("300", "提交"),
    (">提交", "已提交"),
]
# After which of these steps the program dies, and how many seconds after the step was accepted.
KILLS = {1: 0.0, 3: 0.03, 6: 0.01, 10: 0.02, 13: 0.06, 14: 0.0, 16: 0.005, 18: 0.015}


class Walker:
    """A person who goes on whatever happens to the program."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.person = Person(http, address, 1)
        self.pressed: list[tuple[int, str]] = []

    async def does(self, step: str) -> None:
        if step.startswith(">"):
            self.pressed.append(self.button(step[1:]))
            await self.person.presses(*self.pressed[-1])
        else:
            await self.person.says(step)

    async def sees(self, words: str, seconds: float = 60) -> None:
        """Waits until the bot's newest message speaks of it, in its text or on its buttons."""
        async with asyncio.timeout(seconds):
            while words not in self.newest():
                await self.person.listen(1)

    def newest(self) -> str:
        if not self.person.heard:
            return ""
        last = self.person.heard[max(self.person.heard)]
        return " ".join([last["text"], *(item["text"] for row in last["buttons"] for item in row)])

    def button(self, label: str) -> tuple[int, str]:
        """The newest button with that label."""
        for number in sorted(self.person.heard, reverse=True):
            shown = [item for row in self.person.heard[number]["buttons"] for item in row]
            exact = [item for item in shown if item["text"] == label]
            for item in exact or [item for item in shown if label in item["text"]]:
                return number, str(item["data"])
        raise AssertionError(f"no button {label!r}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(folder: Path, sql: str) -> list[Any]:
    with sqlite3.connect(f"file:{folder / 'xingcun.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


async def test_no_answer_is_lost_and_none_applied_twice(data_folder: Path) -> None:
    port = str(free_port())
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
        walker = Walker(http, f"http://127.0.0.1:{port}")
        left = list(enumerate(WALK))
        while left:
            async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port) as program:
                if len(left) < len(WALK):
                    await walker.sees(WALK[left[0][0] - 1][1])
                while left:
                    number, (step, shown) = left.pop(0)
                    await walker.does(step)
                    if number in KILLS:
                        await asyncio.sleep(KILLS[number])
                        program.kill()
                        await program.dies()
                        break
                    await walker.sees(shown)
        async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port):
            await walker.sees("已提交")
            before = dict(walker.person.heard)
            for press in walker.pressed[-2:]:
                await walker.person.presses(*press)
            await walker.sees("没有再改什么")
            await walker.does("/mine")
            await walker.sees("共 1 份")
            await walker.does(">困难学生助学")
            await walker.sees("第 1 版")
            for value in ("12.5万元", "20人", "300人", "教育帮扶"):
                assert value in walker.newest()
            again = Walker(http, f"http://127.0.0.1:{port}")
            await again.sees("第 1 版")
            assert {number: again.person.heard[number]["text"] for number in before} == {
                number: message["text"] for number, message in before.items()
            }
    assert rows(data_folder, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
    assert rows(data_folder, "SELECT count(*), max(version) FROM filing") == [(1, 1)]
    assert rows(data_folder, "SELECT count(*) FROM filing_version") == [(1,)]
    assert rows(data_folder, "SELECT count(*) FROM organization") == [(1,)]
    assert rows(data_folder, "SELECT count(*) FROM inbox") == [(len(WALK) + 4,)]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 360, "height": 640}, locale="zh-CN")
        page.set_default_timeout(20_000)
        yield page
        await browser.close()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium to show the page")
async def test_the_page_shows_the_same_conversation_and_its_old_buttons_work(
    data_folder: Path, page: Page
) -> None:
    port = str(free_port())
    bubbles = page.locator(".message:not(.pending) .bubble .text")
    async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port) as program:
        await page.goto(f"{program.address}/?key={KEY}&chat=1")
        await page.locator("#text").fill("/start")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="同意并开始").click()
        await page.get_by_role("button", name="登记单位").click()
        await expect(bubbles.last).to_contain_text("第 1/7 步")
        await page.locator("#text").fill("徐州市青禾志愿者协会")
        await page.keyboard.press("Enter")
        await expect(bubbles.last).to_contain_text("第 2/7 步")
        shown = await bubbles.all_inner_texts()
        program.kill()
        await program.dies()
    await expect(page.locator("#status")).not_to_have_text("在线")
    async with run_program(data_folder, XINGCUN_WEBCHAT_PORT=port):
        await expect(page.locator("#status")).to_have_text("在线")
        assert await bubbles.all_inner_texts() == shown
        await page.get_by_role("button", name="跳过").click()
        await expect(bubbles.last).to_contain_text("第 3/7 步")
        await page.reload()
        await expect(bubbles.last).to_contain_text("第 3/7 步")
        assert (await bubbles.all_inner_texts())[: len(shown) - 1] == shown[:-1]
