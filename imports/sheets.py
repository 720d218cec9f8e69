"""The rows of one sheet under its header: which are projects, and what each of them says."""

from collections.abc import Iterator
from typing import Any

import forms
from forms.model import Answer, Field
from imports.cells import SAME_AS_ABOVE, CellReader, CellReading, as_text, is_same_as_above
from imports.headers import Column, Header
from imports.lexicon import fold, folded
from imports.task import Fault, Proposal, Severity, Task
from workbooks import Cells, CellValue

# A single text as long as this, or over so many further columns, is a note, not a project.
_NOTE_LENGTH, _WIDE = 40, 2
_SUM_LENGTH = 8
_BLANK = ("", " ", "\u3000")
_NUMBERS = ("money", "count")


ReadRow = Proposal | list[Fault]
"""A row that is a project: what it proposes, or what is wrong with it."""


class SheetReader:
    """Reads one sheet. `readers` keeps what is known of cells across sheets."""

    def __init__(self, task: Task, cells: Cells, header: Header) -> None:
        self._task, self._cells, self._header = task, cells, header
        self._fields = {field.name: field for field in task.form.fields}
        self._columns = [column for column in header.columns if not column.target.own]
        self._own = [column for column in header.columns if column.target.own]
        self._readers = [
            CellReader(self._fields[column.target.field], task.context, column.unit)
            for column in self._columns
        ]
        self._conditional = any(field.relevant for field in task.form.fields)
        self._required = [
            field
            for field in task.form.fields
            if field.required and field.relevant is None and field.type != "file"
        ]
        self._pairs = list(zip(self._columns, self._readers, strict=True))
        self._expected = len(self._columns)
        self._above: dict[str, dict[str, Any]] = {}
        self._above_units: dict[str, tuple[int, int]] = {}
        self._places = [place for column in self._columns for place in column.places]
        labels = cells.rows[header.row]
        self._labels = [
            (place, labels[place]) for place in self._places if place < len(labels) and labels[place]
        ]
        self._last = max(self._places)
        self._cases: dict[tuple[str, CellValue], tuple[str, dict[str, Any]] | None] = {}
        self.passed: list[int] = []
        self._covered: dict[tuple[int, int], tuple[int, int]] = {}
        self._shared: set[tuple[int, int]] = set()

    def rows(self) -> Iterator[ReadRow]:
        """Every row that is a project; numbers of the rows that are not are kept in `passed` (from 1)."""
        rows = self._cells.rows
        projects = [number for number in range(self._header.row + 1, len(rows)) if self._is_project(number)]
        self._spread_merges(set(projects))
        self._losing = bool(self._shared or self._cells.failures)
        answered = self._read_at_once(projects)
        names = [reader.name for reader in self._readers]
        for place, number in enumerate(projects):
            cells = answered[place] if answered else (None,)
            if None in cells:
                yield self._read(number)
            else:
                self._above = dict(zip(names, cells, strict=True))  # type: ignore[arg-type]
                self._above_units = {}
                yield Proposal(self._cells.title, number + 1, self._above, {})

    def _is_project(self, number: int) -> bool:
        row = self._cells.rows[number]
        width = len(row)
        if self._is_usual(row, width):
            return True
        filled = 0
        for place in self._places:
            if place < width and row[place] not in _BLANK:
                filled += 1
                if filled > 1:
                    break
        if filled > 1:
            passed = self._is_sum(row) or self._is_header(row) or self._is_signed(row)
        elif filled == 1 or any((number, place) in self._cells.failures for place in self._places):
            passed = self._is_sum(row) or self._is_note(number, row) or self._is_signed(row)
        else:
            if self._says_something(row):
                self.passed.append(number + 1)
            return False
        if passed:
            self.passed.append(number + 1)
        return not passed

    def _is_usual(self, row: list[CellValue], width: int) -> bool:
        """Whether a row is a project at first sight: it begins with a long text, and fields are filled."""
        first = row[0] if width else ""
        return (
            isinstance(first, str)
            and len(first) > _SUM_LENGTH
            and width > self._last
            and row[self._places[0]] not in _BLANK
            and row[self._places[-1]] not in _BLANK
            and bool(self._labels)
            and row[self._labels[0][0]] != self._labels[0][1]
        )

    def _says_something(self, row: list[CellValue]) -> bool:
        """Whether a row without any value holds more than the filer's name, as a template's blank rows do."""
        own = fold(self._task.organization.get("name", ""))
        return any(isinstance(cell, str) and len(cell.strip()) > 1 and fold(cell) != own for cell in row)

    def _is_sum(self, row: list[CellValue]) -> bool:
        for cell in row:
            if isinstance(cell, str) and cell not in _BLANK:
                return len(cell) <= _SUM_LENGTH and fold(cell) in folded("sums")
        return False

    def _is_header(self, row: list[CellValue]) -> bool:
        """Whether the header stands here once more, as at the top of a printed page."""
        return all(place < len(row) and row[place] == label for place, label in self._labels[:2])

    def _is_note(self, number: int, row: list[CellValue]) -> bool:
        texts = [cell for cell in row if cell not in _BLANK]
        if len(texts) != 1 or not isinstance(texts[0], str):
            return False
        text = fold(texts[0])
        wide = any(area[0] == number == area[2] and area[3] - area[1] >= _WIDE for area in self._cells.merges)
        return wide or len(text) > _NOTE_LENGTH or any(text.startswith(word) for word in folded("notes"))

    def _is_signed(self, row: list[CellValue]) -> bool:
        """Whether the row says who filled the table in (填表人：李明, 审核：王芳), with little beside it."""
        texts = [cell for cell in row if cell not in _BLANK]
        first = texts[0] if texts else None
        if not isinstance(first, str) or not ("：" in first or ":" in first):
            return False
        filled = sum(1 for place in self._places if place < len(row) and row[place] not in _BLANK)
        return filled * 2 <= len(self._places) and any(
            fold(first).startswith(word) for word in folded("notes")
        )

    def _spread_merges(self, projects: set[int]) -> None:
        """A cell merged downwards speaks for each project beside it; a merged number speaks for none."""
        kinds = {
            place: self._fields[column.target.field].type
            for column in self._columns
            for place in column.places
        }
        for top, left, bottom, right in self._cells.merges:
            if bottom == top or left not in kinds:
                continue
            rows = [
                number for number in range(max(top, self._header.row + 1), bottom + 1) if number in projects
            ]
            if len(rows) < 2:
                continue
            for number in rows:
                if kinds[left] in _NUMBERS:
                    self._shared.add((number, left))
                elif number > top:
                    for place in range(left, right + 1):
                        self._covered[number, place] = (top, place)

    def _cell(self, number: int, place: int) -> CellValue:
        if self._covered:
            number, place = self._covered.get((number, place), (number, place))
        row = self._cells.rows[number]
        return row[place] if place < len(row) else ""

    def _read(self, number: int) -> ReadRow:
        faults: list[Fault] = []
        for column in self._own:
            self._check_own(number, column, faults)
        answers: dict[str, dict[str, Any]] = {}
        units: dict[str, tuple[int, int]] = {}
        for column, reader in self._pairs:
            value = self._value(number, column)
            if self._losing and (lost := self._lost(number, column)):
                faults.append(self._fault(number, column, *lost))
                continue
            if value in _BLANK:
                continue
            reading = reader.read(value)
            if reading is SAME_AS_ABOVE:
                reading = self._same_as_above(reader.name)
            if reading.answer is not None:
                answers[reader.name] = reading.answer
                if reading.units:
                    units[reader.name] = reading.units
            else:
                params = reading.params or {}
                faults.append(self._fault(number, column, reading.text, params, unsure=reading.unsure))
        self._above, self._above_units = answers, units
        if self._conditional or len(answers) < self._expected:
            faults += self._missing(number, answers, faults)
        if faults:
            return sorted(faults, key=lambda fault: fault.column)
        return Proposal(self._cells.title, number + 1, answers, units)

    def _read_at_once(self, projects: list[int]) -> list[tuple[dict[str, Any] | None, ...]]:
        """The answers of every project, column by column, which is fastest; nothing where it is not simple.

        A project with a None among its answers needs a closer look.
        """
        if self._covered or self._losing or self._conditional or not projects:
            return []
        rows = [self._cells.rows[number] for number in projects]
        width = min(map(len, rows))
        if any(len(column.places) > 1 or column.places[0] >= width for column in self._columns):
            return []
        for column in self._own:
            place = column.places[0]
            said = {row[place] if place < len(row) else "" for row in rows}
            if any(self._case(column.target.field, value) for value in said):
                return []
        columns = [reader.read_all([row[column.places[0]] for row in rows]) for column, reader in self._pairs]
        return list(zip(*columns, strict=True))

    def _same_as_above(self, name: str) -> CellReading:
        answer = self._above.get(name)
        if answer is None:
            return CellReading(text="uploads.nothing_above")
        return CellReading(answer, units=self._above_units.get(name))

    def _value(self, number: int, column: Column) -> CellValue:
        places = column.places
        if len(places) == 1:
            return self._cell(number, places[0])
        parts = [as_text(self._cell(number, place)) for place in places]
        return "".join(dict.fromkeys(part for part in parts if part))

    def _lost(self, number: int, column: Column) -> tuple[str, dict[str, Any]] | None:
        """Why a cell cannot be read although it is not blank."""
        for place in column.places:
            failure = self._cells.failures.get((number, place))
            if failure is not None:
                return ("uploads.error_value", {"error": failure}) if failure else ("uploads.formula", {})
            if (number, place) in self._shared:
                return "uploads.merged_number", {}
        return None

    def _missing(
        self, number: int, answers: dict[str, dict[str, Any]], faults: list[Fault]
    ) -> Iterator[Fault]:
        required: list[Field] = self._required
        if self._conditional:
            known = {name: Answer.from_json(row) for name, row in answers.items()}
            relevant = forms.relevant_fields(self._task.form, known)
            for name in set(answers) - {field.name for field in relevant}:
                del answers[name]
            required = [field for field in relevant if field.required]
        by_field = {column.target.field: column for column in self._columns}
        faulty = {fault.column for fault in faults}
        for field in required:
            column = by_field.get(field.name)
            if field.name not in answers and column and column.places[0] + 1 not in faulty:
                yield self._fault(number, column, "uploads.blank", {"hint": field.hint})

    def _check_own(self, number: int, column: Column, faults: list[Fault]) -> None:
        """The filer's name or code, where a column names them, must be the filer's own."""
        case = self._case(column.target.field, self._cell(number, column.places[0]))
        if case:
            faults.append(self._fault(number, column, *case))

    def _case(self, field: str, value: CellValue) -> tuple[str, dict[str, Any]] | None:
        key = (field, value)
        if key not in self._cases:
            self._cases[key] = self._case_against(*key)
        return self._cases[key]

    def _case_against(self, field: str, value: CellValue) -> tuple[str, dict[str, Any]] | None:
        own = self._task.organization.get(field, "")
        if field == "credit_code" and not isinstance(value, str):
            return "uploads.number_code", {}
        said = fold(as_text(value))
        if own and said and said != fold(own) and not is_same_as_above(value):
            return "uploads.other_organization", {"own": own}
        return None

    def _fault(
        self, number: int, column: Column, text: str, params: dict[str, Any], *, unsure: bool = False
    ) -> Fault:
        severity: Severity = "unsure" if unsure else "wrong"
        place = column.places[0]
        return Fault(self._cells.title, number + 1, place + 1, column.label, text, params, severity)
