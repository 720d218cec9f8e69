"""Telegram's HTML parse mode: tagged text in, plain text and entities out.

Source: Bot API, "Formatting options", HTML style. Refusals are worded as Telegram words them.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

Entity = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(r"""<(/?)([^\s>/"']*)((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>""")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


class BadEntities(ValueError):
    """The text's tags cannot be read; the message is Telegram's own."""


@dataclass
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit in which entities count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Read tagged text.

    Returns:
        The plain text, stripped of outer white space, and its entities with UTF-16 offsets and lengths.
    Raises:
        BadEntities: for a tag Telegram does not know, or tags that do not close.
    """
    plain: list[str] = []
    entities: list[Entity] = []
    stack: list[_Open] = []
    length = at = 0
    while at < len(source):
        if source[at] == "<":
            at = _read_tag(source, at, length, stack, entities, "".join(plain))
            continue
        end = source.find("<", at)
        end = len(source) if end < 0 else end
        piece = _REFERENCE.sub(lambda found: unescape(found[0]), source[at:end])
        plain.append(piece)
        length += utf16_length(piece)
        at = end
    if stack:
        raise BadEntities(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return strip_text("".join(plain), entities)


def strip_text(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip outer white space as Telegram does, moving the entities along; empty ones fall away."""
    stripped = text.strip()
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return stripped, kept


def _read_tag(
    source: str, at: int, length: int, stack: list[_Open], entities: list[Entity], plain: str
) -> int:
    where = len(source[:at].encode())
    tag = _TAG.match(source, at)
    if tag is None:
        kind = "end" if source.startswith("</", at) else "start"
        raise BadEntities(f"Unclosed {kind} tag at byte offset {where}")
    name = tag[2].lower()
    if tag[1]:
        _close(name, where, length, stack, entities, plain)
        return tag.end()
    if name not in KINDS or tag[4]:
        raise BadEntities(f'Unsupported start tag "{name}" at byte offset {where}')
    attributes = _read_attributes(tag[3], name, where)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise BadEntities(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    stack.append(_Open(name, length, attributes))
    return tag.end()


def _read_attributes(source: str, tag: str, where: int) -> dict[str, str]:
    found: dict[str, str] = {}
    source = source.strip()
    at = 0
    while at < len(source):
        part = _ATTRIBUTE.match(source, at)
        if part is None or not part[1] or part.end() == at:
            raise BadEntities(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        value = part[2] or part[3] or part[4] or ""
        found[part[1].lower()] = _REFERENCE.sub(lambda reference: unescape(reference[0]), value)
        at = part.end()
    return found


def _close(
    name: str, where: int, length: int, stack: list[_Open], entities: list[Entity], plain: str
) -> None:
    if not stack:
        raise BadEntities(f"Unexpected end tag at byte offset {where}")
    opened = stack.pop()
    if name and name != opened.tag:
        raise BadEntities(
            f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{name}>"'
        )
    if length == opened.offset:
        return
    entity: Entity = {"type": KINDS[opened.tag], "offset": opened.offset, "length": length - opened.offset}
    inside = plain.encode("utf-16-le", "surrogatepass")[opened.offset * 2 :].decode(
        "utf-16-le", "surrogatepass"
    )
    if opened.tag == "a":
        entity["url"] = (opened.attributes.get("href") or inside).strip()
        if not re.match(r"(?:https?://|tg://|mailto:)\S+$", entity["url"]):
            return
    elif opened.tag == "tg-emoji":
        entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
    elif opened.tag == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    elif opened.tag == "code":
        language = opened.attributes.get("class", "")
        if language.startswith("language-") and stack and stack[-1].tag == "pre":
            stack[-1].attributes["language"] = language.removeprefix("language-")
            return
    elif opened.tag == "pre" and opened.attributes.get("language"):
        entity["language"] = opened.attributes["language"]
    entities.append(entity)
