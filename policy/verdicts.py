"""Yes or no, only where the text decides it for this very question.

The nearest wording alone must not decide: 没备案的队伍能投案例吗 is near 备案的队伍能投案例吗.
"""

import re
from collections.abc import Iterable

import rjieba

from forms.numbers import find_numbers
from notices.bank import Told
from policy.wording import normalise, strip_fillers, wants_yes_or_no

RANGE = re.compile(r"(\d+)\s*字?\s*[~～\-—至到]\s*(\d+)")
BOUNDED = re.compile(r"超过|多于|大于|少于|小于|不足|不到|不够|不满|以上|以下|以内|略|出头|左右")
UNREGISTERED = re.compile(r"(没有?|未|无|不)(经|去)?(登记|备案|注册|办)")


def verdict(question: str, told: Told, akin: Iterable[Told]) -> str | None:
    """可以 or 不可以, or None; `akin` are the entries of the same topic, whose wordings are known too."""
    plain = normalise(question)
    if told.verdict is None or not wants_yes_or_no(question):
        return None
    if limits := RANGE.search("".join(told.spans)):
        return _within(plain, int(limits.group(1)), int(limits.group(2)))
    if told.verdict == "可以" and UNREGISTERED.search(plain):
        return None
    known = normalise("".join(text for entry in akin for text in (*entry.wordings, *entry.spans)))
    words = [word for word in rjieba.cut(strip_fillers(plain)) if len(word) > 1]
    return told.verdict if all(word in known for word in words) else None


def _within(plain: str, least: int, most: int) -> str | None:
    """Whether the one figure of a question lies within the limits; None where it names none or a bound."""
    figures = [number for number in find_numbers(plain) if not number.vague]
    if len(figures) != 1 or figures[0].high is not None or BOUNDED.search(plain):
        return None
    return "可以" if least <= figures[0].value <= most else "不可以"
