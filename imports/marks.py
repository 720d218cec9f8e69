"""Faults in words, and as marks on the workbook they were found in."""

from collections.abc import Iterable

import templates
from imports.task import Fault
from workbooks import Mark

WRONG, UNSURE = "F8CBAD", "FFE699"
MOST = 2_000
"""Marks a workbook is given; more would make it unreadable."""


def say(fault: Fault) -> str:
    """What is wrong, and what would be right, as plain text."""
    return templates.plain(fault.text, **fault.params)


def marks_for(faults: Iterable[Fault]) -> list[Mark]:
    """A mark for each fault, the first `MOST` of them."""
    found = []
    for fault in faults:
        fill = UNSURE if fault.severity == "unsure" else WRONG
        found.append(Mark(fault.sheet, fault.row, fault.column, say(fault), fill))
        if len(found) == MOST:
            break
    return found
