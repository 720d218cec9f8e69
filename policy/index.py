"""The index: every wording of the banks, and how near a question comes to each of them.

A question is compared with the rows of the bank (nearest wordings) and, by kernel ridge regression over the
rows nearest to it, with the classes they belong to. A class is what would be returned: one passage, or a set
of passages that answer together. Further columns tell untold topics and the attribute that is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from policy.spelling import Speller
from policy.wording import VIEWS, Counts, features, normalise, readings

Floats = NDArray[np.float32]

VIEW_WEIGHTS = {"characters": 1.0, "words": 1.6, "syllables": 0.7}
# What a view's unit vector is multiplied by, so that all views together have length one.
SCALES = {view: sqrt(weight / sum(VIEW_WEIGHTS.values())) for view, weight in VIEW_WEIGHTS.items()}
RIDGE = 1.0
STEPS = 10
NEIGHBOURS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A text that stands for an intent: `label` is the class's number, `intent` the entry's."""

    text: str
    label: int
    intent: int
    weight: float = 1.0


@dataclass(frozen=True)
class Likeness:
    """How a question compares: row similarities together and by view, its features and their mass."""

    rows: Floats
    views: tuple[Floats, ...]
    ids: NDArray[np.int64]
    mass: Floats
    unknown: float


@dataclass
class Vocabulary:
    """The features of one view with their weights: rare among intents = telling."""

    offset: int
    ids: dict[str, int] = field(default_factory=dict)
    idf: list[float] = field(default_factory=list)
    unseen: float = 1.0

    def vector(self, counts: Counts) -> tuple[list[int], list[float], float]:
        """Column numbers and normalised values of known features, and the share of unknown mass."""
        ids, values, unknown = [], [], 0.0
        for feature, count in counts.items():
            damped = count if count < 1 else 1 + log(count)
            number = self.ids.get(feature)
            if number is None:
                unknown += (damped * self.unseen) ** 2
            else:
                ids.append(number + self.offset)
                values.append(damped * self.idf[number])
        known = sum(value * value for value in values)
        total = known + unknown
        scale = 1 / sqrt(total) if total else 0.0
        return ids, [value * scale for value in values], unknown / total if total else 1.0


class Index:
    """Rows of wordings, made comparable; `targets` holds one line of goals a row."""

    def __init__(
        self,
        rows: Sequence[Row],
        targets: sparse.csr_matrix,
        counted: Sequence[dict[str, Counts]] | None = None,
    ) -> None:
        """`counted` are the rows' features where they are known already."""
        self.rows = rows
        self.targets = targets
        self.speller = Speller(normalise(row.text) for row in rows)
        counted = counted or [features(row.text) for row in rows]
        self.vocabularies = self._vocabularies(counted)
        self.width = sum(len(vocabulary.ids) for vocabulary in self.vocabularies.values())
        self.matrix = self._matrix(counted)
        self.columns = self.matrix.T.tocsr()

    def _vocabularies(self, counted: Sequence[dict[str, Counts]]) -> dict[str, Vocabulary]:
        found: dict[str, Vocabulary] = {}
        offset = 0
        intents = len({row.intent for row in self.rows})
        for view in VIEWS:
            seen: dict[str, set[int]] = {}
            for row, counts in zip(self.rows, counted, strict=True):
                for feature in counts[view]:
                    seen.setdefault(feature, set()).add(row.intent)
            spread = np.array([len(where) for where in seen.values()], np.float32)
            found[view] = Vocabulary(
                offset,
                {feature: number for number, feature in enumerate(seen)},
                np.log1p(intents / np.maximum(spread, 1)).tolist(),
                float(np.log1p(intents)),
            )
            offset += len(seen)
        return found

    def _matrix(self, counted: Iterable[dict[str, Counts]]) -> sparse.csr_matrix:
        ids: list[int] = []
        values: list[float] = []
        ends = [0]
        for counts in counted:
            for view in VIEWS:
                found, weights, _ = self.vocabularies[view].vector(counts[view])
                ids += found
                values += [weight * SCALES[view] for weight in weights]
            ends.append(len(ids))
        return sparse.csr_matrix(
            (np.array(values, np.float32), np.array(ids), np.array(ends)), shape=(len(ends) - 1, self.width)
        )

    def scores(self, near: Floats, usable: NDArray[np.bool_]) -> Floats:
        """Columns of a ridge regression over the nearest usable rows, solved for this one question.

        Solving anew each time, by conjugate gradients, costs milliseconds and spares a model of rows by
        classes, which would neither fit nor be ready at start where thousands of passages are known.
        """
        ready = np.flatnonzero(usable & (near > 0))
        if len(ready) > NEIGHBOURS:
            ready = ready[np.argpartition(-near[ready], NEIGHBOURS)[:NEIGHBOURS]]
        rows = self.matrix[ready]
        columns = rows.T.tocsr()
        residual = near[ready].copy()
        weights, direction = np.zeros_like(residual), residual.copy()
        energy = float(residual @ residual)
        for _ in range(STEPS):
            image = rows @ (columns @ direction) + RIDGE * direction
            step = energy / max(float(direction @ image), 1e-12)
            weights += step * direction
            residual -= step * image
            following = float(residual @ residual)
            direction = residual + following / max(energy, 1e-12) * direction
            energy = following
        return np.asarray(self.targets[ready].T @ weights, np.float32)

    def read(self, question: str) -> list[dict[str, Counts]]:
        """The readings of a question, homophones put right by what the rows know."""
        return readings(self.speller.correct(normalise(question)))

    def compare(self, counts: dict[str, Counts]) -> Likeness:
        """The likeness of a question, given as the features of its wording."""
        views, every_id, every_value = [], [], []
        unknown = 0.0
        for view in VIEWS:
            ids, values, missing = self.vocabularies[view].vector(counts[view])
            if view != "syllables":
                unknown += missing / 2
            views.append(self._near(ids, [value * SCALES[view] for value in values]))
            every_id += ids
            every_value += [value * SCALES[view] for value in values]
        together = np.asarray(np.sum(views, axis=0, dtype=np.float32), np.float32)
        return Likeness(
            rows=together,
            views=tuple(views),
            ids=np.array(every_id, np.int64),
            mass=np.square(np.array(every_value, np.float32)),
            unknown=unknown,
        )

    def _near(self, ids: list[int], values: list[float]) -> Floats:
        near = np.zeros(len(self.rows), np.float32)
        starts, ends = self.columns.indptr[ids], self.columns.indptr[np.array(ids, int) + 1]
        for start, end, value in zip(starts, ends, values, strict=True):
            near[self.columns.indices[start:end]] += value * self.columns.data[start:end]
        return near
