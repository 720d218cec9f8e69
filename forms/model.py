"""The form language: fields, their conditions, and what a person's words were read as.

A form is data of a notice pack. Keys follow XLSForm (`type name label hint required relevant
constraint constraint_message choices`). There is no expression language: a condition names one
earlier field and the values that make the field relevant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

FieldType = Literal[
    "text",
    "long_text",
    "choice",
    "region",
    "money",
    "count",
    "period",
    "date",
    "phone",
    "email",
    "credit_code",
    "file",
]

Bound = Literal["<", "<=", ">", ">="]


class Frozen(BaseModel):
    """Base of everything that is read from a pack: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Frozen):
    """Makes a field relevant only when an earlier `field` was answered with one of `values`."""

    field: str
    values: tuple[str, ...]


class Constraint(Frozen):
    """Limits of a value, in the field's stored unit; lengths are in characters."""

    min: int | None = None
    max: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


class Choice(Frozen):
    """One option: the `name` that is stored, the `label` people see, and words people use for it."""

    name: str
    label: str
    words: tuple[str, ...] = ()


class Field(Frozen):
    """One question of a form. `label` is printed as the notice prints it, white space aside."""

    name: str
    type: FieldType
    label: str
    hint: str = ""
    example: str = ""
    guidance: str = ""
    required: bool = True
    relevant: Condition | None = None
    constraint: Constraint | None = None
    constraint_message: str = ""
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    projection: Literal["name", "region", "nature", "money", "people", "beneficiaries"] | None = None
    source: str = ""


class Form(Frozen):
    """A form of a notice: its fields in the order in which the notice prints them."""

    name: str
    title: str
    short_title: str
    fields: tuple[Field, ...]

    @model_validator(mode="after")
    def _names_are_unique_and_conditions_look_back(self) -> "Form":
        seen: set[str] = set()
        for item in self.fields:
            if item.name in seen:
                raise ValueError(f"field {item.name!r} appears twice")
            if item.relevant and item.relevant.field not in seen:
                raise ValueError(
                    f"field {item.name!r} depends on {item.relevant.field!r}, which is not before it"
                )
            seen.add(item.name)
        return self

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the form has none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is stored for one field.

    `value` is JSON: money an int in fen, count an int, choice the choice's name, region a six-digit
    division code, period `{"start": "2021-03", "end": "2021-10" | None}`, file a stored file's id,
    everything else a string. `raw` keeps the person's own words. `details` holds what else was
    understood (`households`, `parts`, `per`, `ext`, `corrected` …), for staff.
    """

    value: Any
    raw: str = ""
    approximate: bool = False
    bound: Bound | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The answer as it stands in a filing's `answers` column; empty parts are left out."""
        row: dict[str, Any] = {"value": self.value, "raw": self.raw}
        if self.approximate:
            row["approximate"] = True
        if self.bound:
            row["bound"] = self.bound
        if self.details:
            row["details"] = dict(self.details)
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Answer":
        """The inverse of `as_json`."""
        return cls(
            value=row["value"],
            raw=row.get("raw", ""),
            approximate=row.get("approximate", False),
            bound=row.get("bound"),
            details=row.get("details", {}),
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why words could not be read: a code of `templates/complaints.html`, and what its text needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text was read.

    Exactly one of these holds: `complaint` is set (nothing was understood, `candidates` may suggest);
    `confirm` is true (a doubt: ask, `answer` is the likeliest reading, `candidates` what to tap);
    or `answer` is firm.
    """

    answer: Answer | None = None
    confirm: bool = False
    candidates: tuple[Answer, ...] = ()
    complaint: Complaint | None = None

    @property
    def firm(self) -> bool:
        """True when the answer may be taken without asking."""
        return self.answer is not None and not self.confirm and self.complaint is None


@dataclass(frozen=True, slots=True)
class Context:
    """What a field may look at besides the words: today's date in Asia/Shanghai, and places likely meant.

    `regions` are division codes the notice names (its 12 counties, say): they rank candidates, they
    never decide between two places that fit equally well. `areas` are places the notice names that are
    no division (片区, 革命老区), by every word for them, with their counties: offered, never decided upon.
    """

    today: date
    regions: tuple[str, ...] = ()
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Answers = Mapping[str, Answer]
