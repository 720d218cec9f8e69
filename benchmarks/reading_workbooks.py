"""How long it takes to read and validate 10,000 rows, against calamine alone turning the sheet into lists.

Run `uv run python -m benchmarks.reading_workbooks`. The ratio is what counts: the machine is whatever it is.
"""

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import python_calamine

import divisions
import notices
from imports.tables import read_workbook
from imports.task import Task
from workbooks import Row, Sheet, Style, Workbook, write

ROWS, ROUNDS = 10_000, 11
PLACES = [item.code for city in divisions.children("320000") for item in divisions.children(city.code)]


def make(path: Path, rows: int) -> None:
    """A detail table of that many different projects, as an organization would fill it."""
    form = notices.load().notice("jiangsu-2021").form("annex2")
    labels = [choice.label for choice in form.field("nature").choices]
    lines = [
        (
            "徐州市青禾志愿者协会",
            divisions.full_name(PLACES[number % len(PLACES)], "/"),
            f"第{number}期困难家庭学生助学",
            labels[number % len(labels)],
            Decimal(number % 9973 + 1) / 100,
            number % 211,
            number % 3001,
        )
        for number in range(rows)
    ]
    header = ["社会组织名称", *(field.label for field in form.fields)]
    plain = (Style(),) * len(header)
    sheet = Sheet("明细表", [Row(header, plain), *(Row(line, plain) for line in lines)], [14.0] * len(header))
    write(Workbook([sheet], datetime(2021, 10, 11, tzinfo=UTC)), path)


def the_task() -> Task:
    """The task of reading annex 2 for one organization."""
    notice = notices.load().notice("jiangsu-2021")
    return Task(
        form=notice.form("annex2"),
        organization={"name": "徐州市青禾志愿者协会"},
        organization_labels={"name": ("社会组织名称",)},
        today=date(2021, 10, 11),
        regions=(notice.province, *notice.places),
    )


def seconds(work: Callable[[], object]) -> float:
    """What one run takes, without the collector, as in the child process that reads an upload."""
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    gc.enable()
    return taken


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> tuple[float, float]:
    """Seconds of calamine alone, and of reading with validation: of runs in turn, the least disturbed."""
    task = the_task()
    bare, ours = [], []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        make(path, rows)

        def alone() -> object:
            return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()

        def validated() -> object:
            outcome = read_workbook(path, task)
            assert len(outcome.proposals) == rows, outcome.faults[:3]
            return outcome

        validated()
        for _ in range(rounds):
            bare.append(seconds(alone))
            ours.append(seconds(validated))
    return min(bare), min(ours)


if __name__ == "__main__":
    bare, ours = measure()
    sys.stdout.write(
        f"{ROWS} rows: calamine {bare:.3f} s, read and validated {ours:.3f} s, {ours / bare:.2f} times\n"
    )
