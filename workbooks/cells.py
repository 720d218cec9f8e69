"""The XML of cells: a value under a style, by the style's numbers in the workbook."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import NamedTuple

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from workbooks.sheets import Style, Value
from workbooks.text import as_xml, could_be_formula

# Texts up to this length are mostly names of organizations, regions, choices: the same ones again and again.
_OFTEN, _KEPT = 40, 4096
_DECIMALS = 6
# Excel keeps 15 digits of a number; more are kept as text.
_EXACT = 15
_DAY_ZERO = date(1899, 12, 30).toordinal()
_THIN = Side(style="thin")


def _digits(value: Value) -> tuple[str, str]:
    """A number's digits before and after the point, without noise; nothing for what is no number."""
    if isinstance(value, int):
        return str(value), ""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not isinstance(number, Decimal) or not number.is_finite():
        return "", ""
    whole, _, part = f"{number:.{_DECIMALS}f}".partition(".")
    return whole, part.rstrip("0")


class Numbers(NamedTuple):
    """A style's numbers: for text and nothing, formula-like text, days, each count of decimals."""

    plain: int
    quoted: int
    day: int
    decimals: list[int]


class Look(dict[Value, bytes]):
    """A column's cells in one style: the XML of each value from behind its place on, made when asked for.

    A dictionary, since looking up what is there takes no step of Python's own. Each column has its own:
    amounts, of which few are alike, would drive out what comes often.
    """

    def __init__(self, numbers: Numbers) -> None:
        super().__init__()
        self._plain, self._quoted, self._day, self._decimals = numbers

    def __missing__(self, value: Value) -> bytes:
        xml = self._xml(value).encode()
        if not isinstance(value, str) or len(value) <= _OFTEN:
            if len(self) >= _KEPT:
                self.clear()
            self[value] = xml
        return xml

    def _xml(self, value: Value) -> str:
        if isinstance(value, str) and value:
            style = self._quoted if could_be_formula(value) else self._plain
            return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{as_xml(value)}</t></is></c>'
        if value is None or isinstance(value, str):
            return f'" s="{self._plain}"/>'
        if isinstance(value, date):
            return f'" s="{self._day}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
        whole, part = _digits(value)
        digits = f"{whole}.{part}" if part else whole
        if not whole or len(whole.removeprefix("-")) > _EXACT:
            return f'" s="{self._plain}" t="inlineStr"><is><t>{digits or value}</t></is></c>'
        return f'" s="{self._decimals[len(part)]}"><v>{digits}</v></c>'


class Styles:
    """The styles met so far, as openpyxl numbers them."""

    def __init__(self, frame: openpyxl.Workbook) -> None:
        # openpyxl numbers a style when a cell takes it; the sheet of these cells loses its rows anyway.
        self._cells = (frame.worksheets[0].cell(1, column) for column in count(1))
        self._known: dict[Style, Numbers] = {}
        self._looks: dict[tuple[int, Style], Look] = {}

    def of(self, styles: Sequence[Style]) -> list[Look]:
        """The looks of columns in these styles."""
        return [self._look(column, style) for column, style in enumerate(styles)]

    def _look(self, column: int, style: Style) -> Look:
        if (column, style) not in self._looks:
            self._looks[column, style] = Look(self._numbers(style))
        return self._looks[column, style]

    def _numbers(self, style: Style) -> Numbers:
        if style not in self._known:
            self._known[style] = Numbers(
                plain=self._numbered(style, "@" if style.text else "General"),
                quoted=self._numbered(style, "@" if style.text else "General", quoted=True),
                day=self._numbered(style, "yyyy-mm-dd"),
                decimals=[self._numbered(style, "0" + "." * bool(n) + "0" * n) for n in range(_DECIMALS + 1)],
            )
        return self._known[style]

    def _numbered(self, style: Style, number_format: str, *, quoted: bool = False) -> int:
        cell = next(self._cells)
        cell.font = Font(name=style.font, size=style.size, bold=style.bold)
        cell.alignment = Alignment(style.align, "center", wrap_text=style.wrap, shrink_to_fit=style.shrink)
        cell.border = Border(_THIN, _THIN, _THIN, _THIN) if style.border else Border()
        cell.fill = PatternFill("solid", start_color=style.fill) if style.fill else PatternFill()
        cell.number_format = number_format
        cell.quotePrefix = quoted
        return int(cell.style_id)
