"""Money as people write it: 50余万元, 三点五万, 10万元的床品以及1万元现金. Stored in fen, shown in 万元."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from forms.amounts import Amount, Amounts, find_amounts
from forms.model import Answer, Complaint, Context, Field, Reading
from forms.numbers import has_broken_separators
from forms.qualifiers import qualified
from forms.words import fold, has_raised_digits, tighten

FEN_PER_WAN = 1_000_000
_WAN = Decimal(10_000)
_LARGEST_YUAN = Decimal(10) ** 13
# From here on a bare number is more likely yuan than 万元: nobody knows, so the person is asked.
_DOUBTFUL_BARE = Decimal(1000)

_ZERO = re.compile(
    r"(?:目前|暂时|一分|一分钱|一分钱都|一分都|都|也)?(?:没有?|无|零|未|不)"
    r"(?:投入|资金|出资|花费|花|出|要|用|有|任何|经费|支出|过|的|投|钱|费用|款|产生|发生|现金|元|块|什么|啥|投资|捐款|捐赠|善款|金额)*[。.!]?"
)
_UNPAID = re.compile(
    r"(?:全部|都是|纯|完全|属于|是)?(?:自愿|无偿|免费|义务|志愿)(?:服务|劳动|帮忙|活动|参与)?[,。]?(?:无|没有|不需要|没)?(?:资金|投入|花钱|费用|钱)*[。.]?"
)
_UNGIVEN = re.compile(
    r"保密|不便|不方便|不公开|不愿|隐私|尚未|还没|没统计|未统计|没算|未算|不详|不清楚|不知|不晓得|未知|不确定|不明|说不清|说不准|待定|待统计|"
    r"待核|待补|待填|暂缺|暂无|以后再|回头|稍后|过后|等会|等下|晚点|再说|再报|再补|正在|统计中|核算中|忘了|忘记|记不|不记得|见附件|见附表|同上|"
    r"n/?a|\?|无法|没数|没准|看情况|没说|没告诉|查一?下|问一?下"
)
_EMPTY = re.compile(r"[\s/\\\-_.。,、*~…?]*")
_VAGUE = re.compile(
    r"若干|很多|好多|不少|许多|一些|少许|少量|大量|一点|一笔|一批|巨额|有限|多多|些许|[几数]+[十百千万亿元块]|成百上千|成千上万"
)
_FOREIGN = re.compile(
    r"美元|美金|美刀|刀乐|欧元|英镑|港币|港元|港纸|日元|日币|韩元|韩币|澳元|加元|加币|新元|新币|卢布|泰铢|瑞郎|法郎|台币|新台币|澳门元|澳门币|"
    r"马克|比索|卢比|外汇|外币|usd|eur|gbp|hkd|jpy|us\$|hk\$|nt\$|[$€£₩₽฿]|dollar|euro|pound"
)
_PLANNED = re.compile(
    r"计划|拟|预计|预算|打算|承诺|认捐|意向|预期|将投|目标|准备投|准备捐|还差|还缺|尚缺|尚需|还需|缺口|欠"
)
# What came of the project, or is owed for it, is not what was put in.
_NOT_PUT_IN = re.compile(
    r"增收|增加收入|创收|销售(?!人员)|带动|产值|营业额|利润|节省|节约|减少|贷款|借款|未到位|没到位|(?<!投)收入"
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
_TIMES = re.compile(r"[×✕*乘](?:以)?\s*\d")
# 12·5万, 3 0万: one figure that came apart, or two.
_TORN = re.compile(r"\d[·•・]\d|(?<![\d.年月])\d{1,2} \d{1,2}\s*[万亿元]")
_MEANS_MONEY = re.compile(r"元|块钱|款|资金|现金|钱|捐|价|值|投|费|¥|金额|支出|筹|万|亿|人民币")
_FIGURES = re.compile(r"[\d.,\s一二三四五六七八九十百千零〇两点壹贰叁肆伍陆柒捌玖拾佰仟廿卅]")
_HARMLESS = re.compile(
    r"大?约|大概|近|左右|上下|多|余|以上|以内|出头|\+|[-~到至]|不到|超过?|共|合?计|投入|资金|捐款?|总|一|金额|[:：。了吧啊呢\"'()《》]"
)


def _fen(yuan: Decimal) -> int:
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _refuse(code: str) -> Reading:
    return Reading(complaint=Complaint(code))


def _answer(amount: Amount, raw: str, yuan: Decimal | None = None, **details: Any) -> Answer:
    said = {key: value for key, value in details.items() if value not in (None, "", [])}
    value = _fen(amount.yuan if yuan is None else yuan)
    return Answer(value, raw, approximate=amount.approximate, bound=amount.bound, details=said)


def _join_small_change(text: str) -> str:
    """`50元5角` as 50.5元, `30块5` as 30.5元: one amount, not two."""
    text = re.sub(r"(\d)(?:元|块)([1-9])(?:角|毛)([1-9])分", r"\1.\2\3元", text)
    text = re.sub(r"(\d)(?:元|块)零?([1-9])分", r"\1.0\2元", text)
    return re.sub(r"(\d)(?:元|块)([1-9])(?:角|毛|(?![\d.万千百十]))(?:钱)?", r"\1.\2元", text)


def _without_repeats(text: str) -> str:
    """An amount is often repeated in words: 30万元(大写:叁拾万元整)."""
    return re.sub(r"\(?\s*(?:大写|小写)\s*[:：]?[^()]*\)?", "", text) or text


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads an amount; a bare small number is taken as 万元, the unit the notice prints."""
    if has_raised_digits(raw):
        return _refuse("not_a_number")
    text = _join_small_change(tighten(fold(raw)))
    if _EMPTY.fullmatch(text):
        return _refuse("not_given")
    if _ZERO.fullmatch(text):
        return Reading(Answer(0, raw))
    if _UNPAID.fullmatch(text):
        return Reading(Answer(0, raw), confirm=True, candidates=(Answer(0, raw),))
    return _malformed(text) or _read_amounts(raw, text)


def _malformed(text: str) -> Reading | None:
    if re.match(r"\s*(?:约|¥|人民币)?\s*(?:-|负)\s*[\d.一二三四五六七八九十¥]", text):
        return _refuse("negative")
    if has_broken_separators(text) or _TORN.search(text):
        return _refuse("separator_unclear")
    if re.search(r"(?<![a-z])[lo](?=[\d.]*\d)|\d[lo](?![a-z])", text):
        return _refuse("letter_in_number")
    if re.search(r"\d\s*e\s*\d|\d\s*%|nan|inf|∞|\d\s*/\s*\d|分之", text):
        return _refuse("not_a_number")
    return None


def _read_amounts(raw: str, text: str) -> Reading:
    found = find_amounts(_without_repeats(text))
    if _FOREIGN.search(text):
        return _refuse("foreign_currency")
    if not found.money:
        return _no_amount(text, found)
    if any(amount.vague for amount in found.money):
        return _refuse("too_vague")
    amounts = [amount for amount in found.money if amount.counted]
    if not amounts:
        return _refuse("digits_missing")
    if max(amount.high or amount.yuan for amount in amounts) > _LARGEST_YUAN:
        return _refuse("too_large")
    if len(amounts) == 1:
        return _read_one(raw, text, amounts[0], found)
    return _read_several(raw, _without_repeats(text), amounts)


def _no_amount(text: str, found: Amounts) -> Reading:
    if _UNGIVEN.search(text):
        return _refuse("not_given")
    if _VAGUE.search(text):
        return _refuse("too_vague")
    if found.others:
        people = re.search(r"\d\s*(?:多|余)?\s*(?:人|名|位|户)", text)
        return _refuse("people_not_money" if people else "goods_only")
    return _refuse("digits_missing" if re.search(r"[万亿元]", text) else "not_a_number")


def _asked(answer: Answer, *others: Answer) -> Reading:
    return Reading(answer, confirm=True, candidates=(answer, *others))


def _read_one(raw: str, text: str, amount: Amount, found: Amounts) -> Reading:
    if amount.bare:
        return _read_bare(raw, text, amount)
    if amount.high is not None:
        low, high = amount.yuan, amount.high
        bounds = {"min": _fen(low), "max": _fen(high)}
        answers = (_answer(amount, raw, low), _answer(amount, raw, high))
        return Reading(_answer(amount, raw, low, **bounds), confirm=True, candidates=answers)
    counted = [item for item in found.others if item.number.counted and not item.number.vague]
    if (amount.per not in ("", "年", "月", "季度", "学期") or amount.shared) and len(counted) == 1:
        product = amount.yuan * counted[0].value
        if product <= _LARGEST_YUAN:
            return _asked(_answer(amount, raw, product, per=amount.per, computed=True), _answer(amount, raw))
    if amount.yuan < _WAN and _for_several(text, amount, found):
        return _asked(
            _answer(amount, raw), _answer(amount, raw, amount.yuan * counted[0].value, computed=True)
        )
    answer = _answer(amount, raw, per=amount.per)
    said = amount.per or amount.shared or amount.doubtful or amount.part or _TIMES.search(text)
    unsure = any(pattern.search(text) for pattern in (_PLANNED, _UNPRICED, _NOT_PUT_IN)) or (
        _OTHERS.search(text) and not amount.ours
    )
    return _asked(answer) if said or unsure or amount.yuan * 100 % 1 else Reading(answer)


def _for_several(text: str, amount: Amount, found: Amounts) -> bool:
    """`两名学生发放800元`: a small sum for several people may be meant for each of them."""
    people = [q for q in found.others if q.end <= amount.start and re.match(r"多?余?[名位个人户]", q.after)]
    if len(people) != 1 or len(found.others) != 1 or people[0].value < 2:
        return False
    return not re.search(r"共|总|合计|[,;。]", text[people[0].end : amount.start])


def _read_bare(raw: str, text: str, amount: Amount) -> Reading:
    """A number without a unit: the column is in 万元, but a large one may be yuan."""
    noise = _HARMLESS.sub("", _FIGURES.sub("", text))
    as_wan, as_yuan = amount.yuan * _WAN, amount.yuan
    if noise and not _MEANS_MONEY.search(text):
        return _refuse("not_a_number")
    if amount.high is not None:
        if amount.high * _WAN > _LARGEST_YUAN:
            return _refuse("too_large")
        low, high = as_wan, amount.high * _WAN
        bounds = {"min": _fen(low), "max": _fen(high), "unit_assumed": "万元"}
        answers = (_answer(amount, raw, low), _answer(amount, raw, high))
        return Reading(_answer(amount, raw, low, **bounds), confirm=True, candidates=answers)
    if as_yuan == 0:
        return Reading(_answer(amount, raw, Decimal(0)))
    if as_wan > _LARGEST_YUAN:
        return _asked(_answer(amount, raw, as_yuan))
    if as_yuan >= _DOUBTFUL_BARE:
        return _asked(_answer(amount, raw, as_yuan), _answer(amount, raw, as_wan))
    answer = _answer(amount, raw, as_wan, unit_assumed="万元", per=amount.per)
    if noise or amount.per or amount.shared or _PLANNED.search(text):
        return _asked(answer, _answer(amount, raw, as_yuan))
    return Reading(answer)


def _read_several(raw: str, text: str, amounts: Sequence[Amount]) -> Reading:
    if len({amount.yuan for amount in amounts}) == 1 and re.search(r"[(壹贰叁肆伍陆柒捌玖即合]", text):
        return Reading(_answer(amounts[0], raw))
    ours = [amount for amount in amounts if amount.ours]
    if len(ours) == 1 and ours[0] is not amounts[0]:
        return _asked(_answer(ours[0], raw), _answer(amounts[0], raw))
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
        return _firm_unless_shared(raw, text, _answer(parts[0], raw), amounts)
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
    parts = [_fen(item.yuan) for item in inside] if len(inside) > 1 else []
    answer = _answer(first, raw, parts=parts)
    fits = summed == first.yuan or (summed < first.yuan and all(item.part for item in inside))
    if len(inside) == len(amounts) - 1 and fits and not _BESIDES.search(text, first.end):
        return _firm_unless_shared(raw, text, answer, amounts)
    more = [item.yuan for item in amounts[1:] if item not in inside] or [summed]
    return _asked(answer, _answer(first, raw, first.yuan + sum(more, Decimal(0))))


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
    answer = _answer(total, raw, parts=[_fen(a.yuan) for a in inner] if len(inner) > 1 else [])
    if not agrees:
        return Reading(answer, confirm=True, candidates=tuple(_answer(amount, raw) for amount in amounts))
    return _firm_unless_shared(raw, text, answer, amounts)


def _firm_unless_shared(raw: str, text: str, answer: Answer, amounts: Sequence[Amount]) -> Reading:
    if _OTHERS.search(text) or _PLANNED.search(text):
        return Reading(answer, confirm=True, candidates=tuple(_answer(amount, raw) for amount in amounts))
    return Reading(answer)


def _ask_which(raw: str, amounts: Sequence[Amount]) -> Reading:
    candidates = []
    for amount in sorted(amounts, key=lambda item: not item.total):
        yuan = amount.yuan * _WAN if amount.bare and amount.yuan < _DOUBTFUL_BARE else amount.yuan
        candidates.append(_answer(amount, raw, yuan))
    unique = tuple({answer.value: answer for answer in candidates}.values())
    return Reading(unique[0], confirm=True, candidates=unique)


def _sum(raw: str, text: str, parts: Sequence[Amount]) -> Reading:
    answer = Answer(
        _fen(sum((amount.yuan for amount in parts), Decimal(0))),
        raw,
        approximate=any(amount.approximate for amount in parts),
        details={"parts": [_fen(amount.yuan) for amount in parts]},
    )
    unsure = (_PLANNED, _UNPRICED, _NOT_PUT_IN, _OTHERS, _SEVERAL_YEARS)
    if any(pattern.search(text) for pattern in unsure) or any(amount.doubtful for amount in parts):
        return Reading(answer, confirm=True, candidates=(answer, *(_answer(amount, raw) for amount in parts)))
    return Reading(answer)


def in_wan(fen: int) -> Decimal:
    """Fen as 万元, exact, without trailing zeros."""
    value = Decimal(fen) / FEN_PER_WAN
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def show(field: Field, answer: Answer) -> str:
    """约50万元, 30.5万元, 超过530万元."""
    return qualified(f"{in_wan(answer.value):f}万元", answer)


def export_value(field: Field, answer: Answer) -> Decimal:
    """The amount in 万元."""
    return in_wan(answer.value)
