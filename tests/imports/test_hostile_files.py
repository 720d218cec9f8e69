"""Files that are no workbook, or more than one: refused by name before or while they are parsed."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from imports import apart
from imports.apart import mark_apart, read_apart
from imports.tables import read_workbook
from imports.task import Outcome, Task
from tests.conversations.sheets import HEADER, line, saved, workbook
from workbooks import Limits, Mark

Change = Callable[[str, bytes], bytes]


def rewritten(content: bytes, change: Change, more: dict[str, bytes] | None = None) -> bytes:
    """The package with its parts changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return buffer.getvalue()


def in_sheet(find: bytes, put: bytes) -> Change:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(find, put, 1) if name.startswith("xl/worksheets/") else part

    return change


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/"), part)
    return buffer.getvalue()


GOOD = workbook([line(1)])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet'
EXTERNAL = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\0" * 100, "empty_file"),
        (GOOD[: len(GOOD) // 2], "truncated"),
        (GOOD[:2000] + b"\0" * 500 + GOOD[2500:], "truncated"),
        (OLE, "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("项目名称,金额\r\n助学,12".encode("gb18030"), "plain_text"),
        ("项目名称\t金额\n助学\t12".encode(), "plain_text"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"%PDF-1.7\n%\xe2\xe3", "not_a_workbook"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_a_workbook"),
        (zipped(a=b"x"), "zip_without_workbook"),
        (zipped(word__document=b"x"), "word_file"),
        (zipped(**{"content.xml": b"x", "mimetype": b"y"}), "other_spreadsheet"),
        (rewritten(GOOD, in_sheet(b"<worksheet", ENTITIES)), "entities"),
        (rewritten(GOOD, in_sheet(b"<worksheet", EXTERNAL)), "entities"),
        (rewritten(GOOD, in_sheet(b"<worksheet", b'<?xml version="1.0" encoding="UTF-7"?><x')), "damaged"),
        (rewritten(GOOD, lambda n, p: p.decode().encode("utf-16") if "sheet1" in n else p), "damaged"),
        (rewritten(GOOD, in_sheet(b"</sheetData>", b"</sheetDat")), "damaged"),
        (rewritten(GOOD, lambda n, p: p, {f"xl/x{n}.bin": b"" for n in range(2100)}), "too_many_parts"),
        (rewritten(GOOD, lambda n, p: p, {"xl/media/x.bin": b"\0" * (120 << 20)}), "too_large_unpacked"),
    ],
)
def test_what_is_no_sound_workbook_is_named(content: bytes, reason: str, task: Task, tmp_path: Path) -> None:
    path = tmp_path / "改名.xlsx"
    path.write_bytes(content)
    assert read_workbook(path, task).unreadable == f"uploads.{reason}"


def test_a_bomb_that_lies_about_its_size_is_refused(task: Task, tmp_path: Path) -> None:
    content = bytearray(rewritten(GOOD, lambda n, p: p, {"xl/media/x.bin": b"\0" * (120 << 20)}))
    # The size said in the central directory, made small.
    place = content.rfind(b"xl/media/x.bin") - 46 + 24
    content[place : place + 4] = struct.pack("<I", 1000)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert read_workbook(path, task).unreadable in ("uploads.truncated", "uploads.too_large_unpacked")


def test_an_untrue_extent_loses_no_row(task: Task, tmp_path: Path) -> None:
    content = workbook([line(number) for number in range(50)])
    for extent in (b'ref="A1:G2"', b'ref="A1"', b'ref="A1:XFD1048576"'):
        path = tmp_path / "a.xlsx"
        path.write_bytes(rewritten(content, in_sheet(b'ref="A1:G51"', extent)))
        assert len(read_workbook(path, task).proposals) == 50


def test_more_rows_than_the_limit_are_refused(task: Task, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook([line(number) for number in range(30)]))
    outcome = read_workbook(path, task, limits=Limits(rows=20))
    assert (outcome.unreadable, outcome.params) == ("uploads.too_many_rows", {"sheet": "Sheet", "limit": 20})


async def quiet(_rows: int) -> None:
    pass


async def test_a_file_that_eats_memory_kills_only_its_own_process(task: Task, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.worksheets[0]["XFD1048576"] = "far away"
    path = tmp_path / "a.xlsx"
    path.write_bytes(saved(book))
    outcome = await read_apart(path, task, quiet, seconds=30)
    assert outcome.unreadable in ("uploads.exhausting", "uploads.too_many_columns", "uploads.damaged")


async def test_a_file_that_takes_too_long_is_given_up(task: Task, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    outcome = await read_apart(path, task, quiet, seconds=0.01)
    assert outcome.unreadable == "uploads.exhausting"


async def test_the_child_reads_as_this_process_does(task: Task, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook([*[line(number) for number in range(1200)], line(0, people="很多")]))
    told: list[int] = []

    async def note(rows: int) -> None:
        told.append(rows)

    outcome = await read_apart(path, task, note)
    here = read_workbook(path, task)
    assert outcome == Outcome.from_json(json.loads(json.dumps(here.as_json())))
    assert (len(outcome.proposals), len(outcome.faults)) == (1200, 1)
    assert told == [500, 1000]


async def test_marks_stand_on_the_cells_and_go_when_they_are_renewed(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{name}.xlsx" for name in "abc")
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.worksheets[0].merge_cells("A2:A3")
    first.write_bytes(saved(book))
    marks = [Mark("Sheet", 2, 4, "说了两种", "F8CBAD"), Mark("Sheet", 3, 1, "别的单位", "FFE699")]
    assert await mark_apart(first, marks, second, "兴村助手")
    sheet = openpyxl.load_workbook(second).worksheets[0]
    assert (sheet["D2"].comment.text, sheet["A2"].comment.text) == ("说了两种", "别的单位")
    assert [sheet["D2"].fill.start_color.rgb, sheet["A2"].fill.start_color.rgb] == ["00F8CBAD", "00FFE699"]
    assert sheet["C2"].value == "第1期助学"
    assert await mark_apart(second, marks[1:], third, "兴村助手")
    sheet = openpyxl.load_workbook(third).worksheets[0]
    assert sheet["D2"].comment is None
    assert sheet["D2"].fill.fill_type is None


async def test_a_workbook_that_cannot_be_marked_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no workbook")
    assert not await mark_apart(path, [Mark("Sheet", 1, 1, "x", "F8CBAD")], tmp_path / "b.xlsx", "兴村助手")


def test_the_header_of_these_tests_is_the_notices(task: Task) -> None:
    assert {label for labels in task.labels.values() for label in labels} <= set(HEADER)


def test_the_child_process_is_found_from_anywhere() -> None:
    assert (apart._ROOT / "imports" / "child.py").exists()
