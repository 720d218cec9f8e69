"""The process in which an upload is parsed: `python -m imports.child read|mark FILE`.

It reads its task from the standard input as JSON and writes lines of JSON: `{"rows": n}` while it reads, and
the outcome last. Whatever the file does to it, the program that started it goes on.
"""

import gc
import json
import sys
from pathlib import Path
from typing import Any

from imports.limits import limit_this_process


def main(work: str, path: Path) -> None:
    """Does the work the command line names; memory that runs out ends as an outcome like any other."""
    given = sys.stdin.buffer.read()
    limit_this_process()
    # Short-lived: what it makes is kept to the end, so that looking for garbage only costs.
    gc.disable()
    try:
        answer = _read(path, given) if work == "read" else _mark(path, given)
    except MemoryError:
        answer = {"exhausted": True}
    _say(answer)


def _read(path: Path, given: bytes) -> dict[str, Any]:
    from imports.tables import read_workbook
    from imports.task import Task

    task = Task.model_validate_json(given)
    return read_workbook(path, task, progress=lambda rows: _say({"rows": rows})).as_json()


def _mark(path: Path, given: bytes) -> dict[str, Any]:
    from workbooks import Mark, mark

    task = json.loads(given)
    try:
        mark(path, (Mark(*item) for item in task["marks"]), Path(task["target"]), task["author"])
    except MemoryError:
        raise
    except Exception as error:
        # openpyxl fails in many ways on what other programs wrote; the faults are told in chat all the same.
        return {"marked": False, "error": type(error).__name__}
    return {"marked": True}


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
