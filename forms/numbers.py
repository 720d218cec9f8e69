"""Finding numbers in Chinese text: digits, 一二三, 壹贰叁, 万 and 亿, mixed and rounded as people say."""

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")
}
DIGITS |= {"参": 3, "弎": 3, "弍": 2, "贰": 2, "壱": 1}
DIGITS |= {"〇": 0, "○": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1}
# Formal digits are also words and names (队伍, 陆): they count only before a unit.
_FORMAL = "壹贰叁肆伍陆柒捌玖参弎弍壱"
_WRITTEN_OUT = re.compile(r"[壹贰叁肆伍陆柒捌玖参弎弍壱]+[拾佰仟十百千万亿元圆角分人名位]")
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_BIG = {"万": 10**4, "w": 10**4, "亿": 10**8}
_LITERAL = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
)
_BROKEN = re.compile(r"\d[,_']\d|\d[,.]\d+\.\d|\d\.\d+,\d|\d\.\d*\.\d|\d\.(?!\d)\S?\d")
_POINT = re.compile(r"点([零〇一二三四五六七八九]+)")
_ROUND = re.compile(r"[多余来]")
_VAGUE_HEAD = re.compile(r"好几|[几数上成好]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text, from `start` to `end`.

    `high` is set for a range said in one breath (两三万); `rounded` for 30多, 百把;
    `vague` when no figure is meant (几十, 十几); `counted` is false where the digits are missing (万元);
    `scaled` when a 万 or 亿 was said; `doubtful` when a shorthand may be meant otherwise (3万5元);
    `mantissa` is the figure before its first unit (30 of 30万).
    """

    start: int
    end: int
    value: Decimal
    high: Decimal | None = None
    rounded: bool = False
    vague: bool = False
    counted: bool = True
    scaled: bool = False
    doubtful: bool = False
    mantissa: Decimal = Decimal(1)


def has_broken_separators(text: str) -> bool:
    """True when separators between digits could be read in two ways: 12,5 · 1.200.000 · 1_000."""
    for found in re.finditer(r"\d[\d,._']*\d", text):
        if _BROKEN.search(found[0]) and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", found[0]):
            return True
    return False


class _Scan:
    """One left-to-right reading of a number; the fields are the state of the grammar."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start, self.at = text, start, start
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.current: Decimal | None = None
        self.spread = Decimal(0)
        self.unit = 1
        self.seen = self.rounded = self.vague = self.scaled = self.zero = self.doubtful = False
        self.counted = False
        self.mantissa: Decimal | None = None
        self.current_is_one_digit = False

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.text[at] if at < len(self.text) else ""

    def run(self) -> Number | None:
        head = _VAGUE_HEAD.match(self.text, self.start)
        if head and self._starts_vaguely(head.end()):
            # 上千 names a figure, 几千 none; whether the figure is meant is for the person to say.
            self.rounded = self.doubtful = head[0] == "上"
            self.vague, self.at = head[0] != "上", head.end()
            self.current = Decimal(1)
        while self.at < len(self.text) and self._step():
            pass
        if not self.seen:
            return None
        return self._finish()

    def _starts_vaguely(self, after: int) -> bool:
        following = self.text[after : after + 1]
        return bool(following) and following in "十百千万亿拾佰仟"

    def _step(self) -> bool:
        return (
            self._literal()
            or self._digits()
            or self._small_unit()
            or self._big_unit()
            or self._filler()
            or self._half()
        )

    def _literal(self) -> bool:
        if self.current is not None or not (
            (self.peek().isdecimal() and self.peek().isascii()) or self.peek() == "."
        ):
            return False
        found = _LITERAL.match(self.text, self.at)
        if not found:
            return False
        self.current = Decimal(re.sub(r"[, ]", "", found[0]))
        self.current_is_one_digit = len(found[0]) == 1
        self.at, self.seen, self.counted = found.end(), True, True
        self.mantissa = self.current if self.mantissa is None else self.mantissa
        return True

    def _digits(self) -> bool:
        if self.peek() in _TENS and self.current is None:
            self.section += _TENS[self.peek()]
            self.at, self.seen, self.counted, self.unit = self.at + 1, True, True, 10
            return True
        run = ""
        while self.peek(len(run)) in DIGITS and self.peek(len(run)):
            run += self.peek(len(run))
        if not run or self.current is not None:
            return False
        values = [DIGITS[c] for c in run]
        figures_follow = self.peek(1).isdecimal() and self.peek(1).isascii()
        if values[0] == 0 and self.unit > 1 and (len(values) > 1 or figures_follow):
            self.zero, self.at = True, self.at + 1
            return True
        if len(values) == 2 and self._is_span(values):
            self.current, self.spread = Decimal(values[0]), Decimal(values[1] - values[0])
        else:
            self.current = Decimal("".join(map(str, values)))
        self.zero = self.zero or values[0] == 0
        self.current_is_one_digit = len(values) == 1
        self.at, self.seen, self.counted = self.at + len(run), True, True
        self._decimals()
        self.mantissa = self.current if self.mantissa is None else self.mantissa
        return True

    def _is_span(self, values: list[int]) -> bool:
        return 0 < values[0] < values[1] and (values[1] - values[0] == 1 or values == [3, 5])

    def _decimals(self) -> None:
        found = _POINT.match(self.text, self.at)
        if found and self.current is not None:
            digits = "".join(str(DIGITS[c]) for c in found[1])
            self.current += Decimal(f"0.{digits}")
            self.at, self.current_is_one_digit = found.end(), False

    def _small_unit(self) -> bool:
        unit = _SMALL.get(self.peek())
        if unit is None or (self.scaled and self.current is None and self.section == 0 and not self.zero):
            return False
        self.section += (Decimal(1) if self.current is None else self.current) * unit
        self.spread *= unit
        self.current, self.unit = None, unit
        self.at, self.seen, self.counted = self.at + 1, True, True
        if self.peek() == "把":
            self.rounded, self.at = True, self.at + 1
        return True

    def _big_unit(self) -> bool:
        unit = _BIG.get(self.peek())
        if unit is None or (self.peek() == "w" and not self.seen):
            return False
        amount = self.section + (self.current or 0)
        nothing_said = self.current is None and self.section == 0
        twice = self.scaled and unit >= self.unit >= 10_000 and (not nothing_said or self.peek() == "w")
        self.doubtful = self.doubtful or twice  # 3万5万, 5万w
        if nothing_said and self.scaled:
            self.total *= unit
        else:
            self.total += (amount if not nothing_said else Decimal(1)) * unit
        self.spread *= unit
        self.section, self.current, self.unit = Decimal(0), None, unit
        self.at, self.seen, self.scaled = self.at + 1, True, True
        if self.peek() in ("把", "余"):
            self.rounded, self.at, self.counted = True, self.at + 1, True
        return True

    def _filler(self) -> bool:
        """Words between the parts of a number: 30多万, 一个亿, 二十几."""
        if not self.seen:
            return False
        following = self.text[self.at : self.at + 3]
        if re.match(r"个[多半]?[万亿w]", following):
            self.at += 1
            return True
        point = _POINT.match(self.text, self.at)
        if point and self.current is None and self.section and not self.scaled:
            self.current = Decimal("0." + "".join(str(DIGITS[c]) for c in point[1]))
            self.at, self.current_is_one_digit = point.end(), False
            return True
        if _ROUND.match(following) and not (
            following[:1] == "来" and not re.match(r"来[个名位人户万千百亿块元家所岁号]", following)
        ):
            self.rounded, self.at = True, self.at + 1
            return True
        tens = self.section if self.current is None else self.current
        if following[:1] == "几" and tens and tens % 10 == 0 and self.unit in (1, 10) and self.total == 0:
            self.vague = self.vague or tens % 100 == 10
            self.rounded, self.at = True, self.at + 1
            return True
        return False

    def _half(self) -> bool:
        if self.peek() != "半":
            return False
        ahead = 2 if self.peek(1) == "个" else 1
        if not self.seen and self.peek(ahead) in ("百", "千", "万", "亿"):
            self.current, self.seen, self.counted, self.at = Decimal("0.5"), True, True, self.at + ahead
            return True
        if self.seen and self.current is not None and self.peek(1) in ("亿", "万"):
            self.current += Decimal("0.5")
            self.at += 1
            return True
        if self.seen and self.current is None and self.unit >= 100:
            self.section += Decimal(self.unit) / 2
            self.at += 1
            return True
        return False

    def _finish(self) -> Number:
        tail = self.current or Decimal(0)
        if self.current is not None and self.current_is_one_digit and self.unit >= 100 and not self.zero:
            tail = self.current * self.unit / 10
            self.spread = self.spread * self.unit / 10
            shorthand = self.peek() in ("元", "人", "名") and self.text[self.at - 1].isdecimal()
            self.doubtful = self.doubtful or shorthand
        value = self.total + self.section + tail
        if self.text[self.start] in "百千" and value not in (100, 1000) and not self.scaled:
            self.rounded = self.doubtful = True  # 百八十: some hundred, not 180
        return Number(
            start=self.start,
            end=self.at,
            value=value,
            high=value + self.spread if self.spread else None,
            rounded=self.rounded,
            vague=self.vague,
            counted=self.counted or self.rounded,
            scaled=self.scaled,
            doubtful=self.doubtful,
            mantissa=Decimal(1) if self.mantissa is None else self.mantissa,
        )


def find_numbers(text: str) -> list[Number]:
    """All numbers of a folded text (`forms.words.fold`), in order."""
    found: list[Number] = []
    at = 0
    while at < len(text):
        number = _Scan(text, at).run() if _may_start(text, at) else None
        if number is None or number.end <= at:
            at += 1
            continue
        found.append(number)
        at = number.end
    return found


# Words in which a numeral does not count anything.
_IDIOMS = re.compile(
    r"统一|一共|一下|一块儿|一般|一定|一起|一直|一些|一切|一律|一样|一次性|一同|一批|一系列|万一|十万火急|万分|一方面|一线|千万别|百货|百姓|万事|万象|千家万户|唯一|之一|"
    r"第[一二三四五六七八九十百\d]+|[一二三四五六七八九十]是|三农|三留守|五保|两癌|两节|六一|七一|八一|十一假|五一|双十一|一对一|一行|一体|四川|"
    r"九江|三亚|三明|三门峡|七台河|十堰|百色|万宁|万州|五指山|千阳|九寨沟|六安|六盘水|双百|三峡|一老一小|九年级|队伍|入伍|退伍|落伍|陆地|大陆|着陆|陆续|肆意"
)


def _may_start(text: str, at: int) -> bool:
    for idiom in _IDIOMS.finditer(text, max(0, at - 6), min(len(text), at + 8)):
        if idiom.start() <= at < idiom.end():
            return False
    c = text[at]
    if c in _FORMAL and not _WRITTEN_OUT.match(text, at):
        return False
    return (
        c in DIGITS
        or c in _SMALL
        or c in _BIG
        or c in _TENS
        or c in "几数上成好半."
        or (c.isdecimal() and c.isascii())
    )
