"""Places named by their number: 第四部分（三）, 附件2第5列, read as the heading or column standing there."""

import re
from collections.abc import Iterable

from notices.model import Notice, Passage
from policy.wording import normalise

NUMERALS = "一二三四五六七八九十"
NUMBER = rf"([{NUMERALS}]|\d{{1,2}})"
PART = re.compile(
    rf"第{NUMBER}(?:大?部分|大点|大条|大块|大项)(?:里面?|中|下面?)?的?(?:\({NUMBER}\)|第{NUMBER}(?:小?[条点项节款]))?"
)
COLUMN = re.compile(rf"(?:的|里面?)?(?:第{NUMBER}|(最后)一)个?(?:列|栏目?)")
ANNEX = re.compile(rf"(?:附件|表){NUMBER}")
HEADED = re.compile(rf"\(?([{NUMERALS}])[)、](.+)")
TABLE = re.compile(r"\w{2}表")


def placed(question: str, notices: Iterable[Notice]) -> dict[str, str]:
    """By slug of each notice that has such a place: the normalised question with its name instead."""
    plain = normalise(question)
    found = {notice.slug: _heading(plain, notice) or _column(plain, notice) for notice in notices}
    return {slug: text for slug, text in found.items() if text}


def _heading(plain: str, notice: Notice) -> str | None:
    match = PART.search(plain)
    if not match:
        return None
    annex = ANNEX.search(plain)
    paths = [_below(passage, annex) for passage in notice.passages]
    wanted = [_figure(match.group(1)), _figure(match.group(2) or match.group(3))]
    for path in paths:
        levels = [HEADED.match(normalise(title)) for title in path[:2]]
        numbers = [_figure(level.group(1)) if level else None for level in levels]
        depth = 2 if wanted[1] else 1
        if numbers[:depth] == wanted[:depth] and (last := levels[depth - 1]):
            return plain[: match.start()] + last.group(2) + plain[match.end() :]
    return None


def _below(passage: Passage, annex: re.Match[str] | None) -> list[str]:
    """The headings over a passage; of an annex only where it is named, without the annex's own."""
    path = list(passage.heading_path)
    inside = bool(path) and path[0].startswith("附件")
    if annex is None:
        return [] if inside else path
    return path[1:] if inside and path[0].startswith(f"附件{_figure(annex.group(1))}") else []


def _column(plain: str, notice: Notice) -> str | None:
    match = COLUMN.search(plain)
    annex, table = ANNEX.search(plain), TABLE.search(plain)
    if not match or not (annex or table):
        return None
    for passage in notice.passages:
        title = passage.heading_path[0]
        named = (
            title.startswith(f"附件{_figure(annex.group(1))}") if annex else table and table.group() in title
        )
        cells = passage.text.split("\t")
        # A heading of two lines has no plain count of columns.
        if named and len(cells) > 1 and "\n" not in passage.text and all(cells):
            number = len(cells) if match.group(2) else _figure(match.group(1)) or 0
            if 1 <= number <= len(cells):
                return f"{plain[: match.start()]}的{normalise(cells[number - 1])}{plain[match.end() :]}"
    return None


def _figure(numeral: str | None) -> int | None:
    if numeral is None:
        return None
    return int(numeral) if numeral.isdigit() else NUMERALS.index(numeral) + 1
