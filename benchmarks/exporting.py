"""100,000 filings from the database to annexes 1 and 2, against the bare loops of two writers.

Run `uv run --group bench python -m benchmarks.exporting`. Everybody reads the same SQLite file: the rivals by
one SELECT of the seven columns of annex 2, written without a style, a height, a merged cell or a name for a
code; ours by what the export job runs in its child. Each runs in a fresh process: peaks are apart. Memory is
what writing adds to what the process held before, measured with fewer and with more filings as well.
"""

import asyncio
import multiprocessing
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.many_filings import FILINGS, fill
from bot.exporting import build_table
from storage.scopes import Scope

ROUNDS = 3
MEMORY_AT = (FILINGS // 10, FILINGS, FILINGS * 3)
PROVINCE = Scope("province", "320000")
NOW = datetime(2021, 10, 11, tzinfo=UTC)
Writer = Callable[[Path, Path], object]


def rows_of(database: Path) -> Iterator[tuple[object, ...]]:
    """The cells of annex 2, as bare as can be."""
    query = (
        "SELECT o.name, v.region, v.name, v.nature, v.money / 1000000.0, v.people, v.beneficiaries"
        " FROM filing_version v JOIN organization o ON o.id = v.organization_id"
        " WHERE v.current ORDER BY o.home, o.id, v.filing_id"
    )
    with sqlite3.connect(database) as plain:
        yield from plain.execute(query)


def openpyxl_loop(database: Path, path: Path) -> None:
    """The rows through openpyxl's write-only mode."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows_of(database):
        sheet.append(row)
    book.save(path)


def rust_loop(database: Path, path: Path) -> None:
    """The rows through the fastest writer that Python can call."""
    from rustpy_xlsxwriter import FastExcel

    names = [f"c{number}" for number in range(7)]
    records = (dict(zip(names, row, strict=True)) for row in rows_of(database))
    FastExcel(str(path)).sheet("S", records).save()


def annex2(database: Path, path: Path) -> None:
    """附件2, as the job's child writes it."""
    build_table(f"sqlite:///{database}", "jiangsu-2021", "annex2", PROVINCE, NOW, path)


def annex1(database: Path, path: Path) -> None:
    """附件1 with its tracing sheet."""
    build_table(f"sqlite:///{database}", "jiangsu-2021", "annex1", PROVINCE, NOW, path)


def measured(write: Writer, database: Path, path: Path) -> tuple[float, float, float]:
    """Seconds of wall, seconds of CPU, and MB that writing added."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    write(database, path)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return time.perf_counter() - wall, time.process_time() - cpu, (after - before) / 1024


def in_a_process(write: Writer, database: Path, path: Path) -> tuple[float, float, float]:
    """The same in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (write, database, path))


def main() -> None:
    """Prints a line for each writer."""
    writers: tuple[Writer, ...] = (openpyxl_loop, rust_loop, annex2, annex1)
    with TemporaryDirectory() as folder:
        out, databases = Path(folder) / "out.xlsx", {count: Path(folder) / str(count) for count in MEMORY_AT}
        for count, database in databases.items():
            asyncio.run(fill(database, count))
        runs: dict[Writer, list[tuple[float, float, float]]] = {write: [] for write in writers}
        for _ in range(ROUNDS):
            for write in writers:
                runs[write].append(in_a_process(write, databases[FILINGS], out))
        added = {
            write: [in_a_process(write, database, out)[2] for database in databases.values()]
            for write in writers
        }
    bare = statistics.median(cpu for _, cpu, _ in runs[openpyxl_loop])
    print(f"{'':14} {'wall s':>7} {'CPU s':>7} {'of openpyxl':>12}  +MB at {MEMORY_AT} filings")
    for write, results in runs.items():
        wall, cpu, _ = (statistics.median(run[part] for run in results) for part in range(3))
        memory = " ".join(f"{megabytes:5.1f}" for megabytes in added[write])
        print(f"{write.__name__:14} {wall:7.2f} {cpu:7.2f} {cpu / bare:12.2f}  {memory}")


if __name__ == "__main__":
    main()
