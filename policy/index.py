"""The index: every wording of the banks, and how near a question comes to each of them.

A question is compared with the rows of the bank (nearest wordings) and, by kernel ridge regression over the
rows nearest to it, with the classes they belong to. A class is what would be returned: one passage, or a set
of passages that answer together. Further columns tell untold topics and the attribute that is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from policy.spelling import Speller
from policy.vocabulary import Floats, Gathering, Places, Vocabulary, weigh
from policy.wording import VIEWS, Counts, features, mixed, normalise, readings

VIEW_WEIGHTS = {"characters": 1.0, "words": 1.6, "syllables": 0.7}
# What a view's unit vector is multiplied by, so that all views together have length one.
SCALES = {view: sqrt(weight / sum(VIEW_WEIGHTS.values())) for view, weight in VIEW_WEIGHTS.items()}
RIDGE = 1.0
STEPS = 10
NEIGHBOURS = 400
ROWS_A_PEAK = 32


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
        texts = [normalise(row.text) for row in rows]
        self.speller = Speller(texts)
        self.vocabularies: dict[str, Vocabulary] = {}
        self.matrix = self._matrix(counted or map(features, texts))
        self.columns = self.matrix.T.tocsr()

    @property
    def width(self) -> int:
        """How many features the rows have."""
        return int(self.matrix.shape[1])

    def _matrix(self, counted: Iterable[dict[str, Counts]]) -> sparse.csr_matrix:
        gathered = {view: Gathering() for view in VIEWS}
        for counts in counted:
            for view in VIEWS:
                gathered[view].add(counts[view])
        intents, parts, offset = np.array([row.intent for row in self.rows]), [], 0
        for view in VIEWS:
            self.vocabularies[view], part = weigh(gathered.pop(view), intents, offset)
            parts.append(part * SCALES[view])
            offset += part.shape[1]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def scores(self, near: Floats, common: Places, own: Sequence[Places]) -> Floats:
        """Columns of ridge regressions solved for this one question; a line for each element of `own`.

        Each looks at the nearest rows among the `common` ones and those of its own. Solving anew each time,
        by conjugate gradients, costs milliseconds and spares a model of rows by classes, which would neither
        fit nor be ready at start where thousands of passages are known.
        """
        level = _least_of_nearest(near[common])
        ready = common[near[common] >= level]
        chosen = [_nearest(near, np.concatenate([ready, rows[near[rows] >= level]])) for rows in own]
        rows = np.unique(np.concatenate(chosen))
        shared = _narrowed(self.matrix[rows])
        columns = shared.T.tocsr()
        weights = [_ridge(shared, columns, np.where(np.isin(rows, some), near[rows], 0)) for some in chosen]
        return np.asarray(np.stack(weights) @ self.targets[rows], np.float32)

    def read(self, question: str) -> list["Reading"]:
        """The readings of a question, the whole first, homophones put right by what the rows know."""
        return [Reading(counts, self) for counts in readings(self.speller.correct(normalise(question)))]

    def compare(self, counts: dict[str, Counts]) -> Likeness:
        """The likeness of a question, given as the features of its wording."""
        vectors = {view: self.vocabularies[view].vector(counts[view]) for view in VIEWS}
        values = {view: vectors[view][1] * np.float32(SCALES[view]) for view in VIEWS}
        views = tuple(self._near(vectors[view][0], values[view]) for view in VIEWS)
        return Likeness(
            rows=np.asarray(np.sum(views, axis=0), np.float32),
            views=views,
            ids=np.concatenate([vectors[view][0] for view in VIEWS]),
            mass=np.square(np.concatenate([values[view] for view in VIEWS])),
            unknown=(vectors["characters"][2] + vectors["words"][2]) / 2,
        )

    def _near(self, ids: Places, values: Floats) -> Floats:
        near = np.zeros(len(self.rows), np.float32)
        starts, ends = self.columns.indptr[ids], self.columns.indptr[ids + 1]
        for start, end, value in zip(starts, ends, values, strict=True):
            near[self.columns.indices[start:end]] += value * self.columns.data[start:end]
        return near


@dataclass(frozen=True)
class Reading:
    """One way to read a question: the features of its wording, and how near they come to the index's rows."""

    counts: dict[str, Counts]
    index: Index

    @cached_property
    def likeness(self) -> Likeness:
        """How it compares; found once, since several steps of a decision look at it."""
        return self.index.compare(self.counts)

    def beside(self, other: "Reading", weight: float) -> "Reading":
        """This reading with what another one says added at `weight`."""
        return Reading(mixed(self.counts, other.counts, weight), self.index)


def _least_of_nearest(near: Floats) -> float:
    """What a row must reach to be one of the nearest."""
    # That many peaks are that many rows: what lies below the lowest of the highest peaks need not be sorted.
    peaks = np.maximum.reduceat(near, np.arange(0, len(near), ROWS_A_PEAK)) if len(near) else near
    if len(peaks) > NEIGHBOURS:
        near = near[near >= np.partition(peaks, -NEIGHBOURS)[-NEIGHBOURS]]
    least = float(np.partition(near, -NEIGHBOURS)[-NEIGHBOURS]) if len(near) > NEIGHBOURS else 0.0
    return max(least, float(np.finfo(np.float32).tiny))


def _nearest(near: Floats, rows: Places) -> Places:
    if len(rows) <= NEIGHBOURS:
        return rows
    return rows[np.argpartition(-near[rows], NEIGHBOURS)[:NEIGHBOURS]]


def _narrowed(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Without the columns in which the rows hold nothing, lest products run over millions."""
    used, places = np.unique(rows.indices, return_inverse=True)
    return sparse.csr_matrix((rows.data, places, rows.indptr), shape=(rows.shape[0], len(used)))


def _ridge(rows: sparse.csr_matrix, columns: sparse.csr_matrix, goals: Floats) -> Floats:
    """The rows' weights in a kernel ridge regression on those of them that have a goal above 0."""
    taken = goals > 0
    weights, residual, direction = np.zeros_like(goals), goals.copy(), goals.copy()
    energy = float(residual @ residual)
    for _ in range(STEPS):
        image = taken * (rows @ (columns @ direction)) + RIDGE * direction
        step = energy / max(float(direction @ image), 1e-12)
        weights += step * direction
        residual -= step * image
        following = float(residual @ residual)
        direction = residual + following / max(energy, 1e-12) * direction
        energy = following
    return weights
