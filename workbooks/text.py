"""Text as a cell may hold it: inert, free of what XML cannot carry, within Excel's length."""

import re
from xml.sax.saxutils import escape

LONGEST = 32_767
"""Characters (UTF-16 units) a cell can hold (Excel specifications and limits)."""

CUT = "…"

_INVISIBLE = frozenset(
    " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
)
_TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−|%")
_SUSPECT_STARTS = _INVISIBLE | _TRIGGERS
# What XML 1.0 forbids, a lone surrogate, what XML reserves, a carriage return (XML readers make it
# a line feed), and _xHHHH_, which spreadsheet programs read as the code of a character.
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LOST = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def could_be_formula(text: str) -> bool:
    """Whether a program might take `text` for a formula when it is typed or pasted.

    Its first visible sign decides; full-width signs count too, since normalizing makes them plain ones.
    """
    if text[:1] not in _SUSPECT_STARTS:
        return False
    for sign in text:
        if sign in _TRIGGERS:
            return True
        if sign not in _INVISIBLE:
            return False
    return False


def as_xml(text: str) -> str:
    """`text` as the content of an XML element, cleaned and cut to what a cell can hold."""
    if len(text) * 2 > LONGEST:
        text = _cut(text)
    if not _SPECIAL.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LOST.sub("\ufffd", _CONTROL.sub("", text))
    return escape(_ESCAPED.sub("_x005F_", text))


def _cut(text: str) -> str:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units <= LONGEST:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST - len(CUT))]
    # Half of a pair at the end is dropped: it would be a lone surrogate.
    return kept.decode("utf-16-le", "ignore") + CUT


def shown_width(line: str) -> int:
    """Half-width characters a line of text takes."""
    return len(line.encode("gbk", "replace"))
