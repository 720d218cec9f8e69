"""Hostile files are parsed in a process of their own, limited in memory and time."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from imports.limits import SECONDS
from imports.task import Outcome, Task
from workbooks import Mark

Progress = Callable[[int], Awaitable[None]]

_ROOT = Path(__file__).parents[1]
_LONGEST_LINE = 256 * 1024 * 1024
_WAIT = SECONDS + 30


async def read_apart(path: Path, task: Task, progress: Progress, *, seconds: float = _WAIT) -> Outcome:
    """What the file holds for the task. A file that exhausts its process is unreadable, nothing worse.

    `progress` is awaited with the number of rows read so far.
    """
    answer = await _run("read", path, task.model_dump_json().encode(), progress, seconds)
    if answer is None or answer.get("exhausted"):
        return Outcome(unreadable="uploads.exhausting")
    return Outcome.from_json(answer)


async def mark_apart(
    source: Path, marks: Sequence[Mark], target: Path, author: str, *, seconds: float = _WAIT
) -> bool:
    """Writes the marked workbook to `target`; False when it cannot be done with this file."""
    rows = [[item.sheet, item.row, item.column, item.text, item.fill] for item in marks]
    given = json.dumps({"marks": rows, "target": str(target), "author": author}).encode()
    answer = await _run("mark", source, given, _silently, seconds)
    return bool(answer and answer.get("marked"))


async def _silently(_rows: int) -> None:
    """Marking has no progress worth telling."""


async def _run(
    work: str, path: Path, given: bytes, progress: Progress, seconds: float
) -> dict[str, Any] | None:
    """The child's last line; None when it died or took too long."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "imports.child",
        work,
        str(path),
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        limit=_LONGEST_LINE,
    )
    try:
        async with asyncio.timeout(seconds):
            return await _listen(child, given, progress)
    except (TimeoutError, OSError, ValueError):
        return None
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _listen(child: Process, given: bytes, progress: Progress) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(given)
        await child.stdin.drain()
        child.stdin.close()
    answer: dict[str, Any] | None = None
    while line := await child.stdout.readline():
        answer = json.loads(line)
        if answer is not None and set(answer) == {"rows"}:
            await progress(int(answer["rows"]))
            answer = None
    return answer
