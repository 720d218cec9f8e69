"""What the child process is asked and what it answers; both cross to it as JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from forms.model import Context, Form


class Task(BaseModel):
    """A file to be read as rows of a form, filed by one organization.

    `labels` are further labels of the form's fields (as a table of the notice prints them), by field name;
    `organization` holds what the filer's own cells may say, by field of its registration form.
    """

    model_config = ConfigDict(frozen=True)

    form: Form
    labels: dict[str, tuple[str, ...]] = {}
    organization_labels: dict[str, tuple[str, ...]] = {}
    organization: dict[str, str] = {}
    today: date
    regions: tuple[str, ...] = ()
    areas: dict[str, tuple[str, ...]] = {}

    @property
    def context(self) -> Context:
        """What the reading of a cell may look at."""
        return Context(today=self.today, regions=self.regions, areas=self.areas)


Severity = Literal["wrong", "unsure"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell. Sheet by title, row and column from 1; `text` is the macro that says it.

    `unsure` when it was understood in more than one way and the person has to say which.
    """

    sheet: str
    row: int
    column: int
    label: str
    text: str
    params: dict[str, Any]
    severity: Severity = "wrong"

    def as_json(self) -> list[Any]:
        """As it crosses the processes' border."""
        return [self.sheet, self.row, self.column, self.label, self.text, self.params, self.severity]


@dataclass(slots=True)
class Proposal:
    """A row read without fault. `answers` are `Answer.as_json` by field name.

    `units` holds amounts written without a unit that may be 元 or 万元: by field, the fen of either.
    """

    sheet: str
    row: int
    answers: dict[str, dict[str, Any]]
    units: dict[str, tuple[int, int]]

    def as_json(self) -> list[Any]:
        """As it crosses the processes' border."""
        return [self.sheet, self.row, self.answers, self.units]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file held. `sheets` that were read and `skipped` ones, by title.

    `passed` are rows that are no projects (sums, notes), as (sheet, row). `unread` are headers of columns
    that were not recognized. `unreadable` names the macro that says why nothing was read, with `params`.
    """

    proposals: tuple[Proposal, ...] = ()
    faults: tuple[Fault, ...] = ()
    sheets: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()
    unreadable: str = ""
    params: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As it crosses the processes' border."""
        return {
            "proposals": [item.as_json() for item in self.proposals],
            "faults": [item.as_json() for item in self.faults],
            "sheets": self.sheets,
            "skipped": self.skipped,
            "passed": self.passed,
            "unread": self.unread,
            "unreadable": self.unreadable,
            "params": self.params or {},
        }

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "Outcome":
        """The inverse of `as_json`."""
        return cls(
            proposals=tuple(
                Proposal(sheet, number, answers, {name: (pair[0], pair[1]) for name, pair in units.items()})
                for sheet, number, answers, units in row["proposals"]
            ),
            faults=tuple(Fault(*item) for item in row["faults"]),
            sheets=tuple(row["sheets"]),
            skipped=tuple(row["skipped"]),
            passed=tuple((sheet, number) for sheet, number in row["passed"]),
            unread=tuple(row["unread"]),
            unreadable=row["unreadable"],
            params=row["params"],
        )
