"""Figures nobody can read for sure: torn, negative, with letters or separators that say two things."""

import re

from forms.numbers import has_broken_separators

_NEGATIVE = re.compile(r"\s*(?:约|¥|人民币)?\s*(?:-|负)\s*[\d.一二三四五六七八九十¥]")
_LETTER = re.compile(r"(?<![a-z])[lo](?=[\d.]*\d)|\d[lo](?![a-z])")
_NO_NUMBER = re.compile(r"\d\s*e\s*\d|\d\s*%|nan|inf|∞|\d\s*/\s*\d|分之")
_MOBILE = re.compile(r"(?:联系)?(?:电话|手机)?号?码?[:：]?1[3-9]\d{9}")


def slip(text: str) -> str | None:
    """The code of the complaint a folded text deserves before its figures are read; None when it reads."""
    if _NEGATIVE.match(text):
        return "negative"
    if _MOBILE.fullmatch(text):
        return "phone_not_number"
    if has_broken_separators(text):
        return "separator_unclear"
    if _LETTER.search(text):
        return "letter_in_number"
    return "not_a_number" if _NO_NUMBER.search(text) else None
