"""Files people and the bot send: kept in the chat's own database, named by the server."""

import mimetypes
import re
import secrets
import sqlite3
import struct
import unicodedata
from dataclasses import dataclass

from webchat.schema import transaction

NAME_BYTES = 200
UNKNOWN_TYPE = "application/octet-stream"
PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


@dataclass(frozen=True)
class File:
    """A stored file without its bytes. `number` makes its path, `size` is in bytes, sides in pixels."""

    id: str
    number: int
    name: str
    mime: str
    size: int
    width: int | None
    height: int | None

    @property
    def path(self) -> str:
        """Where the Bot API lets it be downloaded: never a name that a person chose."""
        ending = re.search(r"\.([A-Za-z0-9]{1,8})$", self.name)
        folder = "photos" if self.width else "documents"
        return f"{folder}/file_{self.number}" + (f".{ending[1].lower()}" if ending else "")


class Files:
    """Put in once, read back by id or by path."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, name: str, mime: str, content: bytes) -> File:
        """Store a file under an unguessable id and a harmless name; a vague type is guessed from it."""
        if mime in ("", UNKNOWN_TYPE):
            mime = mimetypes.guess_type(clean_name(name))[0] or UNKNOWN_TYPE
        sides = measure_picture(content) if mime in PICTURE_TYPES else None
        width, height = sides or (None, None)
        with transaction(self._connection):
            row = self._connection.execute("SELECT coalesce(max(number), 0) + 1 AS n FROM files").fetchone()
            file = File(
                secrets.token_urlsafe(24), row["n"], clean_name(name), mime, len(content), width, height
            )
            self._connection.execute(
                "INSERT INTO files (id, number, name, mime, size, width, height, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (file.id, file.number, file.name, mime, file.size, width, height, content),
            )
        return file

    def find(self, file_id: str) -> File | None:
        """What is known of a file, or None."""
        row = self._connection.execute(
            "SELECT id, number, name, mime, size, width, height FROM files WHERE id = ?", (file_id,)
        ).fetchone()
        return None if row is None else File(**dict(row))

    def find_by_path(self, path: str) -> File | None:
        """The file that getFile named by this very path, or None."""
        number = re.fullmatch(r"(?:photos|documents)/file_([0-9]{1,15})(?:\.[a-z0-9]{1,8})?", path)
        if number is None:
            return None
        row = self._connection.execute("SELECT id FROM files WHERE number = ?", (int(number[1]),)).fetchone()
        file = None if row is None else self.find(row["id"])
        return file if file is not None and file.path == path else None

    def read(self, file: File) -> bytes:
        """The bytes of a file."""
        row = self._connection.execute("SELECT content FROM files WHERE id = ?", (file.id,)).fetchone()
        return bytes(row["content"])


def clean_name(name: str) -> str:
    """A file name without folders, control and direction characters, device names; at most 200 bytes."""
    kept = "".join(
        c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
    )
    kept = re.split(r"[/\\／＼⁄∕]", kept)[-1]
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .．")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    if stem.upper().split(".")[0] in _DEVICES:
        stem = f"_{stem}"
    ending = dot + ending
    if len(ending.encode()) > 20:
        stem, ending = stem + ending, ""
    stem = stem.encode()[: NAME_BYTES - len(ending.encode())].decode(errors="ignore")
    return (stem + ending) or "file"


def measure_picture(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, WebP or JPEG, or None where the bytes are none of these."""
    try:
        if content[:8] == b"\x89PNG\r\n\x1a\n":
            width, height = struct.unpack(">II", content[16:24])
        elif content[:6] in (b"GIF87a", b"GIF89a"):
            width, height = struct.unpack("<HH", content[6:10])
        elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            width, height = _measure_webp(content)
        elif content[:2] == b"\xff\xd8":
            width, height = _measure_jpeg(content)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return (width, height) if width and height else None


def _measure_webp(content: bytes) -> tuple[int, int]:
    if content[12:16] == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _measure_jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        at += 2 + max(length, 2)
    return 0, 0
