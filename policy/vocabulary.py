"""The features of one view of all rows: numbered, and weighed by how telling they are."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from policy.wording import Counts

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


class Gathering:
    """The rows' counts of one view's features, which are numbered as they come."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._places, self._counts, self._ends = array("i"), array("f"), array("q", [0])

    def add(self, counts: Counts) -> None:
        """Take the next row."""
        ids = self.ids
        self._places.extend([ids.setdefault(feature, len(ids)) for feature in counts])
        self._counts.extend(counts.values())
        self._ends.append(len(self._places))

    def matrix(self) -> sparse.csr_matrix:
        """A line of counts a row."""
        parts = (np.array(self._counts), np.array(self._places), np.array(self._ends))
        return sparse.csr_matrix(parts, shape=(len(self._ends) - 1, len(self.ids)))


@dataclass(frozen=True)
class Vocabulary:
    """The features of one view with their weights: rare among intents = telling."""

    offset: int
    ids: dict[str, int]
    idf: Floats
    unseen: float

    def vector(self, counts: Counts) -> tuple[Places, Floats, float]:
        """Column numbers and normalised values of known features, and the share of unknown mass."""
        numbers = np.array([self.ids.get(feature, -1) for feature in counts], np.int64)
        values = damped(np.array(list(counts.values()), np.float32))
        values *= np.where(numbers < 0, self.unseen, self.idf[numbers])
        known, total = numbers >= 0, float(values @ values)
        if not total:
            return numbers, values, 1.0
        unknown = float(values[~known] @ values[~known]) / total
        return numbers[known] + self.offset, values[known] / np.sqrt(total), unknown


def weigh(gathering: Gathering, intents: Places, offset: int) -> tuple[Vocabulary, sparse.csr_matrix]:
    """The vocabulary of the rows and their unit vectors; `intents` numbers each row's intent."""
    rows, width = gathering.matrix(), len(gathering.ids)
    lengths = np.diff(rows.indptr)
    held = np.sort(np.repeat(intents, lengths) * width + rows.indices)
    spread = np.bincount(held[np.diff(held, prepend=-1) > 0] % width, minlength=width)
    count = len(np.unique(intents))
    idf = np.log1p(count / spread).astype(np.float32)
    rows.data = damped(rows.data) * idf[rows.indices]
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(norms, lengths)
    return Vocabulary(offset, gathering.ids, idf, float(np.log1p(count))), rows


def damped(counts: Floats) -> Floats:
    """Counts whose growth tells less and less."""
    return np.where(counts < 1, counts, 1 + np.log(np.maximum(counts, 1)))
