"""Scores `xingcun parse` against a file of cases: `python scripts/score_readings.py cases.jsonl [-v]`.

A case is `{"field", "raw", "expected", "context"?}`. Counted: as expected; silently wrong (a firm value that
is not the expected one, or where a doubt or an error is expected); needless doubts (a firm one was expected).
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bot.commands.parse import parse_row


def padded(moment: str | None, month: str) -> str | None:
    """A bare year as its first or last month."""
    return f"{moment}-{month}" if moment and len(moment) == 4 else moment


def matches(expected: dict[str, Any], got: dict[str, Any]) -> bool:
    """True when all that is expected was said, and neither doubt nor error beyond it."""
    if ("error" in expected) != ("error" in got) or bool(expected.get("confirm")) != bool(got.get("confirm")):
        return False
    expected = {key: value for key, value in expected.items() if key != "error"}
    if "start" in expected:
        expected |= {"start": padded(expected["start"], "01"), "end": padded(expected["end"], "12")}
    flags = ("approximate", "bound", "corrected", "historic", "ongoing")
    return all(got.get(key) == value for key, value in expected.items()) and all(
        got.get(flag) == expected.get(flag) for flag in flags if "error" not in got
    )


def verdict(expected: dict[str, Any], got: dict[str, Any]) -> str:
    """`right`, `silent`, `needless` or `other`."""
    if matches(expected, got):
        return "right"
    firm = "error" not in got and not got.get("confirm")
    keys = ("value", "code", "start", "end", "values")
    same = all(got.get(key) == expected[key] for key in keys if key in expected)
    if firm and ("error" in expected or expected.get("confirm") or not same):
        return "silent"
    if got.get("confirm") and "error" not in expected and not expected.get("confirm"):
        return "needless"
    return "other"


def main() -> None:
    """Prints the counts, and with -v every case that is not as expected."""
    counts: Counter[str] = Counter()
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        got = parse_row(case)
        judged = verdict(case["expected"], got)
        counts[judged] += 1
        if judged != "right" and "-v" in sys.argv:
            print(judged, case["field"], repr(case["raw"]), case["expected"], "->", got)
    total = sum(counts.values())
    print(f"{total} cases: " + ", ".join(f"{name} {n} ({n / total:.1%})" for name, n in counts.most_common()))


if __name__ == "__main__":
    main()
