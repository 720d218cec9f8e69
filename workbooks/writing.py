"""The one writer: openpyxl lays out the package and its styles, the rows are streamed into it.

openpyxl alone takes about eight seconds for 100,000 rows of ten cells and offers no merged cells while it
streams (docs/decisions). Here it writes the workbook without rows; the rows' XML goes between the halves of
each sheet, so that memory stays flat whatever their number. Every text is a string cell: nothing a person
typed is ever a formula (OWASP, CSV injection).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import lru_cache
from itertools import chain, groupby, islice, repeat
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.cells import Look, Styles
from workbooks.sheets import Choices, Merge, Row, Sheet, Workbook

_BATCH = 500
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
# The fastest level: the file is a third larger than at the default, and written in two thirds of the time.
_COMPRESSION = 1
# Characters of a rule's list, and of the title and text beside the cell (ECMA-376 part 1, 18.3.1.32).
_LONGEST_LIST, _LONGEST_PROMPT_TITLE, _LONGEST_PROMPT = 255, 32, 255
_ROWS = 1_048_576
"""Rows a sheet can hold (Excel specifications and limits)."""


class TooManyRows(ValueError):
    """A sheet has more rows than the format can hold."""


class _Half(NamedTuple):
    """A sheet's part of the package: its name, and its XML before and after the rows."""

    name: str
    before: bytes
    after: bytes


def write(workbook: Workbook, path: Path) -> None:
    """Write `workbook` to `path` as .xlsx, reading each sheet's rows once."""
    frame = openpyxl.Workbook()
    frame.properties.title, frame.properties.creator = workbook.title, ""
    frame.properties.created = frame.properties.modified = workbook.created.astimezone(UTC).replace(
        tzinfo=None
    )
    frame.remove(frame.worksheets[0])
    for sheet in workbook.sheets:
        _set_up(frame.create_sheet(as_sheet_title(sheet.title)), sheet)
    styles = Styles(frame)
    parts = zip(_halves(frame), workbook.sheets, strict=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as package:
        for half, sheet in sorted(parts, key=lambda part: part[1].turn):
            _write_sheet(package, half, sheet, styles)
        # The styles met on the way are known only now; parts of a package may stand in any order.
        for name, content in _parts(frame):
            if not name.startswith("xl/worksheets/"):
                package.writestr(name, content)


def _write_sheet(package: zipfile.ZipFile, half: _Half, sheet: Sheet, styles: Styles) -> None:
    rows = 0
    with package.open(half.name, "w", force_zip64=True) as part:
        part.write(half.before + b"<sheetData>")
        for rows, chunk in _chunks(sheet, styles):  # noqa: B007
            part.write(chunk)
        part.write(b"</sheetData>" + _after_rows(sheet, rows) + half.after)


def as_sheet_title(title: str) -> str:
    """`title` as Excel allows it: no []:*?/\\, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\]", "_", title)[:31] or "Sheet"


def _set_up(target: Worksheet, sheet: Sheet) -> None:
    for index, width in enumerate(sheet.widths, 1):
        target.column_dimensions[get_column_letter(index)].width = width
    target.page_setup.paperSize = 9  # A4 (ECMA-376 part 1, 18.3.1.63)
    target.page_setup.orientation = sheet.orientation
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_options.horizontalCentered = True
    target.page_margins.left = target.page_margins.right = 0.6
    target.page_margins.top, target.page_margins.bottom = 0.7, 0.8
    if sheet.footer:
        target.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(sheet.footer, size=10))
    if sheet.repeat:
        target.print_title_rows = f"{sheet.repeat[0]}:{sheet.repeat[1]}"
    if sheet.freeze:
        target.freeze_panes = f"A{sheet.freeze}"
    for choices in sheet.choices:
        target.add_data_validation(_validation(choices))


def _validation(choices: Choices) -> DataValidation:
    """A plain list in the cell's own rule, which WPS shows as well; nothing typed is refused."""
    listed = '"' + ",".join(choices.options) + '"'
    fits = (
        choices.options and len(listed) <= _LONGEST_LIST and not any("," in item for item in choices.options)
    )
    rule = DataValidation(
        type="list" if fits else None,
        formula1=listed if fits else None,
        allow_blank=True,
        showErrorMessage=False,
        showInputMessage=bool(choices.hint),
        promptTitle=choices.title[:_LONGEST_PROMPT_TITLE] or None,
        prompt=choices.hint[:_LONGEST_PROMPT] or None,
    )
    column = get_column_letter(choices.column)
    rule.add(f"{column}{choices.first}:{column}{choices.last}")
    return rule


def _parts(frame: openpyxl.Workbook) -> Iterator[tuple[str, bytes]]:
    buffer = io.BytesIO()
    frame.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        for name in package.namelist():
            yield name, package.read(name)


def _halves(frame: openpyxl.Workbook) -> list[_Half]:
    """Each sheet without its rows, in the sheets' order."""
    contents = dict(_parts(frame))
    halves = []
    for index in range(1, len(frame.worksheets) + 1):
        name = f"xl/worksheets/sheet{index}.xml"
        # An untrue extent makes some readers drop rows; it may be left out.
        xml = _DIMENSION.sub(b"", contents[name])
        before, after = _SHEET_DATA.split(xml, maxsplit=1)
        halves.append(_Half(name, before, after))
    return halves


def _after_rows(sheet: Sheet, rows: int) -> bytes:
    last = get_column_letter(len(sheet.widths))
    xml = f'<autoFilter ref="A{sheet.filter_row}:{last}{rows}"/>' if sheet.filter_row else ""
    if sheet.merges:
        cells = "".join(f'<mergeCell ref="{_area(merge)}"/>' for merge in sheet.merges)
        xml += f'<mergeCells count="{len(sheet.merges)}">{cells}</mergeCells>'
    return xml.encode()


def _area(merge: Merge) -> str:
    first, last = get_column_letter(merge.first_column), get_column_letter(merge.last_column)
    return f"{first}{merge.first_row}:{last}{merge.last_row}"


def _chunks(sheet: Sheet, styles: Styles) -> Iterator[tuple[int, bytes]]:
    """The rows' XML, each piece with the number of its last row."""
    columns = [get_column_letter(index).encode() for index in range(1, len(sheet.widths) + 1)]
    number = 0
    for alike, rows in groupby(sheet.rows, attrgetter("styles")):
        looks = styles.of(alike)
        while batch := list(islice(rows, _BATCH)):
            first, number = number + 1, number + len(batch)
            if number > _ROWS:
                raise TooManyRows(sheet.title)
            yield number, _xml(batch, first, columns, looks)


def _xml(rows: list[Row], first: int, columns: list[bytes], looks: list[Look]) -> bytes:
    """Rows of the same styles, column by column: so the loops over their cells run in C."""
    numbers = [b"%d" % number for number in range(first, first + len(rows))]
    parts: list[Iterable[bytes]] = [repeat(b'<row r="'), numbers, [_opening(row.height) for row in rows]]
    values = zip(*[row.values for row in rows], strict=True)
    for column, look, cells in zip(columns, looks, values, strict=False):
        parts += [repeat(b'<c r="' + column), numbers, map(look.__getitem__, cells)]
    parts.append(repeat(b"</row>"))
    return b"".join(chain.from_iterable(zip(*parts, strict=False)))


@lru_cache(maxsize=256)
def _opening(height: float | None) -> bytes:
    """The end of a row's opening tag."""
    return f'" ht="{height:g}" customHeight="1">'.encode() if height else b'">'
