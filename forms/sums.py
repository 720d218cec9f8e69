"""What several amounts of one text come to: parts to add, a sum with its parts, or figures to choose from."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from forms.amounts import WAN, Amount, asked, fen
from forms.model import Answer, Reading

# From here on a bare number is more likely yuan than 万元: nobody knows, so the person is asked.
DOUBTFUL_BARE = Decimal(1000)

_PLANNED = re.compile(
    r"明年|后年|商定|签了|签订|签约|协议|分[两三四五]年|计划|拟|预计|预算|打算|承诺|认捐|意向|预期|将投|目标|准备投|准备捐|还差|还缺|尚缺|尚需|还需|缺口|欠"
)
# What came of the project, or is owed for it, is not what was put in.
_NOT_PUT_IN = re.compile(
    r"(?<!义)卖(?!店)|码洋|市价|原价|标价|减免|保额|分红|订单|成交|追回|挽回|欠薪|赔偿|增收|增加收入|创收|销售(?!人员)|带动|产值|营业额|利润|节省|节约|减少|贷款|借款|未到[位账]|没到(?:[位账]|$)|待到账|(?<!投)收入"
)
_UNPRICED = re.compile(r"未折价|没折价|未计价|不计价|未估价|没估价|未作价|价值不详|没算钱")
_OTHERS = re.compile(
    r"[两二三四五六七八九十\d多几各]+家(?:单位|企业|协会|机构|组织|公司|商会)|联合|合计出资|共同|政府|财政|补贴|配套|村委会|村里出|村集体"
)
_SEVERAL_YEARS = re.compile(r"(?:\d{4}|[去前今上])年.*(?:\d{4}|[去今本明])年")
# What follows is no part of the sum before it, in brackets or after 其中.
_BESIDES = re.compile(r"另|还有?|再加|外加|以及|此外|加上|除此")
# What follows says the sum before it anew: 约20万, 具体18.6万.
_ANEW = re.compile(r"具体|准确|精确|确切|实际|其实|更正|不对|应该?是|说错|后来")


def leaves_open(text: str, ours: bool = False) -> bool:
    """True when the words say that an amount may not be what was put in, or not by this organization alone.

    `ours`: the amount itself is said to be the organization's own.
    """
    if any(pattern.search(text) for pattern in (_PLANNED, _UNPRICED, _NOT_PUT_IN)):
        return True
    return _OTHERS.search(text) is not None and not ours


def read_several(raw: str, text: str, amounts: Sequence[Amount]) -> Reading:
    """What two or more amounts of a text come to; a doubt wherever the words leave it open."""
    if len({amount.yuan for amount in amounts}) == 1 and re.search(r"[(壹贰叁肆伍陆柒捌玖即合]", text):
        return Reading(amounts[0].answer(raw))
    ours = [amount for amount in amounts if amount.ours]
    if len(ours) == 1 and ours[0] is not amounts[0]:
        return asked(ours[0].answer(raw), amounts[0].answer(raw))
    inside = _inside(text, amounts)
    if inside:
        return _whole(raw, text, amounts, inside)
    whole = [amount for amount in amounts if not amount.per and not amount.shared]
    if len(whole) == 1 and whole[0] is amounts[0] and not whole[0].bare:
        amounts = whole
    if any(amount.bare or amount.high is not None or amount.per or amount.shared for amount in amounts):
        return _ask_which(raw, amounts)
    totals = [amount for amount in amounts if amount.total and not amount.part]
    if len(totals) == 1:
        return _total(raw, text, totals[0], amounts)
    parts = [amount for amount in amounts if not amount.part]
    if len(parts) == 1:
        return _firm_unless_shared(raw, text, parts[0].answer(raw), amounts)
    if totals or not all(_adds(text[left.end : right.start]) for left, right in pairwise(amounts)):
        return _ask_which(raw, amounts)
    return _sum(raw, text, parts or amounts)


def _inside(text: str, amounts: Sequence[Amount]) -> Sequence[Amount]:
    """The amounts said to make up the first one, in brackets or after 其中; none where nothing says so."""
    first, *rest = amounts
    if first.part or first.per or first.shared or first.bare or first.high is not None:
        return ()
    opened = text[first.end : rest[0].start]
    closed = text.find(")", first.end) if "(" in opened else -1
    named = rest[0].part and len(rest) > 1
    if (not named and closed < 0) or rest[0].per or _ANEW.search(opened):
        return ()
    within = [item for item in rest if closed < 0 or item.end <= closed]
    besides = _BESIDES.search(text, first.end)
    return [item for item in within if not besides or item.start < besides.start()] or within


def _whole(raw: str, text: str, amounts: Sequence[Amount], inside: Sequence[Amount]) -> Reading:
    """A sum with its parts: the sum where they add up to it or are called its parts, else a doubt."""
    first = amounts[0]
    summed = sum((item.yuan for item in inside), Decimal(0))
    parts = [fen(item.yuan) for item in inside] if len(inside) > 1 else []
    answer = first.answer(raw, parts=parts)
    fits = summed == first.yuan or (summed < first.yuan and all(item.part for item in inside))
    if len(inside) == len(amounts) - 1 and fits and not _BESIDES.search(text, first.end):
        return _firm_unless_shared(raw, text, answer, amounts)
    more = [item.yuan for item in amounts[1:] if item not in inside] or [summed]
    return asked(answer, first.answer(raw, first.yuan + sum(more, Decimal(0))))


def _adds(between: str) -> bool:
    """True when the words between two amounts make the second one more of the same: `的床品,以及`."""
    if re.search(r"(?<![送捐运发投给])[到至]|以上|增[加长]|涨|减|降|变|改", between) or _ANEW.search(between):
        return False
    return "+" in between or bool(
        re.search(r"[\u4e00-\u9fff]", re.sub(r"元|块钱?|圆|整|人民币|或者?|到|至", "", between))
    )


def _total(raw: str, text: str, total: Amount, amounts: Sequence[Amount]) -> Reading:
    """A total with its parts: believed when the parts add up to it or are called its parts."""
    inner = [amount for amount in amounts if amount is not total]
    agrees = any(amount.part for amount in inner) or sum(a.yuan for a in inner) == total.yuan
    answer = total.answer(raw, parts=[fen(a.yuan) for a in inner] if len(inner) > 1 else [])
    if not agrees:
        return Reading(answer, confirm=True, candidates=tuple(amount.answer(raw) for amount in amounts))
    return _firm_unless_shared(raw, text, answer, amounts)


def _firm_unless_shared(raw: str, text: str, answer: Answer, amounts: Sequence[Amount]) -> Reading:
    if any(pattern.search(text) for pattern in (_OTHERS, _PLANNED, _SEVERAL_YEARS, _NOT_PUT_IN)):
        return Reading(answer, confirm=True, candidates=tuple(amount.answer(raw) for amount in amounts))
    return Reading(answer)


def _ask_which(raw: str, amounts: Sequence[Amount]) -> Reading:
    candidates = []
    for amount in sorted(amounts, key=lambda item: (not item.actual, not item.total)):
        yuan = amount.yuan * WAN if amount.bare and amount.yuan < DOUBTFUL_BARE else amount.yuan
        candidates.append(amount.answer(raw, yuan))
    unique = tuple({answer.value: answer for answer in candidates}.values())
    return Reading(unique[0], confirm=True, candidates=unique)


def _sum(raw: str, text: str, parts: Sequence[Amount]) -> Reading:
    answer = Answer(
        fen(sum((amount.yuan for amount in parts), Decimal(0))),
        raw,
        approximate=any(amount.approximate for amount in parts),
        details={"parts": [fen(amount.yuan) for amount in parts]},
    )
    unsure = leaves_open(text) or _SEVERAL_YEARS.search(text)
    if unsure or any(amount.doubtful for amount in parts):
        return Reading(answer, confirm=True, candidates=(answer, *(amount.answer(raw) for amount in parts)))
    return Reading(answer)
