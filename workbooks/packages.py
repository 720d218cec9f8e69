"""What an uploaded file is, before anything parses it: only a sound .xlsx package goes further.

A 146 KB upload can unpack to 43 MB; entity declarations can grow without end. So every part is unpacked once,
in small pieces and counted, before a parser sees any of it.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK"
_PIECE = 1 << 20
_OVERLAP = 16
_WORKBOOK = "[Content_Types].xml"
_DECLARED = re.compile(rb'^\s*<\?xml[^>]*encoding\s*=\s*["\']([^"\']+)', re.IGNORECASE)
_SUSPECT = (b"<f", b't="e"')
# Written with prefixes or in single quotes, as few programs do: such a part is looked into anyway.
_UNUSUAL = re.compile(rb"<\w+:(?:worksheet|sheetData)|<worksheet[^>]*='")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Unreadable(Exception):
    """A file that is no workbook we read; `reason` is a macro of templates/uploads.html with `params`."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason, self.params = reason, params


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: parts and bytes of a package, rows and columns of a sheet, sheets of a workbook."""

    entries: int = 2_000
    unpacked: int = 100 * 1024 * 1024
    rows: int = 20_000
    columns: int = 300
    sheets: int = 50


STANDARD = Limits()


def check_package(path: Path, limits: Limits) -> frozenset[str]:
    """Raises Unreadable unless the file is an .xlsx (or .xlsm) package within the limits.

    Gives the parts in which a formula or an error value may stand: they need a second look.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\0 \r\n\t"):
        raise Unreadable("empty_file")
    if start.startswith(_OLE):
        raise Unreadable("encrypted" if _ENCRYPTED in path.read_bytes() else "old_excel")
    if not start.startswith(_ZIP):
        raise Unreadable(_kind_of_text(start))
    try:
        with zipfile.ZipFile(path) as package:
            return _check_parts(package, limits)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unreadable("truncated") from error
    except RuntimeError as error:
        # zipfile says so of a part that wants a password.
        raise Unreadable("encrypted") from error


def _kind_of_text(start: bytes) -> str:
    lowered = start[:1024].lower()
    if lowered.startswith(b"%pdf"):
        return "not_a_workbook"
    if b"<html" in lowered or b"<table" in lowered or b"<?xml" in lowered:
        return "web_page"
    for encoding in ("utf-8", "gb18030"):
        try:
            text = start[:4000].decode(encoding)
        except UnicodeDecodeError as error:
            # The piece may end within a character.
            if error.end < len(start[:4000]) - 4:
                continue
            text = start[: error.start].decode(encoding)
        if text.isprintable() or all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text):
            return "plain_text"
    return "not_a_workbook"


def _check_parts(package: zipfile.ZipFile, limits: Limits) -> frozenset[str]:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > limits.entries:
        raise Unreadable("too_many_parts")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    if _WORKBOOK not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(_kind_of_package(names))
    if len(names) != len(parts):
        raise Unreadable("damaged")
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise Unreadable("too_large_unpacked", megabytes=limits.unpacked >> 20)
    room, suspects = limits.unpacked, set()
    for part in parts:
        size, suspect = _unpack(package, part, room, limits)
        room -= size
        if suspect:
            suspects.add(part.filename)
    return frozenset(suspects)


def _kind_of_package(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "word_file"
    if any(name.startswith("ppt/") for name in names):
        return "not_a_workbook"
    return "other_spreadsheet" if "content.xml" in names else "zip_without_workbook"


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, limits: Limits) -> tuple[int, bool]:
    """Unpacks a part piece by piece and forgets it; how many bytes it has, and whether it is suspect."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, before, suspect = 0, b"", False
    with package.open(part) as stream:
        while piece := stream.read(_PIECE):
            if is_xml:
                if size == 0:
                    _check_encoding(piece)
                    suspect = _UNUSUAL.search(piece[:4096]) is not None
                seam = before + piece[:_OVERLAP]
                # The plain search comes first: it is many times faster, and finds nothing as a rule.
                if (b"<!" in piece or b"<!" in seam) and _ENTITIES.search(before + piece):
                    raise Unreadable("entities")
                suspect = suspect or any(sign in piece or sign in seam for sign in _SUSPECT)
                before = piece[-_OVERLAP:]
            size += len(piece)
            if size > room:
                raise Unreadable("too_large_unpacked", megabytes=limits.unpacked >> 20)
    return size, suspect


def _check_encoding(start: bytes) -> None:
    """Other encodings could hide a declaration from the search for it; spreadsheet programs write UTF-8."""
    declared = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf")[:200])
    if b"\0" in start[:64] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise Unreadable("damaged")
