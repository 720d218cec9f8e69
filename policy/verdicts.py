"""Yes or no, only where the text decides it for this very question.

The nearest wording alone must not decide: 没备案的队伍能投案例吗 is near 备案的队伍能投案例吗.
"""

import re
from collections.abc import Iterable

import rjieba

from forms.numbers import find_numbers
from notices.bank import Told
from policy.wording import concepts, normalise, strip_fillers

RANGE = re.compile(r"(\d+)\s*字?\s*[~～\-—至到]\s*(\d+)")
BOUNDED = re.compile(r"超过|多于|大于|少于|小于|不足|不到|不够|不满|以上|以下|以内|略|出头|左右")
FIGURE = re.compile(r"\d{3,}|[一二三四五六七八九十百千万两零]{2,}[多来余]?")
UNREGISTERED = re.compile(r"(没有?|未|无|不)(经|去)?(登记|备案|注册|办)")
# 要不要签 is no question of 可以, and 可以 to 不签行吗 would say the opposite of the text.
OBLIGED = re.compile(
    r"要不要|需不需要|需要|用不用|用得着|必须|必要|非得|一定|只能|只要|才能|才可|要(吗|么|不)|是否(要|需|必)|该不该|都"
)
OFFERED = re.compile(r"可以不可以|(.)不\1|没(问题|事)|不(?=[?？。!！,， ]|$)")
# Beside one of these, 可以 asks for no yes or no: 可以报多少.
OPEN = {"?when", "?who", "?where", "?how", "?why", "?what", "?count", "?money", "?long"}
DENIED = re.compile(r"不|没|未|别|无|除了|以外|之外")


def verdict(question: str, told: Told, akin: Iterable[Told]) -> str | None:
    """可以 or 不可以, or None; `akin` are the entries of the same fact, whose wordings are known too."""
    plain = normalise(question)
    asked = {concept for concept in concepts(plain) if concept[0] == "?"}
    if told.verdict is None or "?can" not in asked or asked & OPEN or not _known(plain, akin):
        return None
    if limits := RANGE.search("".join(told.spans)):
        return _within(plain, int(limits.group(1)), int(limits.group(2)))
    if told.verdict == "可以" and UNREGISTERED.search(plain):
        return None
    named = next((words for words in told.decides if all(word in plain for word in words.split())), None)
    if named is None or OBLIGED.search(plain):
        return None
    for word in named.split():
        plain = plain.replace(word, "")
    return None if DENIED.search(OFFERED.sub("", plain)) else told.verdict


def _known(plain: str, akin: Iterable[Told]) -> bool:
    """Whether the entries' wordings know every word of a question but its figures."""
    known = normalise("\n".join(text for entry in akin for text in (*entry.wordings, *entry.spans)))
    words = [word for word in rjieba.cut(strip_fillers(plain)) if len(word) > 1]
    return all(word in known or FIGURE.fullmatch(word) for word in words)


def _within(plain: str, least: int, most: int) -> str | None:
    """Whether the one figure of a question lies within the limits; None where it names none or a bound."""
    figures = [number for number in find_numbers(plain) if not number.vague]
    if len(figures) != 1 or figures[0].high is not None or BOUNDED.search(plain):
        return None
    return "可以" if least <= figures[0].value <= most else "不可以"
