"""Draws a typed case anew: other digits, units and wordings of the same shape, with what is then meant.

The new expectation is worked out from the old one by arithmetic on the case's own figures (Chinese numerals
through cn2an), never by the readers under test.
"""

import random
import re
from decimal import Decimal
from typing import Any

import cn2an

_CHINESE = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
_TOKEN = re.compile(rf"\d{{1,3}}(?: \d{{3}})+|\d+(?:\.\d+)?|[０-９]+|[{_CHINESE}]+")
_FORMAL = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟]")
# Numerals inside words, and shorthands cn2an does not know: these stay as they are.
_KEPT = re.compile(r"一行|百把|几十|几百|十几|两三|五六十|二〇|俩|仨|若干")
_NAMED = ("value", "min", "max", "households")
_SYNONYMS = {
    "money": [
        ("万元", "万"),
        ("元", "块"),
        ("约", "大约"),
        ("余", "多"),
        ("超过", "逾"),
        ("近", "接近"),
        ("不到", "不足"),
        ("以及", "和"),
    ],
    "count": [
        ("名", "位"),
        ("约", "大约"),
        ("余", "多"),
        ("近", "将近"),
        ("超过", "超"),
        ("志愿者", "义工"),
        ("社工", "工作人员"),
    ],
}


def value_of(token: str) -> Decimal | None:
    """The number a token stands for; None when it is left alone."""
    plain = token.replace(" ", "")
    if re.fullmatch(r"[\d.]+", plain):
        return Decimal(plain)
    try:
        return Decimal(str(cn2an.cn2an(plain, "smart")))
    except ValueError:
        return None


def written_like(token: str, value: Decimal) -> str:
    """The value in the token's script and grouping."""
    if _FORMAL.search(token):
        return str(cn2an.an2cn(str(value), "up"))
    if token[0] in _CHINESE:
        return str(cn2an.an2cn(str(value), "low"))
    if " " in token:
        return f"{int(value):,}".replace(",", " ")
    text = str(value)
    return (
        text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        if "０" <= token[0] <= "９"
        else text
    )


def another(value: Decimal, token: str, dice: random.Random) -> Decimal:
    """A number with as many digits before and after the point, its trailing zeros kept; zero stays zero."""
    if value == 0:
        return value
    digits = str(value)
    zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
    kept = digits[: len(digits) - zeros] if zeros else digits
    drawn = "".join(
        c if c == "." else str(dice.randint(1, 9) if i == 0 or i == len(kept) - 1 else dice.randint(0, 9))
        for i, c in enumerate(kept)
    )
    return Decimal(drawn + "0" * zeros)


def _follows(expected: Any, pairs: list[tuple[Decimal, Decimal]]) -> Any:
    """The expected number with the drawn figures in place of the old ones."""
    for old, new in sorted(pairs, key=lambda pair: pair[0] != Decimal(str(expected))):
        if not old:
            continue
        ratio = Decimal(str(expected)) / old
        if ratio and (ratio.normalize().as_tuple().digits == (1,)):
            return _plain(new * ratio)
    total = sum((old for old, _ in pairs), Decimal(0))
    if total and Decimal(str(expected)) == total:
        return _plain(sum((new for _, new in pairs), Decimal(0)))
    return None


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral() else float(value)


def redraw(case: dict[str, Any], dice: random.Random) -> dict[str, Any] | None:
    """The case with other figures and wordings; None when its figures cannot be told apart."""
    kind = "money" if case["field"] == "invested_wan" else "count"
    kept = [found.span() for found in _KEPT.finditer(case["raw"])]
    pairs: list[tuple[Decimal, Decimal]] = []

    def swap(found: re.Match[str]) -> str:
        value = value_of(found[0])
        if value is None or any(start <= found.start() < end for start, end in kept):
            return found[0]
        drawn = another(value, found[0], dice)
        pairs.append((value, drawn))
        return written_like(found[0], drawn)

    raw = _TOKEN.sub(swap, case["raw"])
    expected = dict(case["expected"])
    for name in _NAMED:
        if name in expected and pairs:
            moved = _follows(expected[name], pairs)
            if moved is None and expected[name] != 0 and "parts" not in expected:
                return None
            expected[name] = 0 if expected[name] == 0 else moved
    for name in ("parts", "candidates"):
        if name in expected:
            expected[name] = [_follows(item, pairs) for item in expected[name]]
    if "parts" in expected:
        expected["value"] = _plain(sum((Decimal(str(part)) for part in expected["parts"]), Decimal(0)))
    for old, new in _SYNONYMS[kind]:
        if "美元" in raw or (old == "近" and "将近" in raw):
            continue
        if dice.random() < 0.5 and old in raw:
            raw = raw.replace(old, new)
    return {**case, "raw": raw, "expected": expected}
