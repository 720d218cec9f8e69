"""Quantities: numbers with the words around them that make them approximate, bounded, or a range."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from forms.model import Bound
from forms.numbers import Number, find_numbers

_CURRENCY = r"(?:人民币|rmb|cny|[¥￥])"
_APPROXIMATELY = (
    r"大约莫|约莫|大约|大概|大致|将近|接近|差不多|估计|估算|粗算|约合|约计|约|近|"
    r"快|小|好像|应该|可能|也许|或许|估摸着?|大抵|~|≈"
)
# What may stand between 大概 or 至少 and the figure: 大概花了25万, 大约惠及村民五百人.
_SPENT = (
    r"(?:一共|总共|共|花|用|投入?|捐|出|付|给|值|需要?|在|有|是|为|达到?|惠及|服务|帮助|帮扶|资助|救助|慰问|覆盖|带动|受益|参与|组织|派出|出动|"
    r"农户|村民|群众|居民|学生|老人|儿童|志愿者)*(?:了|掉|去)?"
)
_BOUNDS: tuple[tuple[str, Bound], ...] = (
    (r"不超过|不多于|不高于|不大于|至多|最多|顶多|<=|≤", "<="),
    (r"不少于|不低于|不小于|不下于|不下|至少|起码|最少|>=|≥", ">="),
    (r"不到|不足|不满|未到|未满|没到|少于|低于|小于|<", "<"),
    (r"不止|超过|超出|超|逾|多于|大于|高于|突破|>", ">"),
)
_UNIT = r"(?:多|余)?(?:个人|号人|块钱|元钱|人民币|元|块|圆|人次|人|名|位|户|个|家)?整?"
_AFTER_APPROXIMATELY = re.compile(
    rf"^\s*{_UNIT}\s*(?:人民币)?(?:还)?(?:[多余](?![少种项个样次])|左右|上下|出头|有余|挂零|前后|上下浮动|的样子|光景|吧?(?:大概|差不多|估计)吧?(?=$|[,;。])|\((?:估算?|预估|暂估|估计|大概|约数?|概数)\))|^\s*许"
)
_BOUNDS_BEHIND: tuple[tuple[str, Bound], ...] = (
    (r"以上|起(?:步|$)|往上|朝上|\+(?=\s*(?:$|[人名位个户元万块,;。)]))", ">="),
    (r"以内|之内|以下|封顶", "<="),
    (r"都不到|还不到|不到|未到|不足|都没有", "<"),
    (r"开外|还多|都不止|不止", ">"),
)
_AFTER_BOUNDS = tuple(
    (re.compile(rf"^\s*{_UNIT}\s*(?:及|或)?(?:{words})"), bound) for words, bound in _BOUNDS_BEHIND
)
_PREFIX = re.compile(rf"(?:{_APPROXIMATELY})\s*(?:{_CURRENCY})?\s*{_SPENT}\s*{_CURRENCY}?\s*$")
_PREFIX_BOUNDS = tuple((re.compile(rf"(?:{w})\s*{_SPENT}\s*{_CURRENCY}?\s*$"), bound) for w, bound in _BOUNDS)
_RANGE = re.compile(rf"^\s*{_UNIT}\s*(?:-+|~+|到|至|或者?|—)\s*{_CURRENCY}?\s*$")
_LONGEST_BETWEEN = 8  # characters between the least and the most: 人，不超过
_NOT_A_COUNT = re.compile(
    r"^\s*(?:年|个?半?月(?![饼嫂])|个星期|个小时|个季度|个学期|日|号(?!人)|届|期|岁|周|天|小时|分钟|点|季度|%|％|:\d|/\d|世纪)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its qualifiers.

    `before` and `after` are the texts up to the neighbouring numbers, `lead` all of its clause before it.
    """

    number: Number
    value: Decimal
    lead: str
    before: str
    after: str
    start: int
    end: int
    high: Decimal | None = None
    approximate: bool = False
    bound: Bound | None = None

    @property
    def scaled(self) -> bool:
        """True when 万 or 亿 was said."""
        return self.number.scaled


def _qualify(quantity: Quantity, after: str) -> Quantity:
    """`after` is all that follows, so that a plus before the next number is not taken for `or more`."""
    before = quantity.before.rstrip()
    bound = next((b for pattern, b in _PREFIX_BOUNDS if pattern.search(before)), None)
    if bound is None and before.endswith("过") and quantity.number.mantissa == 1 and quantity.value >= 100:
        bound = ">"  # 过百万; but 去过3个村
    bound = bound or next((b for pattern, b in _AFTER_BOUNDS if pattern.match(after)), None)
    approximate = (
        quantity.number.rounded
        or bound is not None
        or _PREFIX.search(before) is not None
        or _AFTER_APPROXIMATELY.match(quantity.after) is not None
    )
    number = quantity.number
    if approximate and not number.counted:
        number = replace(number, counted=True)  # 近万人 says a figure, 万人 does not
    return replace(quantity, number=number, approximate=approximate or quantity.high is not None, bound=bound)


def _joined(first: Quantity, second: Quantity) -> Quantity | None:
    """`30-50万` as one quantity; None when the two are not the ends of a range."""
    if not _RANGE.match(first.after) or first.high is not None or second.high is not None:
        return None
    low = first.value
    scale = second.value / second.number.mantissa if second.number.mantissa else Decimal(1)
    if not first.scaled and scale > 1 and low < scale:
        low = low * scale
    if low >= second.value:
        return None
    return _span(first, second, low)


def _span(first: Quantity, second: Quantity, low: Decimal) -> Quantity:
    return replace(
        second, value=low, high=second.value, before=first.before, lead=first.lead, start=first.start
    )


def _enclosed(first: Quantity, second: Quantity) -> Quantity | None:
    """`最少5万最多8万` as one quantity; None when the two are not the least and the most of one figure."""
    limits = first.bound in (">", ">=") and second.bound in ("<", "<=") and first.value < second.value
    if not limits or len(first.after) > _LONGEST_BETWEEN or first.high or second.high:
        return None
    return replace(_span(first, second, first.value), approximate=True, bound=None)


def find_quantities(text: str) -> list[Quantity]:
    """The quantities of a folded text in order; dates, durations, ages and shares are left out."""
    numbers = find_numbers(text)
    found: list[Quantity] = []
    for index, number in enumerate(numbers):
        previous = numbers[index - 1].end if index else 0
        following = numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        before, after = text[previous : number.start], text[number.end : following]
        lead = re.split(r"[,;。]", text[: number.start])[-1]
        found.append(
            Quantity(number, number.value, lead, before, after, number.start, number.end, high=number.high)
        )
    merged: list[Quantity] = []
    for quantity in found:
        span = _joined(merged[-1], quantity) if merged else None
        if span is not None:
            merged[-1] = span
        else:
            merged.append(quantity)
    said: list[Quantity] = []
    for item in merged:
        if _NOT_A_COUNT.match(text[item.end :]) and not item.scaled:
            continue
        qualified = _qualify(item, text[item.end :])
        both = _enclosed(said[-1], qualified) if said else None
        if both is None:
            said.append(qualified)
        else:
            said[-1] = both
    return said
