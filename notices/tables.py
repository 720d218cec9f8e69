"""Layouts of the tables a notice asks for, as data: what stands where, and how figures are counted.

Two kinds cover what notices print: a detail table has a row for each filing, a statistics table counts
filings into fixed rows. Labels and notes are text of the pack; nothing here knows a particular notice.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from forms.model import Frozen

Scope = Literal["city", "province"]


class Source(Frozen):
    """Where a value comes from: one of a field of the form, a fact of the organization, of the filing.

    `organization` is a field of the filer's registration form; `filing` is `number` (its place in the table,
    from 1) or `filed_at`.
    """

    field: str | None = None
    organization: str | None = None
    filing: Literal["number", "filed_at"] | None = None

    @model_validator(mode="after")
    def _names_one_source(self) -> "Source":
        named = [key for key in (self.field, self.organization, self.filing) if key is not None]
        if len(named) != 1:
            raise ValueError("needs exactly one of field, organization, filing")
        return self


class Among(Source):
    """Holds for a filing whose value is one of `values`; a region also when it lies inside one of them."""

    values: tuple[str, ...] = Setting(min_length=1)


class Heading(Frozen):
    """A line above the header; after `text` stands the unit, contact or phone, or a blank to write on."""

    text: str
    fill: Literal["unit", "contact", "phone", "blank"] = "blank"
    source: str = ""


class Note(Frozen):
    """A line under the table."""

    text: str
    source: str = ""


class Column(Source):
    """A column of a detail table; `width` in half-width characters, `total` sums it where there are sums."""

    label: str
    width: float = 12
    total: bool = False
    source: str = ""


class Grouping(Frozen):
    """Rows with the same `by` stand together; a row labelled `subtotal` ends each group, `total` all."""

    by: Source
    subtotal: str
    total: str = ""


class Sheet(Frozen):
    """One sheet of an edition: of the filings in scope those that fit `among` and none of `unless`.

    `homes`: of organizations registered `inside` (in the scope's city, or in any city of its province) only,
    or `anywhere`.
    """

    title: str
    homes: Literal["inside", "anywhere"] = "inside"
    among: tuple[Among, ...] = ()
    unless: tuple[Among, ...] = ()


class Edition(Frozen):
    """What the table holds when a city or the whole province is exported; a filing stands in one sheet."""

    scope: Scope
    sheets: tuple[Sheet, ...] = Setting(min_length=1)


class Page(Frozen):
    """Paper, and the footer with `{page}` and `{pages}` in it."""

    orientation: Literal["portrait", "landscape"] = "landscape"
    footer: str = ""


class Layout(Frozen):
    """What both kinds of table share. `attachment` is the small line above the title, such as 附件 1."""

    name: str
    form: str
    attachment: str = ""
    title: str
    short_title: str
    source: str = ""
    heading: tuple[Heading, ...] = ()
    notes: tuple[Note, ...] = ()
    editions: tuple[Edition, ...] = Setting(min_length=1)
    page: Page = Page()

    def edition(self, scope: Scope) -> Edition:
        """The edition for that scope; KeyError when the table has none."""
        for item in self.editions:
            if item.scope == scope:
                return item
        raise KeyError(scope)

    def conditions(self) -> Iterator[Among]:
        """The conditions that choose a filing's sheet."""
        for edition in self.editions:
            for sheet in edition.sheets:
                yield from (*sheet.among, *sheet.unless)


class DetailTable(Layout):
    """One row a filing."""

    kind: Literal["detail"]
    columns: tuple[Column, ...] = Setting(min_length=1)
    grouping: Grouping | None = None

    def sources(self) -> Iterator[Source]:
        """Everything a row of the table is read for."""
        yield from self.columns
        yield from self.conditions()
        if self.grouping:
            yield self.grouping.by


class StatisticsRow(Frozen):
    """Filings that fit every one of `among`; with `rest`, those that fit no other row of the table."""

    label: str = ""
    among: tuple[Among, ...] = ()
    rest: bool = False
    source: str = ""

    @model_validator(mode="after")
    def _takes_filings_one_way(self) -> "StatisticsRow":
        if self.rest == bool(self.among):
            raise ValueError("needs either among or rest")
        return self


class RowGroup(Frozen):
    """Rows under one label; where its only row has no label of its own, the group's spans both columns."""

    label: str
    rows: tuple[StatisticsRow, ...] = Setting(min_length=1)
    source: str = ""


class Measure(Frozen):
    """What is counted: filings, distinct organizations, or the sum of a number field."""

    label: str
    count: Literal["filings", "organizations"] | None = None
    sum: str | None = None
    width: float = 10

    @model_validator(mode="after")
    def _counts_or_sums(self) -> "Measure":
        if (self.count is None) == (self.sum is None):
            raise ValueError("needs exactly one of count, sum")
        return self


class Split(Frozen):
    """A column under each measure, for the filings that fit `among` (all of them without)."""

    label: str
    among: tuple[Among, ...] = ()


class Trace(Frozen):
    """The sheet that lists, for each figure, the filings it was made of.

    `sheet` and `row` head the columns that name the figure's sheet and row; `left_out` stands there for a
    filing in no row. `yes` marks the splits a filing counts in. `verified` heads the column in which
    `unverified` marks an organization no staff member has confirmed.
    """

    title: str
    sheet: str
    row: str
    left_out: str
    yes: str
    verified: str
    unverified: str
    columns: tuple[Column, ...] = Setting(min_length=1)


class StatisticsTable(Layout):
    """Figures counted from filings: groups of rows down, measures across, each measure split.

    `header_source` is the passage in which the labels of rows' column, measures and splits are printed.
    """

    kind: Literal["statistics"]
    row_label: str
    header_source: str = ""
    row_widths: tuple[float, float] = (6, 16)
    groups: tuple[RowGroup, ...] = Setting(min_length=1)
    measures: tuple[Measure, ...] = Setting(min_length=1)
    splits: tuple[Split, ...] = Setting(min_length=1)
    trace: Trace

    @property
    def rows(self) -> tuple[StatisticsRow, ...]:
        """All rows, top down."""
        return tuple(row for group in self.groups for row in group.rows)

    def sources(self) -> Iterator[Source]:
        """Everything a row of the table is read for."""
        yield from self.conditions()
        yield from self.trace.columns
        for row in self.rows:
            yield from row.among
        for split in self.splits:
            yield from split.among
        yield from (Source(field=measure.sum) for measure in self.measures if measure.sum)


Table = Annotated[DetailTable | StatisticsTable, Setting(discriminator="kind")]
