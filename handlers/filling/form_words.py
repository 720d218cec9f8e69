"""Words that stand for the buttons of a form: 提交, 上一步, 跳过, 放弃 typed instead of tapped."""

from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import BaseFilter
from aiogram.types import Message

import forms
import templates
from forms.model import Field
from handlers import asked
from handlers.asked import Asked
from handlers.filling import finishing, pending, wizard, wizard_screens
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.screens import Screen, send
from registration import entries, windows
from registration.entries import Entry

router = Router(name="form words")

SAID = {
    "submit": "提交 确认提交 我要提交 现在提交 登记 确认登记 保存 提交修改 提交申请",
    "agree": "确认 确定 是 是的 对 对的 没错 没问题 无误 核对无误 可以 好 好的 行 ok OK",
    "discard": "放弃 取消 不填了 不报了 作废 删除草稿 放弃修改 取消填报 放弃填报 确定放弃",
    "back": "上一步 返回 退回上一步 返回上一步 回上一步 上一题 上一项",
    "later": "稍后继续 稍后再填 存草稿 存为草稿 保存草稿 下次再填 以后再填 先存着 暂存",
    "skip": "跳过 跳过这一项 跳过这项 略过 先跳过 不填",
    "go_on": "仍然继续 继续 继续填写 另一个项目 是另一个项目 不是同一个",
    "none": "没有 无 没 暂无 暂时没有 还没有 没有代码 正在办 正在办理 在办 办理中 还没办 还没办下来",
}
MEANINGS = {word: meaning for meaning, words in SAID.items() for word in words.split()}
ENDS = "。.!！~～ 吧"


class FormWords(BaseFilter):
    """Passes for such words while a form is being filled; gives `meaning`, `entry` and `before`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        meaning = MEANINGS.get((message.text or "").strip().rstrip(ENDS))
        before = await asked.recall(turn.state) if meaning else None
        entry = await wizard.recalled(turn, before) if before else None
        if entry is None or windows.refusal(entry.notice, entry.form, turn.now):
            return False
        return {"meaning": meaning, "entry": entry, "before": before}


@router.message(FormWords())
async def on_form_words(
    message: Message, meaning: str, entry: Entry, before: Asked, turn: Turn
) -> list[Reply]:
    """Does what the button would have done; leaves to others what is an answer like any other."""
    screen = await _meant(turn, entry, before, meaning)
    if screen is None:
        raise SkipHandler
    return [send(message.chat.id, screen)]


async def _meant(turn: Turn, entry: Entry, before: Asked, meaning: str) -> Screen | None:
    field = pending.awaited(entry, before)
    if before.discarding:
        return await _discarding(turn, entry, meaning)
    if meaning == "later":
        await asked.forget(turn.state)
        return finishing.kept(entry)
    if field is not None and entry.pending is None and meaning in ("discard", "back"):
        # One field is being changed from the card: that is what is given up, not the whole.
        return await wizard.show_card(turn, entry)
    if meaning == "discard":
        return await finishing.give_up(turn, entry)
    if field is None:
        return await _on_card(turn, entry, meaning)
    return await _at_question(turn, entry, before, field, meaning)


async def _discarding(turn: Turn, entry: Entry, meaning: str) -> Screen:
    """What answers the question whether a draft shall really be put away."""
    if meaning in ("agree", "discard"):
        await asked.forget(turn.state)
        return await finishing.discard(turn, entry)
    return await wizard.proceed(turn, entry)


async def _on_card(turn: Turn, entry: Entry, meaning: str) -> Screen | None:
    """Words under the card, or under a warning."""
    if entry.pending is not None:
        goes_on = meaning == "go_on" and entry.kind == "filing"
        return await wizard.proceed(turn, entry) if goes_on else None
    if meaning in ("submit", "agree"):
        await asked.forget(turn.state)
        return await finishing.submit(turn, entry)
    return None


async def _at_question(turn: Turn, entry: Entry, before: Asked, field: Field, meaning: str) -> Screen | None:
    """Words where a field's answer is awaited."""
    if meaning == "back":
        earlier = forms.previous_field(entry.form, entry.answers, field.name) or field
        return await wizard.ask(turn, entry, earlier)
    if meaning in ("skip", "none") and not field.required:
        return await wizard.settle(turn, entry, field, entries.SKIPPED)
    if meaning in ("submit", "skip"):
        left = len(forms.missing_fields(entry.form, entry.answers)) or 1
        macro = "not_yet" if meaning == "submit" else "no_skipping"
        said = templates.render(f"wizard.{macro}", label=field.label, left=left)
        return (await pending.shown_again(turn, entry, before)).under(said)
    if meaning != "agree":
        return None
    options = await wizard.options(turn, entry, field)
    if len(options) == 1:
        return await wizard.settle(turn, entry, field, options[0])
    return wizard_screens.retype(entry, field) if field.type in ("text", "long_text") else None
