"""Words people use in tables of their own, and how two headers are compared."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_BRACKETS = re.compile(r"[(（\[【〔].*?[)）\]】〕]")


@cache
def lexicon() -> dict[str, Any]:
    """The lexicon of headers."""
    path = Path(__file__).parent / "lexicons" / "headers.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def fold(text: str) -> str:
    """The text without what people write differently: width, case, spaces, punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def without_brackets(text: str) -> str:
    """The text without what stands in brackets."""
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text))


def in_brackets(text: str) -> str:
    """What stands in the last brackets, or after a slash: the unit, as a rule."""
    found: list[str] = re.findall(r"[(\[【〔]([^)\]】〕]*)[)\]】〕]", unicodedata.normalize("NFKC", text))
    return fold(found[-1]) if found else ""


@cache
def folded(*path: str) -> frozenset[str]:
    """The words at that place of the lexicon, folded; signs that fold to nothing stay as they are."""
    words: Any = lexicon()
    for key in path:
        words = words.get(key, ())
    return frozenset(fold(word) or word for word in words)
