"""What Telegram does to typed text before anybody sees it: controls go, long texts are cut."""

import re

MESSAGE_LIMIT = 4096


def clean_text(text: str) -> str:
    """Control characters become spaces, CR goes, a lone surrogate becomes U+FFFD.

    Tabs stay, though Telegram makes them spaces: rows pasted from a workbook keep their columns.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ", text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def split_text(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Cut a text into messages of at most `limit` characters: at a line end, a space, else anywhere."""
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        ends = (rest.rfind(mark, limit // 2, limit) for mark in ("\n", " "))
        cut = next((end for end in ends if end > 0), limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts
