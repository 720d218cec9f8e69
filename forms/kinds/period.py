"""From when until when: 2021.3-10, 2021年3月至今, 今年暑假. Stored as months or days; an open end is null."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from forms.dates import (
    NoSuchDate,
    Point,
    calendar,
    first_day,
    in_digits,
    last_day,
    read_point,
    relative_years,
)
from forms.ends import split_ends
from forms.model import Answer, Complaint, Context, Field, Reading

_UNGIVEN = re.compile(
    r"没有|不详|不知|不清楚|记不|不记得|忘|待定|未定|还没定|保密|^无$|^未$|暂无|不确定|说不|[/\\.\-?]+$"
)
_ENDLESS = re.compile(
    r"长期|常年|一直|持续|经常|定期|不间断|每年|每月|每周|每天|每逢|每个|日常|平时|随时|永久|多年|历年|全年无休|常态|周[一二三四五六日]|不限"
)
_ONGOING = re.compile(
    r"(?:[起~至到-]|开始|以来|之后|以后|一直|持续)*(?:至今|到今|迄今|到现在|至现在|到目前|至目前|现在|目前|到今天|今天|未结束|还在(?:做|进行|继续)?|进行中|仍在进行|长期|持续)(?:为止)?(?:仍在进行|还在继续)?$"
)
_FROM = re.compile(r"(?:以来|起|开始|启动|之后|以后|(?<!前)后)$")
_UNTIL_ONLY = re.compile(r"^(?:截至|截止|直到|到|至|~)|(?:之前|以前|前|为止|底前|内|截止)$")
_DURATION = re.compile(
    r"(?:共|历时|为期|持续|时长|连续|近|约|大约|大概|差不多|整整|前后|用了|做了|干了|已经|了)*(?!\d{4}年)(\d+(?:\.\d+)?|半|几|数|两|多)\s*(?:多|余|来)?\s*(?:个)?(?:多|半)?"
    r"(年|(?<=个)月|(?<=个多)月|个月|周|星期|天|日|小时|学期|季度|晚)(?:半|多|左右|时间|计划|\(计划\)|以上|内|之久|期间|的时间)*"
)
_LENGTH = re.compile(r"为期|历时|持续|连续|起.*[天月年]|不到")
_LIST_OF_MONTHS = re.compile(r"(\d{1,2})(?:[、,]\d{1,2})*[、,](\d{1,2})(?=月)")
_AFTER_START = re.compile(
    rf"(.+?)(?:起|开始)?[,，]?(?:共|历时|为期|持续|连续|不到)+{_DURATION.pattern}$|(.+?)(?:起|开始)[,]?{_DURATION.pattern}$"
)
_NEXT_YEAR = re.compile(r"(\d{4})(年.*?)(?:次年|翌年|第2年|第二年)")
_SCHOOL_YEAR = re.compile(r"(\d{4})[-~至到](\d{4})学年度?")
_LUNAR = re.compile(r"农历|阴历|腊月|正月|冬月|初[一二三四五六七八九十]")
_TIDY = re.compile(
    r"^(?:计划|拟|预计)?(?:项目)?(?:实施|执行|起止|活动|开展|服务)?(?:时间|周期|日期|年度|期限)?[:：]?(?:从|自|在|于|是|为)?|(?:完成|建成|结束|实施|开展|举行|进行|签约|竣工|举办|活动|期间|的时候|止|结束了|做的|搞的|去的)$"
)


def _refuse(code: str) -> Reading:
    return Reading(complaint=Complaint(code))


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a period; words that count from today, or only come near a date, are asked about."""
    text = in_digits(raw)
    if (
        not text
        or _UNGIVEN.fullmatch(text)
        or (len(text) < 8 and _UNGIVEN.search(text) and not re.search(r"\d", text))
    ):
        return _refuse("not_given")
    plan = next(
        (
            years
            for name, years in calendar()["plans"].items()
            if re.fullmatch(rf'"?{name}"?(?:规划|期间|时期)*', text)
        ),
        None,
    )
    if plan:
        return _reading(raw, f"{plan[0]}-01", f"{plan[1]}-12", doubt=True, approximate=True)
    text = _NEXT_YEAR.sub(lambda m: f"{m[1]}{m[2]}{int(m[1]) + 1}年", text)
    school_year = _SCHOOL_YEAR.fullmatch(text)
    if school_year and int(school_year[2]) == int(school_year[1]) + 1:
        return _reading(raw, f"{school_year[1]}-09", f"{school_year[2]}-08", doubt=True, approximate=True)
    text, relative = relative_years(_dated_clause(text), context.today)
    since = re.match(r"[自从打](?!.*[~至到-])", text) is not None
    text = _TIDY.sub("", text).strip(",。;:")
    try:
        reading = _read(raw, text, relative)
        return _since(reading) if since else reading
    except NoSuchDate:
        return _refuse("no_such_date")


def _dated_clause(text: str) -> str:
    """Without remarks in brackets, and without clauses that name no date: `,先后7次`."""
    plain = re.sub(r"\([^()]*\)", "", text)
    remarked = re.search(r"\(([^()]*\d{4}[^()]*)\)", text)
    if remarked and _DURATION.fullmatch(plain):
        return remarked[1]
    text = plain if re.search(r"\d", plain) else text
    clauses = [clause for clause in re.split(r"[,;。]", text) if clause]
    dated = [clause for clause in clauses if re.search(r"\d{4}|\d\s*[年月日号]", clause)]
    return dated[0] if len(dated) == 1 and not _LENGTH.search(text) else text


def _since(reading: Reading) -> Reading:
    """`自2018年` alone: probably from then on."""
    answer = reading.answer
    if answer is None or answer.value["end"] is None or reading.confirm:
        return reading
    opened = replace(answer, value={**answer.value, "end": None}, details={**answer.details, "ongoing": True})
    return Reading(opened, confirm=True, candidates=(opened, answer))


def _read(raw: str, text: str, relative: bool) -> Reading:
    if _LUNAR.search(text):
        return _refuse("lunar_date")
    ongoing = _ONGOING.search(text)
    if ongoing and ongoing.start():
        return _from(raw, text[: ongoing.start()], relative)
    if _DURATION.fullmatch(text):
        return _refuse("duration_only")
    lasting = _AFTER_START.fullmatch(text)
    if lasting:
        reading = _lasting(raw, lasting)
        if reading is not None:
            return reading
    open_end = re.search(r"[~至到-]+$", text)
    if open_end:
        return _from(raw, text[: open_end.start()], relative, doubt=True)
    if _FROM.search(text):
        return _from(raw, _FROM.sub("", text), relative)
    listed = _LIST_OF_MONTHS.search(text) or re.search(r"\d[年月日]?.*[和与、].*\d", text)
    running = re.search(r"(\d+)[月年]?[和与、](\d+)(?:月份?|年)$", text)
    if running and int(running[2]) == int(running[1]) + 1:
        listed = None  # 3、4月: nothing lies between them
    text = _LIST_OF_MONTHS.sub(r"\1~\2", text)
    text = re.sub(r"(?:起|开始|启动)[,，]?(?=\d)", "~", text)
    ends = split_ends(text)
    if ends is None:
        return _no_time(text)
    start, end = ends
    if start is None or end is None:
        return _no_time(text)
    return _between(raw, start, end, relative, doubt=bool(listed))


def _no_time(text: str) -> Reading:
    if _ENDLESS.search(text):
        return _refuse("no_bounds")
    if _UNTIL_ONLY.search(text) and re.search(r"\d", text):
        return _refuse("start_missing")
    if _DURATION.search(text) and not re.search(r"\d{4}|次|场", text):
        return _refuse("duration_only")
    return _refuse("not_a_time")


def _between(raw: str, start: Point, end: Point, relative: bool, doubt: bool = False) -> Reading:
    doubt = doubt or relative or start.vague or end.vague
    if start.year is None and end.year is not None and start is not end:
        start, doubt = replace(start, year=end.year), True
    if start.year is None:
        return _refuse("year_missing")
    if end.year is None:
        end = replace(end, year=start.year)
        if end.month is None and not end.months:
            end = replace(end, month=start.month, months=start.months if end.day is None else None)
        if (last_day(end), start.year) < (first_day(start)[: len(last_day(end))], start.year):
            end, doubt = replace(end, year=start.year + 1), True
    for point in (start, end):
        _exists(point)
    first, last = first_day(start), last_day(end)
    if last < first[: len(last)] or first > last + "-99":
        return _refuse("end_before_start")
    return _reading(raw, first, last, doubt=doubt, approximate=start.vague or end.vague, relative=relative)


def _exists(point: Point) -> None:
    if point.day is not None and point.month is not None and point.year is not None:
        try:
            date(point.year, point.month, point.day)
        except ValueError:
            raise NoSuchDate from None


def _from(raw: str, text: str, relative: bool, doubt: bool = False) -> Reading:
    start = read_point(text.rstrip("~-至到,起从"))
    if start is None:
        return _no_time(text)
    if start.year is None:
        return _refuse("year_missing")
    doubt = doubt or relative or start.vague
    return _reading(raw, first_day(start), None, doubt=doubt, approximate=start.vague, relative=relative)


def _lasting(raw: str, found: re.Match[str]) -> Reading | None:
    """A start and a length: 2019年8月12日起5天. The end is counted and asked about."""
    start_text, amount, unit = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
    start = read_point(start_text.rstrip(",起"))
    if start is None:
        return None
    if start.year is None:
        return _refuse("year_missing")
    if not re.fullmatch(r"\d+", amount):
        return _reading(raw, first_day(start), None, doubt=True, approximate=True)
    first = first_day(start)
    last = _after(first, int(amount), unit)
    return _reading(raw, first, last, doubt=True) if last else None


def _after(first: str, amount: int, unit: str) -> str | None:
    year, month = int(first[:4]), int(first[5:7])
    if unit in ("天", "日", "周", "星期"):
        if len(first) < 10 or amount > 10_000:
            return first
        days = amount * (7 if unit in ("周", "星期") else 1)
        return (date.fromisoformat(first) + timedelta(days=days - 1)).isoformat()
    months = amount * {"年": 12, "学期": 5, "季度": 3}.get(unit, 1)
    if months > 1200 or unit in ("小时", "晚"):
        return None
    last = year * 12 + month - 1 + months - 1
    return f"{last // 12:04d}-{last % 12 + 1:02d}"


def _reading(
    raw: str, first: str, last: str | None, *, doubt: bool, approximate: bool = False, relative: bool = False
) -> Reading:
    details: dict[str, Any] = {}
    if last is None:
        details["ongoing"] = True
    if relative and not approximate:
        details["relative"] = True
    answer = Answer({"start": first, "end": last}, raw, approximate=approximate, details=details)
    return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())


def read_date(field: Field, raw: str, context: Context) -> Reading:
    """Reads one day. Without a year, today's is proposed and asked about."""
    text, relative = relative_years(in_digits(raw), context.today)
    try:
        point = read_point(_TIDY.sub("", text))
        if point is None:
            return _refuse("not_given" if _UNGIVEN.search(text) else "not_a_date")
        if point.day is None or point.month is None:
            return _refuse("day_missing")
        doubt = relative or point.vague or point.year is None
        point = replace(point, year=point.year or context.today.year)
        _exists(point)
    except NoSuchDate:
        return _refuse("no_such_date")
    answer = Answer(first_day(point), raw)
    return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())


def _spoken(moment: str) -> str:
    parts = [int(part) for part in moment.split("-")]
    return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def show_date(field: Field, answer: Answer) -> str:
    """2021年3月5日."""
    return _spoken(answer.value)


def show(field: Field, answer: Answer) -> str:
    """2021年3月至2021年10月, 2021年3月至今; a single month or day once."""
    start, end = answer.value["start"], answer.value["end"]
    if end is None:
        return _spoken(start) + "至今"
    return _spoken(start) if start == end else f"{_spoken(start)}至{_spoken(end)}"


def export_value(field: Field, answer: Answer) -> str:
    """The same words as in chat."""
    return show(field, answer)
