"""Amounts of money in a text, with what was said of each: ours, a part, a total, for each of many."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forms.model import Answer, Bound, Reading
from forms.quantities import Quantity, find_quantities

FEN_PER_WAN = 1_000_000
WAN = Decimal(10_000)

_YUAN = re.compile(
    r"\s*(?:多|余|来|几)?\s*(?:块钱|元|块(?!地|田|牌|布|砖|石)|圆|人民币|rmb|cny|yuan|大洋|现金)"
)
_CURRENCY = re.compile(r"(?:[¥￥]|人民币|rmb|cny|yuan)\s*$")
_CHANGE_BEFORE = re.compile(r"\s*(?:元|块|圆|角|毛)零?\s*")
_CHANGE = {"角": Decimal("0.1"), "毛": Decimal("0.1"), "分": Decimal("0.01")}
_COUNTER = re.compile(
    r"\s*(?:多|余|来|几)?\s*(?:人|名|位|户|家|所|个|套|件|盏|册|台|只|本|箱|袋|斤|公斤|千克|吨|份|辆|部|条|双|床|副|张|亩|棵|株|头|羽|"
    r"盒|瓶|桶|包|组|批|次|场|村|间|座|公里|千米|米|平方|平米|字|尾|步|车|卡车|口|支|队|对|项|种|顿|课时|学时|瓦|千瓦|度|升|盆|筐|篮|罐|根|把|顶|"
    r"幅|粒|片|块地|孤儿|学生|儿童|老人)"
)
_PER_BEFORE = re.compile(
    r"(?:每|平均每?|单价)(?:一)?(个?月|年|天|日|人|位|名|户|家|学期|季度|次|场|村|校|生|所|套|件|份|亩|个|孩子|学生|老人)?[^,;。、\d]{0,6}$"
)
_YEARLY = re.compile(
    r"(?<![一二三四五六七八九十几\d])(?:(?:一|1)(年|个月|学期|季度)|(人|户|年|月|日|次|场)均)[^,;。、\d]{0,6}$"
)
# 一台5000元的电脑
_EACH = re.compile(r"(?<![一二三四五六七八九十几\d])[一1](台|套|件|份|本|辆|只|头|袋|箱|床|张)$")
_PER_AFTER = re.compile(
    r"\s*(?:元|块|块钱|人民币)?\s*(?:/|每|一)\s*(年|月|人|户|天|次|名|位|家|村|学期|季度|个月|个|份|套|公?斤|吨|亩|件|只|头|箱|袋)"
)
_TOTAL = re.compile(
    r"(?:合计|共计|总计|总共|总额|总价值|总值|总投资|总造价|总金额|一共|累计|统共|共|=)[^,;。]{0,12}$"
)
_OURS = re.compile(
    r"(?:我们|我会|我方|本会|本单位|我单位|我协会|本协会|协会|我社|本社|我基金会|本基金会|自己|我司|其中我|我中心|本中心)[^,;。]{0,8}$"
)
_PART_OF = re.compile(r"(?:其中|包括|包含|内含|含|里面)[^,;。]{0,14}$")
_ACTUAL = re.compile(r"(?:实际|实到|到位|到账|已经?)[^,;。]{0,6}$")
_SHARED = re.compile(r"(?:各|各自|分别|平均)[^,;。每]{0,4}$")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in yuan. `bare` when neither a currency nor 千 or 万 was said; `per` what it is for each of.

    `actual`: said to be what was really paid, beside what was planned.
    """

    yuan: Decimal
    high: Decimal | None
    approximate: bool
    bound: Bound | None
    bare: bool
    vague: bool
    counted: bool
    doubtful: bool
    per: str
    total: bool
    ours: bool
    part: bool
    shared: bool
    actual: bool
    start: int
    end: int

    def answer(self, raw: str, yuan: Decimal | None = None, **details: Any) -> Answer:
        """The amount, or `yuan` in its place, as it is stored; empty details are left out."""
        said = {key: value for key, value in details.items() if value not in (None, "", [])}
        value = fen(self.yuan if yuan is None else yuan)
        return Answer(value, raw, approximate=self.approximate, bound=self.bound, details=said)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a text says in figures: amounts of money, and quantities of other things."""

    money: tuple[Amount, ...]
    others: tuple[Quantity, ...]


def fen(yuan: Decimal) -> int:
    """Yuan as whole fen."""
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))


def asked(answer: Answer, *others: Answer) -> Reading:
    """A doubt: the likeliest answer, and what else may be meant."""
    return Reading(answer, confirm=True, candidates=(answer, *others))


def _per(quantity: Quantity, text: str) -> str:
    after = _PER_AFTER.match(text, quantity.end)
    if after:
        return after[1].lstrip("个")
    yearly = _YEARLY.search(quantity.lead)
    if yearly:
        return (yearly[1] or yearly[2]).lstrip("个")
    each = _EACH.search(quantity.lead)
    if each:
        return each[1]
    before = _PER_BEFORE.search(quantity.before)
    return (before[1] or "次").lstrip("个") or "个" if before else ""


def _in_thousands(figure: str) -> bool:
    """`8千` is in yuan: who means 万元 writes no 千 behind digits."""
    return re.fullmatch(r"[\d.]+[多余来]?千[多余来]?", figure) is not None


def _amount(quantity: Quantity, text: str) -> Amount | None:
    """The quantity as money; None when it counts something else."""
    number = quantity.number
    said = _YUAN.match(quantity.after) is not None or _CURRENCY.search(quantity.before) is not None
    if not said and _COUNTER.match(quantity.after):
        return None
    thousands = re.match(r"\s*k(?![a-z])", quantity.after) is not None
    scale = Decimal(1000) if thousands else Decimal(1)
    return Amount(
        yuan=quantity.value * scale,
        high=None if quantity.high is None else quantity.high * scale,
        approximate=quantity.approximate,
        bound=quantity.bound,
        bare=not (said or quantity.scaled or thousands or _in_thousands(text[quantity.start : quantity.end])),
        vague=number.vague,
        counted=number.counted,
        doubtful=number.doubtful,
        per=_per(quantity, text),
        total=_TOTAL.search(quantity.before) is not None,
        ours=_OURS.search(quantity.before) is not None,
        part=_PART_OF.search(quantity.before) is not None,
        shared=_SHARED.search(quantity.before) is not None,
        actual=_ACTUAL.search(quantity.before) is not None,
        start=quantity.start,
        end=quantity.end,
    )


def _change(quantity: Quantity) -> Decimal:
    """The 六角 of 四十五元六角, in yuan; 0 when it is no such thing."""
    unit = _CHANGE.get(quantity.after.strip()[:1])
    if unit is None or not _CHANGE_BEFORE.fullmatch(quantity.before):
        return Decimal(0)
    return quantity.value * unit


def find_amounts(text: str) -> Amounts:
    """The figures of a folded text, money apart from everything else."""
    money: list[Amount] = []
    others: list[Quantity] = []
    for quantity in find_quantities(text):
        change = _change(quantity)
        if change and money:
            money[-1] = replace(money[-1], yuan=money[-1].yuan + change, end=quantity.end)
            continue
        amount = _amount(quantity, text)
        if amount is None:
            others.append(quantity)
        else:
            money.append(amount)
    return Amounts(tuple(money), tuple(others))
