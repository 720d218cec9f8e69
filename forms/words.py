"""What every kind of value does first: bring typed text to one form without changing its meaning."""

import re
import unicodedata

# Digits that NFKC would flatten into others: 10² is not 102, ½ is not 1/2 of anything we can take.
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u00bc-\u00be\u2150-\u215f\u2189]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffff\ufffe]")
_LOOKALIKES = str.maketrans(
    {
        "\u3000": " ",
        "—": "-",
        "–": "-",
        "―": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "−": "-",
        "－": "-",
        "﹣": "-",
        "～": "~",
        "〜": "~",
        "∼": "~",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "。": "。",
    }
)


def visible(raw: str) -> str:
    """The text without what cannot be seen or stored: control and direction marks, lone surrogates."""
    if raw.isprintable() and max(raw, default="") < "\ufe00":
        # Below the variation selectors, what can be printed can be seen: the usual case, and a fast one.
        return raw.strip()
    text = _INVISIBLE.sub("", raw)
    kept = (c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") else " " for c in text)
    return "".join(kept).strip()


def has_raised_digits(raw: str) -> bool:
    """True for superscripts, subscripts and fractions, whose value a reading would falsify."""
    return _RAISED.search(raw) is not None


def simplify(text: str) -> str:
    """Traditional characters to simplified ones; plain GB2312 text is returned as it is."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text


def fold(raw: str) -> str:
    """One width, one case for Latin letters, simplified characters, one kind of dash, single spaces."""
    text = unicodedata.normalize("NFKC", visible(raw)).translate(_LOOKALIKES)
    return re.sub(r"\s+", " ", simplify(text)).strip().lower()


def tighten(text: str) -> str:
    """A folded text without spaces beside Chinese characters, and with the plus of `30+万` after its unit."""
    text = re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)
    text = re.sub(r"(?<=\d)。(?=\d)", ".", text)
    text = re.sub(r"(?<=\d) +(?=[wk](?![a-z]))", "", text)
    text = re.sub(r"(?<=[万千百元人])多一[点些]", "多", text)
    text = re.sub(r"(?<![\d零〇一二三四五六七八九十百千万])点(?=[一二三四五六七八九]+[万亿])", "零点", text)
    return re.sub(r"(\d)\+([万亿千百w])", r"\1\2+", text)


class _Converter:
    """OpenCC takes a while to load and most texts never need it."""

    def __init__(self) -> None:
        import opencc

        self._convert = opencc.OpenCC("t2s").convert

    def convert(self, text: str) -> str:
        return str(self._convert(text))


_loaded: list[_Converter] = []


def _converter() -> _Converter:
    if not _loaded:
        _loaded.append(_Converter())
    return _loaded[0]
