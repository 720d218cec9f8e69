"""A workbook as rows of a form: the tables in it are found, each row is read, faults name their cell."""

from collections.abc import Callable
from pathlib import Path

from imports.headers import Header, find_header, targets
from imports.sheets import SheetReader
from imports.task import Fault, Outcome, Proposal, Task
from workbooks import STANDARD, Cells, Limits, Unreadable, read_sheets

Progress = Callable[[int], None]
_STEP = 500


def read_workbook(
    path: Path, task: Task, *, limits: Limits = STANDARD, progress: Progress | None = None
) -> Outcome:
    """Everything the workbook holds for the task. Never raises for what is wrong with the file.

    `progress` is told how many rows have been read, now and then.
    """
    try:
        return _Reading(task, progress).run(path, limits)
    except Unreadable as error:
        return Outcome(unreadable=f"uploads.{error.reason}", params=dict(error.params))


class _Reading:
    """One file being read."""

    def __init__(self, task: Task, progress: Progress | None) -> None:
        self._task, self._progress = task, progress
        self._wanted = targets(task)
        kinds = {field.name: field.type for field in task.form.fields}
        self._money = frozenset(name for name, kind in kinds.items() if kind == "money")
        self._region = next((name for name, kind in kinds.items() if kind == "region"), "")
        self._required = [
            field
            for field in task.form.fields
            if field.required and field.relevant is None and field.type != "file"
        ]
        self._proposals: list[Proposal] = []
        self._faults: list[Fault] = []
        self._passed: list[tuple[str, int]] = []
        self._unread: dict[str, None] = {}
        self._count = 0

    def run(self, path: Path, limits: Limits) -> Outcome:
        sheets, skipped, incomplete = [], [], []
        for cells in read_sheets(path, limits):
            header = find_header(cells, self._wanted, self._region, self._money)
            if header is None or len(header.fields()) * 2 < len(self._required):
                skipped.append(cells.title)
                continue
            missing = self._missing(header)
            if missing:
                incomplete.append((cells.title, missing))
                continue
            sheets.append(cells.title)
            self._read_sheet(cells, header)
        if not sheets:
            return self._no_table(incomplete)
        for title, missing in incomplete:
            self._faults.append(
                Fault(title, 1, 1, "", "uploads.sheet_columns_missing", {"labels": missing, "sheet": title})
            )
        if not self._proposals and not self._faults:
            return Outcome(sheets=tuple(sheets), unreadable="uploads.no_rows")
        return Outcome(
            tuple(self._proposals),
            tuple(self._faults),
            tuple(sheets),
            tuple(skipped),
            tuple(self._passed),
            tuple(self._unread),
        )

    def _missing(self, header: Header) -> list[str]:
        found = header.fields()
        return [field.label for field in self._required if field.name not in found]

    def _no_table(self, incomplete: list[tuple[str, list[str]]]) -> Outcome:
        if incomplete:
            sheet, labels = incomplete[0]
            params: dict[str, object] = {"sheet": sheet, "labels": labels}
            return Outcome(unreadable="uploads.columns_missing", params=params)
        labels = [field.label for field in self._required]
        return Outcome(unreadable="uploads.no_header", params={"labels": labels})

    def _read_sheet(self, cells: Cells, header: Header) -> None:
        reader = SheetReader(self._task, cells, header)
        for row in reader.rows():
            if isinstance(row, Proposal):
                self._proposals.append(row)
            else:
                self._faults.extend(row)
            self._count += 1
            if self._progress and self._count % _STEP == 0:
                self._progress(self._count)
        self._passed += [(cells.title, number) for number in reader.passed]
        self._unread.update(dict.fromkeys(header.unread))
