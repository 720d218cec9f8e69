"""Text and entities in, HTML of Telegram's own tags out; and the entities Telegram finds by itself."""

import re
from html import escape
from typing import Any

from webchat.html_parsing import Entity, utf16_length

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_FOUND = re.compile(
    r"(?P<url>https?://[\w.-]+(?::\d+)?(?:/[\w./?=&%#:@!~+,;()-]*[\w/=&%#~+-])?)"
    r"|(?P<email>(?<![\w.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<bot_command>(?<![\w/<>.:])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))",
    re.ASCII,
)


def detect_entities(text: str, given: list[Entity] | None = None) -> list[Entity]:
    """Add links, mail addresses and bot commands that stand in the text outside the given entities."""
    entities = list(given or [])
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in ("code", "pre", "text_link", "custom_emoji")
    ]
    for found in _FOUND.finditer(text):
        start = utf16_length(text[: found.start()])
        end = start + utf16_length(found[0])
        if found.lastgroup and not any(start < stop and begin < end for begin, stop in taken):
            entities.append({"type": found.lastgroup, "offset": start, "length": end - start})
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def show_html(text: str, entities: list[Entity]) -> str:
    """The message as HTML. Everything typed is escaped; line ends stay line ends.

    Only these tags come out: b i u s tg-spoiler code pre blockquote a (http, https and mailto only).
    """
    units = text.encode("utf-16-le", "surrogatepass")
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return _show(units, 0, len(units) // 2, ordered)


def _show(units: bytes, start: int, end: int, entities: list[Entity]) -> str:
    shown = []
    at = start
    for index, entity in enumerate(entities):
        begin, stop = entity["offset"], entity["offset"] + entity["length"]
        if begin < at or stop > end:
            continue
        inner = [other for other in entities[index + 1 :] if other["offset"] < stop]
        shown.append(_plain(units, at, begin))
        opening, closing = _tags(entity, units)
        shown.append(opening + _show(units, begin, stop, inner) + closing)
        at = stop
    shown.append(_plain(units, at, end))
    return "".join(shown)


def _plain(units: bytes, start: int, end: int) -> str:
    return escape(units[start * 2 : end * 2].decode("utf-16-le", "replace"))


def _tags(entity: dict[str, Any], units: bytes) -> tuple[str, str]:
    kind = entity["type"]
    covered = units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode(
        "utf-16-le", "replace"
    )
    if kind in ("text_link", "url", "email"):
        address = {"text_link": entity.get("url", ""), "url": covered, "email": f"mailto:{covered}"}[kind]
        if not re.match(r"(?:https?://|mailto:)", address):
            return "", ""
        return f'<a href="{escape(address)}">', "</a>"
    if kind == "pre":
        language = re.sub(r"[^\w+#-]", "", entity.get("language", ""))
        code = f'<code class="language-{language}">' if language else ""
        return "<pre>" + code, ("</code>" if code else "") + "</pre>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    tag = TAGS.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
