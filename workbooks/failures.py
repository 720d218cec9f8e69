"""Cells that look blank to a reader and are not: formulas never computed, and error values."""

import posixpath
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

Failures = dict[tuple[int, int], str]

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def find_failures(path: Path, suspects: Collection[str]) -> dict[str, Failures]:
    """By sheet title, the cells (row and column from 0) whose value is missing: "" or the error's text.

    `suspects` are the parts `check_package` named; it made sure that no entity is declared in them.
    """
    with zipfile.ZipFile(path) as package:
        return {
            title: _Scan().run(package.read(part))
            for title, part in _sheet_parts(package)
            if part in suspects
        }


def _sheet_parts(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Each sheet's title and the part that holds it (ECMA-376 part 1, 18.2.19, and part 2, 9.3)."""
    root = "xl/workbook.xml"
    for kind, target in _relations(package, "_rels/.rels").values():
        if kind.endswith("/officeDocument"):
            root = target.lstrip("/")
    folder, name = posixpath.split(root)
    relations = _relations(package, f"{folder}/_rels/{name}.rels")
    sheets = []
    for sheet in ElementTree.fromstring(package.read(root)).iter():
        if sheet.tag.endswith("}sheet"):
            _, target = relations.get(sheet.get(_OFFICE, ""), ("", ""))
            part = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            sheets.append((sheet.get("name", ""), posixpath.normpath(part)))
    return sheets


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    try:
        tree = ElementTree.fromstring(package.read(part))
    except (KeyError, ElementTree.ParseError):
        return {}
    return {item.get("Id", ""): (item.get("Type", ""), item.get("Target", "")) for item in tree}


class _Scan:
    """One pass over a sheet's XML. A cell without its own place stands right of the one before."""

    def __init__(self) -> None:
        self.found: Failures = {}
        self._row, self._column = -1, -1
        self._formula, self._kind, self._inside = False, "", False
        self._text: list[str] = []

    def run(self, xml: bytes) -> Failures:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(xml, True)
        return self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            self._row = int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else self._row + 1
            self._column = -1
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._row = int(place[2]) - 1 if place else self._row
            self._formula, self._kind, self._text = False, attributes.get("t", ""), []
        elif name == "f":
            self._formula = True
        elif name in ("v", "t"):
            self._inside = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            text = "".join(self._text)
            if self._kind == "e" or (self._formula and not text):
                self.found[self._row, self._column] = text

    def _characters(self, text: str) -> None:
        if self._inside:
            self._text.append(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
