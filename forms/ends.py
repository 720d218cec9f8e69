"""The two ends of a stretch of time: which dash joins them, and what one end leaves to the other to say."""

import re

from forms.dates import Point, read_point


def split_ends(text: str) -> tuple[Point | None, Point | None] | None:
    """The two ends of what was said (the same twice for one point)."""
    whole = read_point(text) if not re.search(r"[~至到]", text) else None
    if whole is not None and not (re.search(r"[./年]", text) and re.search(r"\d-\d", text)):
        return whole, whole
    sides = re.split(r"起?[~至到]+|、|和|与", text, maxsplit=1)
    if len(sides) == 1:
        sides = _split_at_dash(text)
    if len(sides) != 2 or not all(sides):
        return None if whole is None else (whole, whole)
    left_text, right_text = sides
    unit_right = re.search(r"(月|日|号|年)", right_text[-1:])
    units = {"月": "month", "日": "day", "号": "day", "年": "year"}
    left = _left_point(left_text, units.get(unit_right[1], "") if unit_right else "")
    right = read_point(right_text, left.finest if left else "")
    if left is not None and right is not None and right.finest == "year" and right.year is None:
        right = read_point(f"{left.year}年{right_text}")  # a feast moves from year to year
    return left, right


def _left_point(text: str, unit: str) -> Point | None:
    """`2021年3` before `10月`; `2021` before `2022年`."""
    point = read_point(text, unit)
    if (
        point is not None
        and unit == "day"
        and point.month is not None
        and point.day is None
        and not text.endswith("月")
    ):
        return read_point(text + "日")
    return point


def _split_at_dash(text: str) -> list[str]:
    """Where a plain dash parts two ends, and where it parts year, month and day."""
    if re.search(r"[./年月日]", text):
        return text.split("-", 1) if text.count("-") == 1 else _halves(text)
    numbers = text.split("-")
    if not all(part.isdecimal() for part in numbers):
        return [text]
    shape = ["y" if len(part) == 4 else "8" if len(part) in (6, 8) else "n" for part in numbers]
    cuts = {"yy": 1, "88": 1, "ynyn": 2, "ynnynn": 3, "ynny": 3, "ynnnn": 3, "yn8": 2}
    cut = cuts.get("".join(shape))
    return [text] if cut is None else ["-".join(numbers[:cut]), "-".join(numbers[cut:])]


def _halves(text: str) -> list[str]:
    parts = text.split("-")
    middle = len(parts) // 2
    return ["-".join(parts[:middle]), "-".join(parts[middle:])] if len(parts) % 2 == 0 else [text]
