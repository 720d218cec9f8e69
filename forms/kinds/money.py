"""Money as people write it: 50余万元, 三点五万, 10万元的床品以及1万元现金. Stored in fen, shown in 万元."""

import re
from decimal import Decimal

from forms.amounts import FEN_PER_WAN, WAN, Amount, Amounts, asked, fen, find_amounts
from forms.model import Answer, Complaint, Context, Field, Reading
from forms.qualifiers import qualified
from forms.slips import slip
from forms.sums import DOUBTFUL_BARE, leaves_open, read_several
from forms.words import fold, has_raised_digits, tighten

_LARGEST_YUAN = Decimal(10) ** 13

_ZERO = re.compile(
    r"(?:目前|暂时|一分|一分钱|一分钱都|一分都|都|也)?(?:没有?|无|零|未|不)"
    r"(?:投入|资金|出资|花费|花|出|要|用|有|任何|经费|支出|过|的|投|钱|费用|款|产生|发生|现金|元|块|什么|啥|投资|捐款|捐赠|善款|金额)*[。.!]?"
    r"|(?:全部|全程|完全|都)?是?免费的?[。.!]?"
)
# Said without a figure, these mean that nothing was paid, most likely.
_UNPAID = re.compile(
    r"无偿|免费|义务|志愿|没有?(?:花|出|用)?(?:资金|钱)|不(?:花|出|用|收)钱|[未没]出资|不涉及|零投入|零成本"
)
_UNGIVEN = re.compile(
    r"保密|不便|不方便|不公开|不愿|隐私|尚未|还没|没统计|没有统计|未统计|没算|未算|不详|不清楚|不知|不晓得|未知|不确定|不明|说不清|说不准|待定|待统计|"
    r"待核|待补|待填|暂缺|暂无|以后再|回头|稍后|过后|等会|等下|晚点|再说|再报|再补|正在|统计中|核算中|忘了|忘记|记不|不记得|见附件|见附表|同上|"
    r"n/?a|\?|无法|没数|没准|看情况|没说|没告诉|查一?下|问一?下"
)
_EMPTY = re.compile(r"[\s/\\\-_.。,、*~…?]*")
_VAGUE = re.compile(
    r"若干|很多|好多|不少|许多|一些|少许|少量|大量|一点|一笔|一批|巨额|有限|多多|些许|[几数]+[十百千万亿元块]|成百上千|成千上万"
)
_FOREIGN = re.compile(
    r"美元|美金|美刀|刀乐|(?<=[\d十百千万])刀(?![具片架剪])|(?<=[\d十百千万])欧(?!洲)|欧元|英镑|港币|港元|港纸|日元|日币|韩元|韩币|澳元|加元|加币|新元|新币|卢布|泰铢|瑞郎|法郎|"
    r"台币|新台币|澳门元|澳门币|马克|比索|卢比|外汇|外币|usd|eur|gbp|hkd|jpy|us\$|hk\$|nt\$|[$€£₩₽฿]|dollar|euro|pound"
)
_TIMES = re.compile(r"[×✕*x乘](?:以)?\s*\d")
# 10台5000元的电脑, 5000元的电脑10台: the price of one, or of all.
_PRICED_GOODS = re.compile(r"(?:元|块钱?)的[^,;。\d]{1,8}\d+[台套件份本辆只头袋箱床张个]")
# 12·5万, 3 0万: one figure that came apart, or two.
_TORN = re.compile(r"\d[·•・]\d|(?<![\d.年月])\d{1,2} \d{1,2}\s*[万亿元]")
_MEANS_MONEY = re.compile(r"元|块钱|款|资金|现金|钱|捐|价|值|投|费|¥|金额|支出|筹|万|亿|人民币")
_FIGURES = re.compile(r"[\d.,\s一二三四五六七八九十百千零〇两点壹贰叁肆伍陆柒捌玖拾佰仟廿卅]")
_HARMLESS = re.compile(
    r"大?约|大概|近|左右|上下|多|余|以上|以内|出头|\+|[-~到至]|不到|超过?|共|合?计|投入|资金|捐款?|总|一|金额|[:：。了吧啊呢\"'()《》?]"
)
# The unit as a table's head has it: 投入资金(万元):3.2, 3.2(单位:万元).
_UNIT_AHEAD = re.compile(
    r"^[^\d()]{0,10}(?:\((?:单位:?)?(万元|万|元)\)|单位:?(万元|万|元))[:,;]?(\d[\d.,]*)$"
)
_UNIT_BEHIND = re.compile(r"(\d)\((?:单位:?)?(万元|万|元)\)$")


def _refuse(code: str) -> Reading:
    return Reading(complaint=Complaint(code))


def _join_small_change(text: str) -> str:
    """`50元5角` as 50.5元, `30块5` as 30.5元: one amount, not two."""
    text = re.sub(r"(\d)(?:元|块)([1-9])(?:角|毛)([1-9])分", r"\1.\2\3元", text)
    text = re.sub(r"(\d)(?:元|块)零?([1-9])分", r"\1.0\2元", text)
    return re.sub(r"(\d)(?:元|块)([1-9])(?:角|毛|(?![\d.万千百十]))(?:钱)?", r"\1.\2元", text)


def _without_repeats(text: str) -> str:
    """An amount is often repeated in words: 30万元(大写:叁拾万元整)."""
    return re.sub(r"\(?\s*(?:大写|小写)\s*[:：]?[^()]*\)?", "", text) or text


def _with_its_unit(text: str) -> str:
    ahead = _UNIT_AHEAD.match(text)
    return f"{ahead[3]}{ahead[1] or ahead[2]}" if ahead else _UNIT_BEHIND.sub(r"\1\2", text)


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads an amount; a bare small number is taken as 万元, the unit the notice prints."""
    if has_raised_digits(raw):
        return _refuse("not_a_number")
    text = _with_its_unit(_join_small_change(tighten(fold(raw))))
    if _EMPTY.fullmatch(text):
        return _refuse("not_given")
    if _ZERO.fullmatch(text):
        return Reading(Answer(0, raw))
    unreadable = "separator_unclear" if _TORN.search(text) else slip(text)
    return _refuse(unreadable) if unreadable else _read_amounts(raw, text)


def _read_amounts(raw: str, text: str) -> Reading:
    told = _without_repeats(text)
    found = find_amounts(told)
    if _FOREIGN.search(text):
        return _refuse("foreign_currency")
    if not found.money:
        return _no_amount(raw, text, found)
    if any(amount.vague for amount in found.money):
        return _refuse("too_vague")
    amounts = [amount for amount in found.money if amount.counted]
    if not amounts:
        return _refuse("digits_missing")
    if max(amount.high or amount.yuan for amount in amounts) > _LARGEST_YUAN:
        return _refuse("too_large")
    if len(amounts) == 1:
        return _read_one(raw, text, amounts[0], found)
    return read_several(raw, told, amounts)


def _no_amount(raw: str, text: str, found: Amounts) -> Reading:
    if _UNGIVEN.search(text):
        return _refuse("not_given")
    if found.others:
        people = re.search(r"\d\s*(?:多|余)?\s*(?:人|名|位|户)", text)
        return _refuse("people_not_money" if people else "goods_only")
    if _VAGUE.search(text):
        return _refuse("too_vague")
    if _UNPAID.search(text):
        return asked(Answer(0, raw))
    return _refuse("digits_missing" if re.search(r"[万亿元]", text) else "not_a_number")


def _read_one(raw: str, text: str, amount: Amount, found: Amounts) -> Reading:
    if amount.bare:
        return _read_bare(raw, text, amount)
    if amount.high is not None:
        return _range(raw, amount, amount.yuan, amount.high)
    counted = [item for item in found.others if item.number.counted and not item.number.vague]
    times = _TIMES.search(text)
    each = amount.per not in ("", "年", "月", "季度", "学期")
    if (each or amount.shared or times) and len(counted) == 1:
        product = amount.yuan * counted[0].value
        if product <= _LARGEST_YUAN:
            return asked(amount.answer(raw, product, per=amount.per, computed=True), amount.answer(raw))
    if amount.yuan < WAN and _for_several(text, amount, found):
        return asked(amount.answer(raw), amount.answer(raw, amount.yuan * counted[0].value, computed=True))
    answer = amount.answer(raw, per=amount.per)
    said = amount.per or amount.shared or amount.doubtful or amount.part
    unsure = said or times or _PRICED_GOODS.search(text) or leaves_open(text, amount.ours)
    return asked(answer) if unsure or amount.yuan * 100 % 1 else Reading(answer)


def _range(raw: str, amount: Amount, low: Decimal, high: Decimal, **details: str) -> Reading:
    answers = (amount.answer(raw, low), amount.answer(raw, high))
    answer = amount.answer(raw, low, min=fen(low), max=fen(high), **details)
    return Reading(answer, confirm=True, candidates=answers)


def _for_several(text: str, amount: Amount, found: Amounts) -> bool:
    """`两名学生发放800元`: a small sum for several people may be meant for each of them."""
    people = [q for q in found.others if q.end <= amount.start and re.match(r"多?余?[名位个人户]", q.after)]
    if len(people) != 1 or len(found.others) != 1 or people[0].value < 2:
        return False
    return not re.search(r"共|总|合计|[,;。]", text[people[0].end : amount.start])


def _read_bare(raw: str, text: str, amount: Amount) -> Reading:
    """A number without a unit: the column is in 万元, but a large one may be yuan."""
    noise = _HARMLESS.sub("", _FIGURES.sub("", text))
    as_wan, as_yuan = amount.yuan * WAN, amount.yuan
    if noise and not _MEANS_MONEY.search(text):
        return _refuse("not_a_number")
    if amount.high is not None:
        if amount.high * WAN > _LARGEST_YUAN:
            return _refuse("too_large")
        return _range(raw, amount, as_wan, amount.high * WAN, unit_assumed="万元")
    if as_yuan == 0:
        return Reading(amount.answer(raw, Decimal(0)))
    if as_wan > _LARGEST_YUAN:
        return asked(amount.answer(raw, as_yuan))
    if as_yuan >= DOUBTFUL_BARE:
        return asked(amount.answer(raw, as_yuan), amount.answer(raw, as_wan))
    answer = amount.answer(raw, as_wan, unit_assumed="万元", per=amount.per)
    if noise or amount.per or amount.shared or leaves_open(text):
        return asked(answer, amount.answer(raw, as_yuan))
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
