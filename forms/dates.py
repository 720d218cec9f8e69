"""Points in time as people write them: a year, a month, a day, a half year, a feast."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from forms.numbers import find_numbers
from forms.words import fold

EARLIEST, LATEST = 1949, 2100


@dataclass(frozen=True, slots=True)
class Point:
    """What was said of a point in time; what was not said is None. `months` is a span within the year.

    `vague` when only about then (春节前后, 年底), `relative` when counted from today (上个月).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    months: tuple[int, int] | None = None
    vague: bool = False
    relative: bool = False

    @property
    def finest(self) -> str:
        """The smallest part that was said."""
        if self.day is not None:
            return "day"
        return "month" if self.month is not None or self.months else "year"


class NoSuchDate(Exception):
    """The 30th of February, a 13th month."""


@cache
def calendar() -> dict[str, Any]:
    """Feasts, seasons and plans (forms/calendars/festivals.yaml)."""
    text = files("forms").joinpath("calendars/festivals.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_DASHES = re.compile(r"[—–―～〜∼─━]+|-{2,}")
_YEAR_IN_WORDS = re.compile(
    r"[零〇○一二三四五六七八九\d]{4}(?=年)|[零〇○一二三四五六七八九]{4}(?=[-~至到.]|$)|[零〇○一二三四五六七八九]{2}(?=年)"
)
_NUMBER_IN_WORDS = re.compile(
    r"[一二三四五六七八九十廿卅]+(?=\s*(?:、[一二三四五六七八九十]+)*(?:月|日|号|个月|天|周|年|季度|小时|个多月|个学期))"
)
_TIME_OF_DAY = re.compile(
    r"(?:上午|下午|晚上?|早上|中午|凌晨|清晨)?\s*\d{1,2}\s*[:点时]\s*(?:\d{1,2}|半)?\s*(?:分)?(?:\s*[-~至到]\s*\d{1,2}\s*[:点时]\s*\d{0,2}\s*分?)?|上午|下午|晚上|早上|中午"
)
_WEEKDAY = re.compile(r"(?<!每)\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")


# Ways of writing that come to another: 2021,3 and 21.3-21.9, 2021年3月、6月、9月, 2018年起每年.
_WRITTEN_OTHERWISE = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(?<!\d)(\d{4})[,。、](\d{1,2})[,。、](\d{1,2})(?![\d次场个人名年天月])", r"\1.\2.\3"),
        (r"(?<!\d)(\d{4})[,。、](\d{1,2})(?![\d次场个人名年天、])", r"\1.\2"),
        (r"(?<![\d.])(1[3-9]|2\d)([./])(0?[1-9]|1[0-2])(?=\2\d|[-~至到起])", r"20\1\2\3"),
        (r"(?<=[-~至到])(1[3-9]|2\d)([./])(0?[1-9]|1[0-2])$", r"20\1\2\3"),
        (r"(\d{4}[.-]\d{1,2})/(?=\d{4}[.-])", r"\1~"),
        (r"(\d{1,2})月(?=[、,]\d{1,2}月)", r"\1"),
        (r"^(\d{4})年?[、,](?:\d{4}年?[、,])+(\d{4})年?$", r"\1年、\2年"),
        (r"(\d{4}年)内$", r"\1"),
        (r"(?<=[-~])今$", "至今"),
        (r"至今[,]?(?:已|每).*$", "至今"),
        (r"(以来|起)[,]?每(?:年|月|周|季|学期|逢).*$", r"\1"),
    )
)


def _in_digits(found: re.Match[str]) -> str:
    """`十` as 10, `三四` (before 月) as 3-4."""
    numbers = find_numbers(found[0])
    if not numbers:
        return found[0]
    first = numbers[0]
    return str(first.value) if first.high is None else f"{first.value}-{first.high}"


def in_digits(raw: str) -> str:
    """Folded, long dashes and tildes as `~`, figures in digits, without clock times and weekdays."""
    text = fold(_DASHES.sub("~", raw)).replace("元月", "1月")
    text = re.sub(r"(?<=\d{4})(?=[一二三四五六七八九十]{1,2}月)", "年", text)
    text = _YEAR_IN_WORDS.sub(lambda m: m[0].translate(_DIGITS), text)
    text = _NUMBER_IN_WORDS.sub(_in_digits, text)
    text = _WEEKDAY.sub("", text)
    text = _TIME_OF_DAY.sub("", text)
    text = re.sub(r"(?<=\d)\s+(?=\d{4}(?!\d))", "~", text)
    text = re.sub(r"\s+", "", text)
    for pattern, instead in _WRITTEN_OTHERWISE:
        text = pattern.sub(instead, text)
    return text


def _on(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _week(day: date) -> str:
    """Monday to Sunday of the week a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return f"{_on(monday)}~{_on(monday + timedelta(days=6))}"


def relative_years(text: str, today: date) -> tuple[str, bool]:
    """`今年` `去年` `上个月` … written out with today's year; and whether any such word was there."""
    quarter = (today.month + 2) // 3
    quarter_before = (today.year, quarter - 1) if quarter > 1 else (today.year - 1, 4)
    month_before = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    month_after = (today.year, today.month + 1) if today.month < 12 else (today.year + 1, 1)
    words = {
        r"(?:今年|本年度?|当年|今年度)(?:的)?": f"{today.year}年",
        r"(?:去年|上年度?|上一年度?)(?:的)?": f"{today.year - 1}年",
        r"前年(?:的)?": f"{today.year - 2}年",
        r"(?:明年|下年度?)(?:的)?": f"{today.year + 1}年",
        r"上个?月份?": "{}年{}月".format(*month_before),
        r"(?:这个月|本月|当月|这月)份?": f"{today.year}年{today.month}月",
        r"下个?月份?": "{}年{}月".format(*month_after),
        r"今天|今日": _on(today),
        r"昨天|昨日": _on(today - timedelta(days=1)),
        r"前天|前日": _on(today - timedelta(days=2)),
        r"上个?(?:周|星期|礼拜)(?![一二三四五六日天])": _week(today - timedelta(days=7)),
        r"(?:本|这个?)(?:周|星期|礼拜)(?![一二三四五六日天])": _week(today),
        r"上个?季度": "{}年{}季度".format(*quarter_before),
        r"(?:本|这个)季度": f"{today.year}年{quarter}季度",
    }
    found = False
    for pattern, written in words.items():
        text, times = re.subn(pattern, written, text)
        found = found or bool(times)
    return text, found


def _year(digits: str) -> int:
    value = int(digits)
    if len(digits) == 2:
        return 2000 + value if value < 50 else 1900 + value
    return value


_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), parts)
    for pattern, parts in (
        (r"(\d{4}|\d{2})年度?(\d{1,2})月份?(\d{1,2})[日号]?", "ymd"),
        (r"(\d{4}|\d{2})年度?(\d{1,2})[./-](\d{1,2})[日号]?", "ymd"),
        (r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})[日号]?", "ymd"),
        (r"(\d{4})(\d{2})(\d{2})", "ymd"),
        (r"(\d{4}|\d{2})年度?(\d{1,2})(?!季|\d)月?份?", "ym"),
        (r"(\d{4})[-./](\d{1,2})月?份?", "ym"),
        (r"(\d{4})(0[1-9]|1[0-2])", "ym"),
        (r"(\d{4}|\d{2})年度?", "y"),
        (r"(\d{4})", "y"),
        (r"(\d{1,2})月份?(\d{1,2})[日号]?", "md"),
        (r"(\d{1,2})月份?", "m"),
        (r"(\d{1,2})[日号]", "d"),
        (r"(\d{1,2})[./-](\d{1,2})[日号]?", "md"),
        (r"(\d{1,2})", "?"),
    )
)
_MODIFIERS = re.compile(
    r"(?P<half>上半年|下半年)|前(?P<upto>[23二三])个?季度|(?:第)?(?P<quarter>[1-4一二三四])季度?|q(?P<q>[1-4])|(?P<whole>全年|一年|整年)|"
    r"(?P<third>上旬|中旬|下旬|上中旬|中下旬|月初|月中|月底|月末|初|底|末)"
)


def read_point(text: str, unit: str = "") -> Point | None:
    """Reads one point; `unit` is what a bare number counts (`month`, `day`). None when it is no time.

    Raises NoSuchDate.
    """
    text = re.sub(
        r"(?:前后|左右|期间|那段时间|的时候|的|前夕|当天|当日|整个|大约|大概|约|左右|以来|在|于|为|从|自|是|时间|[:,。;()])",
        lambda m: "" if m[0] not in ("前后", "左右", "大约", "大概", "约", "前夕") else "≈",
        text,
    )
    vague = "≈" in text
    text = text.replace("≈", "")
    if _MODIFIERS.fullmatch(text):
        return _modify(Point(), text, vague)
    for pattern, parts in _PATTERNS:
        found = pattern.match(text)
        if found:
            point = _point(found, parts, unit)
            return None if point is None else _modify(point, text[found.end() :], vague)
    return _modify(Point(), text, vague) if text else None


def _point(found: re.Match[str], parts: str, unit: str) -> Point | None:
    if parts == "?":
        if unit not in ("month", "day", "year"):
            return None
        parts = unit[0]
    said = {part: found[index] for index, part in enumerate(parts, 1)}
    return Point(
        year=_year(said["y"]) if "y" in said else None,
        month=int(said["m"]) if "m" in said else None,
        day=int(said["d"]) if "d" in said else None,
    )


def _modify(point: Point, rest: str, vague: bool) -> Point | None:
    """What follows the figures: a half, a quarter, a feast; None when it is something else."""
    if not rest:
        return None if point == Point() else _checked(replace(point, vague=vague))
    found = _MODIFIERS.fullmatch(rest)
    if found:
        return _checked(_modified(point, found, vague))
    feast = calendar()["words"].get(rest, rest)
    if feast in calendar()["fixed"] and point.month is None:
        first, _, last = calendar()["fixed"][feast].partition("-")
        return replace(point, months=(int(first), int(last or first)), vague=True)
    if feast in calendar()["lunar"] and point.month is None:
        day = calendar()["lunar"][feast].get(point.year)
        if day is None:
            return replace(point, vague=True) if point.year is None else None
        return replace(point, month=int(day[:2]), vague=True)
    return None


def _modified(point: Point, found: re.Match[str], vague: bool) -> Point:
    if found["half"]:
        return replace(point, months=(1, 6) if found["half"] == "上半年" else (7, 12), vague=vague)
    quarter = found["quarter"] or found["q"]
    if quarter:
        number = "一二三四".index(quarter) + 1 if quarter in "一二三四" else int(quarter)
        return replace(point, months=(3 * number - 2, 3 * number), vague=vague)
    if found["upto"]:
        number = "一二三".find(found["upto"]) + 1 or int(found["upto"])
        return replace(point, months=(1, 3 * number), vague=vague)
    if found["whole"]:
        return replace(point, vague=vague)
    if point.month is None:
        return replace(point, month=12 if found["third"] in ("底", "末") else 1, vague=True)
    return replace(point, vague=True)


def _checked(point: Point) -> Point:
    """Raises NoSuchDate for what no calendar has."""
    if point.year is not None and not EARLIEST <= point.year <= LATEST:
        raise NoSuchDate
    if point.month is not None and not 1 <= point.month <= 12:
        raise NoSuchDate
    if point.day is not None:
        if point.month is None:
            if not 1 <= point.day <= 31:
                raise NoSuchDate
        elif not 1 <= point.day <= monthrange(point.year or 2000, point.month)[1]:
            raise NoSuchDate
    return point


def first_day(point: Point) -> str:
    """The start as YYYY-MM or YYYY-MM-DD; a bare year starts in January."""
    month = point.month or (point.months[0] if point.months else 1)
    return _written(point.year or 0, month, point.day)


def last_day(point: Point) -> str:
    """The end as YYYY-MM or YYYY-MM-DD; a bare year ends in December."""
    month = point.month or (point.months[1] if point.months else 12)
    year = point.year or 0
    if point.months and point.months[1] < point.months[0]:
        year += 1
    return _written(year, month, point.day)


def _written(year: int, month: int, day: int | None) -> str:
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
