"""Long messages in parts that Telegram takes, without breaking tags, letters or emoji.

Bot API, sendMessage: a text has 1-4096 characters after entities parsing, a caption 0-1024; both are
counted in UTF-16 code units.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, field

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z-]*)([^<>]*)>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);|[^<&]+|[<&]")
_JOINER = "\u200d"


def measure(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def measure_html(text: str) -> int:
    """The length of HTML after its tags and entities are read."""
    return measure(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text)))


def split_html(text: str, limit: int = TEXT_LIMIT, first: int | None = None) -> list[str]:
    """The parts of an HTML text, each at most `limit` long and each with its tags closed.

    The first part may be given a limit of its own. A text that fits is returned as it is.
    """
    room = limit if first is None else first
    # No character counts for more than two, so that most texts need not be read.
    if 2 * len(text) <= room or measure_html(text) <= room:
        return [text]
    writer = _Writer(limit, room)
    for token in _TOKEN.finditer(text):
        if token.group(2):
            writer.put_tag(token.group(0), token.group(2).lower(), closing=bool(token.group(1)))
        elif token.group(0).startswith("&") and len(token.group(0)) > 1:
            writer.put_piece(token.group(0), measure(html.unescape(token.group(0))))
        else:
            writer.put_text(token.group(0))
    return writer.finish()


@dataclass
class _Writer:
    limit: int
    room: int
    parts: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    visible: bool = False

    def put_tag(self, tag: str, name: str, *, closing: bool) -> None:
        self.written.append(tag)
        if not closing:
            self.tags.append((name, tag))
        elif self.tags and self.tags[-1][0] == name:
            self.tags.pop()

    def put_piece(self, piece: str, length: int) -> None:
        if length > self.room:
            self.turn_page()
        self.written.append(piece)
        self.visible = True
        self.room -= length

    def put_text(self, text: str) -> None:
        while measure(text) > self.room:
            cut = find_cut(text, self.room)
            if cut:
                self.put_piece(text[:cut], measure(text[:cut]))
            self.turn_page()
            text = text[cut:].lstrip("\n")
        if text:
            self.put_piece(text, measure(text))

    def turn_page(self) -> None:
        closing = "".join(f"</{name}>" for name, _ in reversed(self.tags))
        if self.visible:
            self.parts.append("".join(self.written) + closing)
        self.written = [tag for _, tag in self.tags]
        self.room = self.limit
        self.visible = False

    def finish(self) -> list[str]:
        if self.visible:
            self.parts.append("".join(self.written))
        return self.parts


def find_cut(text: str, room: int) -> int:
    """Where to cut a text that is longer than `room`: after a line, else a sentence, else between letters."""
    end, used = 0, 0
    for index, character in enumerate(text):
        used += 2 if ord(character) > 0xFFFF else 1
        if used > room:
            break
        end = index + 1
    line = text.rfind("\n", 0, end)
    if line > 0:
        return line + 1
    sentence = max(text.rfind(mark, 0, end) for mark in "。！？；.!? ")
    if sentence > end // 2:
        return sentence + 1
    letter = end
    while letter > 1 and _belongs_together(text, letter):
        letter -= 1
    return letter if letter > 1 else end


def _belongs_together(text: str, index: int) -> bool:
    """True when a cut before `index` would tear a letter from its marks, or an emoji apart."""
    if index >= len(text):
        return False
    after, before = text[index], text[index - 1]
    if before == _JOINER or after == _JOINER:
        return True
    if unicodedata.combining(after) or after in "\ufe0e\ufe0f\u20e3" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    flags = [character for character in text[:index] if "\U0001f1e6" <= character <= "\U0001f1ff"]
    return "\U0001f1e6" <= after <= "\U0001f1ff" and len(flags) % 2 == 1
