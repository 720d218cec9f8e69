"""Menu words people type instead of a command."""

import re
from typing import Any

from aiogram.filters import BaseFilter
from aiogram.types import Message

COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:@\w+)?(?=\s|$)")
PAGES: dict[str, str] = {
    "填报": "file",
    "填报项目": "file",
    "我要填报": "file",
    "项目填报": "file",
    "批量填报": "batch",
    "下载模板": "batch",
    "填报模板": "batch",
    "模板": "batch",
    "导入": "batch",
    "Excel": "batch",
    "excel": "batch",
    "我的填报": "mine",
    "导出明细表": "print",
    "打印明细表": "print",
    "我的明细表": "print",
    "单位": "organizations",
    "我的单位": "organizations",
    "登记单位": "register",
    "通知": "notices",
    "看通知": "notices",
    "帮助": "help",
    "主菜单": "home",
    "菜单": "home",
    "返回主菜单": "home",
    "开始": "home",
    "你好": "home",
    "您好": "home",
    "导出": "tables",
    "导出报表": "tables",
    "填报情况": "overview",
    "还差什么": "deadlines",
    "待办": "deadlines",
    "催报": "broadcasts",
    "群发": "broadcasts",
    "待答复": "questions",
    "待答复的问题": "questions",
}
COMMANDS: dict[str, str] = {
    "menu": "home",
    "file": "file",
    "batch": "batch",
    "mine": "mine",
    "org": "organizations",
    "notice": "notices",
    "help": "help",
    "staff": "overview",
    "export": "tables",
    "questions": "questions",
    "deadlines": "deadlines",
    "broadcast": "broadcasts",
}

CANCELLING = ("取消", "返回")


def cancels(message: Message) -> bool:
    """Whether somebody takes back that they are about to write something."""
    return (message.text or "").strip("。.!！ ") in CANCELLING


class Words(BaseFilter):
    """Passes when the message is a menu word or a command, and gives the handler `to`, the page it names."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        text = (message.text or "").strip()
        command = COMMAND.match(text)
        to = COMMANDS.get(command[1].lower()) if command else PAGES.get(text.strip("。.!！ "))
        return {"to": to} if to else False


class UnknownCommand(BaseFilter):
    """Passes what has the shape of a command; known ones have been taken before."""

    async def __call__(self, message: Message) -> bool:
        return COMMAND.match(message.text or "") is not None
