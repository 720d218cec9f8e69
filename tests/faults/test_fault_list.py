"""The list in docs/faults.md names tests that are there, and leaves no fault out."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
DUE = {
    *range(1, 11),
    13,
    14,
    *range(17, 23),
    *range(25, 32),
    *range(33, 36),
    *range(45, 49),
    51,
    *range(53, 59),
}


def test_every_test_of_the_list_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", LIST)
    assert len(named) > 50
    gone = [
        f"{path}::{name}"
        for path, name in named
        if not re.search(
            rf"^(?:async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert gone == []


def test_every_fault_that_is_due_has_a_test() -> None:
    rows = {int(number): line for number, line in re.findall(r"^\| (\d+) \|(.*)$", LIST, re.MULTILINE)}
    assert set(rows) >= DUE
    assert [
        number for number in DUE if "tests/" not in rows[number] and "the same two" not in rows[number]
    ] == []
