"""The division tree: codes, names, parents (source: divisions/data/README.md)."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Level = Literal["province", "city", "county"]

MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True, slots=True)
class Division:
    """A province, city or county. `parent` is the code of the division above, "" for a province.

    Counties of municipalities, and counties that a province governs directly, hang from the province.
    """

    code: str
    name: str
    level: Level
    parent: str


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _parent(code: str, names: Mapping[str, str]) -> str:
    if code.endswith("0000"):
        return ""
    city = code[:4] + "00"
    return city if city != code and city in names else code[:2] + "0000"


@cache
def overrides() -> Mapping[str, Any]:
    """The hand-written additions: `added`, `renamed`, `aliases`, `historic`."""
    text = files("divisions").joinpath("data/overrides.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def tree() -> Mapping[str, Division]:
    """All divisions by code, in the order of their codes."""
    text = files("divisions").joinpath("data/divisions.csv").read_text(encoding="utf-8")
    names = {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
    names.update(overrides()["added"])
    names.update(overrides()["renamed"])
    return {code: Division(code, names[code], _level(code), _parent(code, names)) for code in sorted(names)}


@cache
def _children() -> Mapping[str, tuple[Division, ...]]:
    below: defaultdict[str, list[Division]] = defaultdict(list)
    for division in tree().values():
        below[division.parent].append(division)
    return {code: tuple(found) for code, found in below.items()}


def get(code: str) -> Division:
    """The division of that six-digit code; KeyError when there is none."""
    return tree()[code]


def exists(code: str) -> bool:
    """True when the code is one of ours."""
    return code in tree()


def children(code: str = "") -> tuple[Division, ...]:
    """The divisions right below; without a code, the provinces. KeyError when the code is unknown."""
    if code:
        get(code)
    return _children().get(code, ())


def path(code: str) -> tuple[Division, ...]:
    """From the province down to the division itself; KeyError when the code is unknown."""
    division = get(code)
    return (*path(division.parent), division) if division.parent else (division,)


def full_name(code: str, separator: str = "") -> str:
    """`江苏省徐州市睢宁县`, or with separator `/` as the notice's column asks (省/市/县)."""
    return separator.join(division.name for division in path(code))


def within(code: str, ancestor: str) -> bool:
    """True when `code` is `ancestor` or lies in it; KeyError when `code` is unknown."""
    return any(division.code == ancestor for division in path(code))
