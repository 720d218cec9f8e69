"""Finding the header of a table: which row it is, and which column holds what."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from imports.lexicon import fold, folded, in_brackets, lexicon, without_brackets
from imports.task import Task
from workbooks import Cells

SEARCHED_ROWS = 60
_EXACT, _BARE, _KNOWN, _PART = 100.0, 97.0, 94.0, 80.0
_ALIKE = 80.0
_ENOUGH = 70.0
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Target:
    """What a column may hold: a `field` of the form, or with `own` a fact of the filer."""

    field: str
    own: bool
    labels: frozenset[str]
    bare: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was recognized; a place may stand in several. `unit` is added to its bare numbers."""

    target: Target
    places: tuple[int, ...]
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (`row`, its last row, from 0), what it names, and labels nobody knows."""

    row: int
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    score: float
    certain: bool

    def fields(self) -> frozenset[str]:
        """The form's fields that have a column."""
        return frozenset(column.target.field for column in self.columns if not column.target.own)


def targets(task: Task) -> tuple[Target, ...]:
    """Everything a column of a table for this task may hold."""
    found = []
    for field in task.form.fields:
        labels = (field.label, *task.labels.get(field.name, ()))
        words = folded("projections", field.projection) if field.projection else frozenset()
        found.append(_target(field.name, labels, words, own=False))
    for name in ("name", "credit_code"):
        labels = task.organization_labels.get(name, ())
        found.append(_target(name, labels, folded("organization", name), own=True))
    return tuple(found)


def _target(name: str, labels: Sequence[str], words: frozenset[str], *, own: bool) -> Target:
    whole = frozenset(fold(label) for label in labels)
    return Target(name, own, whole, frozenset(fold(without_brackets(label)) for label in labels), words)


def find_header(
    cells: Cells, wanted: tuple[Target, ...], region: str, money: frozenset[str]
) -> Header | None:
    """The best header among the first rows; None when no row looks like one.

    `region` is the form's field for a place, which alone may stand in several columns; `money` are its
    fields for amounts, whose header may name their unit.
    """
    best: Header | None = None
    every = {target.field for target in wanted if not target.own}
    for row in range(min(len(cells.rows), SEARCHED_ROWS)):
        if sum(1 for cell in cells.rows[row] if isinstance(cell, str) and cell) < 2:
            continue
        single = _Row(cells, row, row).header(wanted, region, money)
        double = (
            _Row(cells, row, row + 1).header(wanted, region, money) if row + 1 < len(cells.rows) else None
        )
        for header in (single, double):
            if header and len(header.fields()) >= 2 and (best is None or header.score > best.score + 1):
                best = header
        if best and best.fields() == every and best.certain:
            break
    return best


class _Row:
    """A row, or two that make one header, being compared with what is wanted."""

    def __init__(self, cells: Cells, first: int, last: int) -> None:
        self._cells, self._first, self._last = cells, first, last
        self._spans = {
            area[1]: area[3] for area in cells.merges if area[0] <= first <= area[2] and area[3] > area[1]
        }
        upper = self._spread(cells.rows[first])
        lower = self._texts(cells.rows[last]) if last > first else [""] * len(upper)
        width = max(len(upper), len(lower))
        upper += [""] * (width - len(upper))
        lower += [""] * (width - len(lower))
        self._pairs = list(zip(upper, lower, strict=True))

    def _texts(self, row: Sequence[object]) -> list[str]:
        return [cell.strip() if isinstance(cell, str) else "" for cell in row]

    def _spread(self, row: Sequence[object]) -> list[str]:
        texts = self._texts(row)
        if self._last > self._first:
            for start, end in self._spans.items():
                for place in range(start + 1, min(end + 1, len(texts))):
                    texts[place] = texts[place] or texts[start]
        return texts

    def header(self, wanted: tuple[Target, ...], region: str, money: frozenset[str]) -> Header | None:
        scored = sorted(
            (
                (score, place, index)
                for place, pair in enumerate(self._pairs)
                for index, target in enumerate(wanted)
                if (score := self._score(pair, target)) >= _ENOUGH
            ),
            key=lambda item: (-item[0], item[1]),
        )
        place_of = next((i for i, item in enumerate(wanted) if item.field == region and not item.own), -1)
        whole = any(index == place_of and score >= _KNOWN for score, _, index in scored)
        parts = () if whole or place_of < 0 else self._parts()
        taken: dict[int, tuple[int, float]] = {}
        places = set(parts)
        for score, place, index in scored:
            if index not in taken and place not in places and not (parts and index == place_of):
                taken[index] = (place, score)
                places.add(place)
        columns = [self._column(wanted[index], place, region, money) for index, (place, _) in taken.items()]
        if parts:
            label = "/".join("".join(self._pairs[place]) for place in parts)
            columns.append(Column(wanted[place_of], parts, label))
        if not columns:
            return None
        score = sum(value for _, value in taken.values()) + 150 * bool(parts)
        # A second row that adds nothing is not part of the header.
        score -= 30 * (self._last - self._first)
        certain = all(value >= _KNOWN for _, value in taken.values())
        return Header(self._last, tuple(columns), self._unread(places), score, certain)

    def _parts(self) -> tuple[int, ...]:
        """Columns for province, city and county, where at least two of them stand apart."""
        found = []
        for kind in ("province", "city", "county"):
            words = folded("parts", kind)
            for place, (upper, lower) in enumerate(self._pairs):
                if fold(without_brackets(lower or upper)) in words or fold(lower or upper) in words:
                    found.append(place)
                    break
        return tuple(found) if len(found) > 1 else ()

    def _score(self, pair: tuple[str, str], target: Target) -> float:
        upper, lower = pair
        texts = [text for text in (lower, upper + lower, upper if not lower else "") if text]
        return max((score_text(text, target) for text in texts), default=0.0)

    def _column(self, target: Target, place: int, region: str, money: frozenset[str]) -> Column:
        label = "".join(self._pairs[place])
        last = place
        if target.field == region and not target.own and self._last == self._first:
            last = self._spans.get(place, place)
        unit = ""
        if not target.own:
            units = lexicon()["units"]["money" if target.field in money else "count"]
            unit = next((value for name, value in units.items() if in_brackets(label).startswith(name)), "")
        return Column(target, tuple(range(place, last + 1)), label, unit)

    def _unread(self, places: set[int]) -> tuple[str, ...]:
        labels = dict.fromkeys("".join(pair) for place, pair in enumerate(self._pairs) if place not in places)
        return tuple(label for label in labels if label and fold(label) not in folded("ignored"))


def score_text(text: str, target: Target) -> float:
    """How well a header text fits, 0 to 100."""
    whole, bare = fold(text), fold(without_brackets(text))
    if not whole or len(whole) > _LONGEST:
        return 0.0
    if whole in target.labels:
        return _EXACT
    if bare and (bare in target.bare or bare in target.labels):
        return _BARE
    if whole in target.words or bare in target.words:
        return _KNOWN
    if bare in folded("ignored"):
        return 0.0
    known = target.bare | target.words
    parts = [word for word in known if len(word) >= 3 and word in bare]
    if parts:
        return _PART + 10 * max(map(len, parts)) / len(bare)
    best = max((fuzz.ratio(bare, word) for word in known if len(word) >= 3), default=0.0)
    return best * 0.9 if best >= _ALIKE else 0.0
