"""How long it takes to write 100,000 filings as annexes 1 and 2, against the bare loops of two writers.

Run `uv run --group bench python -m benchmarks.writing_workbooks`. The rivals write the same seven columns of
annex 2 without a style, a height or a merged cell. Each runs in a process of its own: peaks are apart.
"""

import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import exports
import notices
from storage.export_rows import FiledRow
from storage.scopes import Scope

FILINGS, ORGANIZATIONS, ROUNDS = 100_000, 5_000, 2
PROVINCE = Scope("province", "320000")
REGIONS = ("320324", "321323", "653023", "654003", "540102", "610203", "630200", "341202")
NATURES = ("livelihood", "industry", "education", "health", "volunteering")
HOMES = ("320300", "320321", "320500", "320583", "320100", "320106", "321300", "321322")


def filed_rows() -> Iterator[FiledRow]:
    """So many different projects, of so many organizations."""
    chance = random.Random(2021)
    for number in range(FILINGS):
        organization = number * ORGANIZATIONS // FILINGS
        home = HOMES[organization % len(HOMES)]
        yield FiledRow(
            filing_id=number,
            filed_at=1_633_885_200.0,
            name=f"困难家庭学生助学第{number}期",
            region=chance.choice(REGIONS),
            nature=chance.choice(NATURES),
            money=chance.randrange(10**10),
            people=chance.randrange(50),
            beneficiaries=chance.randrange(3_000),
            answers={},
            organization_id=organization,
            kind="organization",
            organization_name=f"江苏第{organization}志愿者服务协会",
            credit_code=None,
            type="association",
            level="city" if home.endswith("00") else "county",
            home=home,
            contact="李明",
            phone="025-80000000",
            verified=False,
            organization_answers={},
        )


def plain_rows() -> Iterator[tuple[object, ...]]:
    """The cells of annex 2, ready for a writer."""
    for row in filed_rows():
        money = (row.money or 0) / 1_000_000
        yield row.organization_name, row.region, row.name, row.nature, money, row.people, row.beneficiaries


def write_annex(name: str, path: Path) -> None:
    """One of the notice's tables, as staff pull it."""
    notice = notices.load().notice("jiangsu-2021")
    exports.build(
        notice.table(name), notice, filed_rows(), PROVINCE, datetime(2021, 10, 11, tzinfo=UTC), path
    )


def write_annex1(path: Path) -> None:
    """附件1 with its tracing sheet of as many rows."""
    write_annex("annex1", path)


def write_annex2(path: Path) -> None:
    """附件2."""
    write_annex("annex2", path)


def openpyxl_loop(path: Path) -> None:
    """The rows through openpyxl's write-only mode."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in plain_rows():
        sheet.append(row)
    book.save(path)


def rust_loop(path: Path) -> None:
    """The rows through the fastest writer that Python can call."""
    from rustpy_xlsxwriter import FastExcel

    names = [f"c{number}" for number in range(7)]
    FastExcel(str(path)).sheet("S", (dict(zip(names, row, strict=True)) for row in plain_rows())).save()


def measured(write: Callable[[Path], None], path: Path) -> tuple[float, float]:
    """Seconds of this process's CPU and its peak memory in MB."""
    began = time.process_time()
    write(path)
    return time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a line for each writer."""
    writers = (openpyxl_loop, rust_loop, write_annex2, write_annex1)
    results: dict[str, list[tuple[float, float]]] = {write.__name__: [] for write in writers}
    with TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for write in writers:
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    path = Path(folder) / "out.xlsx"
                    results[write.__name__].append(pool.apply(measured, (write, path)))
    bare = statistics.median(seconds for seconds, _ in results["openpyxl_loop"])
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        print(
            f"{name:14} {seconds:6.2f} s CPU  {seconds / bare:5.2f} of openpyxl",
            f"{max(run[1] for run in runs):4.0f} MB",
        )


if __name__ == "__main__":
    main()
