"""What a workbook is made of: sheets of rows of values, with the few styles an official table needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks; `size` in points, `fill` as RRGGBB.

    Numbers show their own digits, up to six decimals. `shrink` makes what is too wide smaller, where a number
    would otherwise show as ####.
    """

    font: str = "宋体"
    size: float = 11
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    border: bool = False
    wrap: bool = False
    shrink: bool = False
    fill: str = ""
    text: bool = False


class Row(NamedTuple):
    """Values from column A on, each with its style (the same tuple for all rows alike is fastest).

    `height` in points; None leaves it to the program that opens the workbook.
    """

    values: Sequence[Value]
    styles: Sequence[Style]
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as one; rows and columns count from 1, both ends inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Help for who fills a column, in rows `first` to `last`: a `hint` beside the cell, `options` to pick.

    The options only help: anything may be typed. A list longer than the format holds is left out.
    """

    column: int
    first: int
    last: int
    title: str = ""
    hint: str = ""
    options: Sequence[str] = ()


@dataclass(slots=True)
class Sheet:
    """One sheet. `rows` may be a generator: it is read once, and never held as a whole.

    `merges` and `filter_row` are looked at after the rows were read, so that a generator may add what depends
    on where it ended. Widths are in half-width characters. Rows `repeat` (first, last) stand on each printed
    page; rows above `freeze` (a row number) stay in view. Sheets with a lower `turn` are read first, wherever
    they stand, so that one may count what another shows.
    """

    title: str
    rows: Iterable[Row]
    widths: Sequence[float]
    merges: list[Merge] = field(default_factory=list)
    repeat: tuple[int, int] | None = None
    freeze: int | None = None
    filter_row: int | None = None
    orientation: Literal["portrait", "landscape"] = "landscape"
    footer: str = ""
    turn: int = 0
    choices: Sequence[Choices] = ()


@dataclass(slots=True)
class Workbook:
    """Sheets in their order; `title` and `created` stand in the file's properties."""

    sheets: Sequence[Sheet]
    created: datetime
    title: str = ""
