"""The one writer: openpyxl lays out the package and its styles, the rows are streamed into it.

openpyxl alone takes about eight seconds for 100,000 rows of ten cells and offers no merged cells while it
streams (docs/decisions). Here it writes the workbook without rows; the rows' XML goes between the halves of
each sheet, so that memory stays flat whatever their number. Every text is a string cell: nothing a person
typed is ever a formula (OWASP, CSV injection).
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from decimal import Decimal
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.sheets import Choices, Merge, Row, Sheet, Style, Value, Workbook
from workbooks.text import as_xml, could_be_formula

_BATCH = 500
# Texts up to this length are mostly names of organizations, regions, choices: the same ones again and again.
_OFTEN, _KEPT = 40, 4096
_DECIMALS = 6
# Excel keeps 15 digits of a number; more are kept as text.
_EXACT = 10**15
_DAY_ZERO = date(1899, 12, 30).toordinal()
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_THIN = Side(style="thin")
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
    styles = _Styles(frame)
    parts = zip(_halves(frame), workbook.sheets, strict=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as package:
        for half, sheet in sorted(parts, key=lambda part: part[1].turn):
            _write_sheet(package, half, sheet, styles)
        # The styles met on the way are known only now; parts of a package may stand in any order.
        for name, content in _parts(frame):
            if not name.startswith("xl/worksheets/"):
                package.writestr(name, content)


def _write_sheet(package: zipfile.ZipFile, half: _Half, sheet: Sheet, styles: "_Styles") -> None:
    rows = 0
    with package.open(half.name, "w", force_zip64=True) as part:
        part.write(half.before + b"<sheetData>")
        for rows, chunk in _chunks(sheet, styles):  # noqa: B007
            part.write(chunk.encode("utf-8"))
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


def _chunks(sheet: Sheet, styles: "_Styles") -> Iterator[tuple[int, str]]:
    columns = [get_column_letter(index) for index in range(1, len(sheet.widths) + 1)]
    batch: list[str] = []
    number = 0
    for number, row in enumerate(sheet.rows, 1):
        batch.append(_xml(row, number, columns, styles.of(row.styles)))
        if number > _ROWS:
            raise TooManyRows(sheet.title)
        if number % _BATCH == 0:
            yield number, "".join(batch)
            batch.clear()
    yield number, "".join(batch)


def _xml(row: Row, number: int, columns: list[str], looks: list["_Look"]) -> str:
    height = f' ht="{row.height:g}" customHeight="1"' if row.height else ""
    cells = [
        f'<c r="{column}{number}'
        + (look.often if type(value) is not str or len(value) <= _OFTEN else look.rest)(value)
        for column, value, look in zip(columns, row.values, looks, strict=False)
    ]
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def _digits(value: Value) -> tuple[str, int]:
    """A number's digits without noise and how many stand after the point; nothing for what is no number."""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not isinstance(number, Decimal) or not number.is_finite():
        return "", 0
    text = f"{number:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return text, len(text.partition(".")[2])


class _Look:
    """A style's cells, by its numbers in the workbook: for text, formula-like text, days, decimals."""

    def __init__(self, plain: int, quoted: int, day: int, decimals: list[int]) -> None:
        self._plain, self._quoted, self._day, self._decimals = plain, quoted, day, decimals
        self.often = lru_cache(maxsize=_KEPT)(self.rest)

    def rest(self, value: Value) -> str:
        """The XML of a cell with this value, from behind its place on."""
        if value is None or value == "":
            return f'" s="{self._plain}"/>'
        if isinstance(value, str):
            style = self._quoted if could_be_formula(value) else self._plain
            return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{as_xml(value)}</t></is></c>'
        if isinstance(value, date):
            return f'" s="{self._day}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
        digits, decimals = (str(value), 0) if isinstance(value, int) else _digits(value)
        if not digits or abs(value) >= _EXACT:  # type: ignore[operator]
            return f'" s="{self._plain}" t="inlineStr"><is><t>{digits or value}</t></is></c>'
        return f'" s="{self._decimals[decimals]}"><v>{digits}</v></c>'


class _Styles:
    """The styles met so far, as openpyxl numbers them."""

    def __init__(self, frame: openpyxl.Workbook) -> None:
        # openpyxl numbers a style when a cell takes it; the sheet of these cells loses its rows anyway.
        self._cells = (frame.worksheets[0].cell(1, column) for column in count(1))
        self._looks: dict[Style, _Look] = {}
        self._last: tuple[Sequence[Style], list[_Look]] = ((), [])

    def of(self, styles: Sequence[Style]) -> list[_Look]:
        # Rows alike share one tuple; looking at it again for each would cost more than writing the row.
        if styles is not self._last[0]:
            self._last = (styles, [self._look(style) for style in styles])
        return self._last[1]

    def _look(self, style: Style) -> _Look:
        if style not in self._looks:
            self._looks[style] = _Look(
                plain=self._numbered(style, "@" if style.text else "General"),
                quoted=self._numbered(style, "@" if style.text else "General", quoted=True),
                day=self._numbered(style, "yyyy-mm-dd"),
                decimals=[self._numbered(style, "0" + "." * bool(n) + "0" * n) for n in range(_DECIMALS + 1)],
            )
        return self._looks[style]

    def _numbered(self, style: Style, number_format: str, *, quoted: bool = False) -> int:
        cell = next(self._cells)
        cell.font = Font(name=style.font, size=style.size, bold=style.bold)
        cell.alignment = Alignment(style.align, "center", wrap_text=style.wrap, shrink_to_fit=style.shrink)
        cell.border = Border(_THIN, _THIN, _THIN, _THIN) if style.border else Border()
        cell.fill = PatternFill("solid", start_color=style.fill) if style.fill else PatternFill()
        cell.number_format = number_format
        cell.quotePrefix = quoted
        return int(cell.style_id)
