"""Words that tell a near miss from what it resembles: in 买农产品能抵税吗, 抵税.

A near miss shares its topic with wordings that are answered. What gives it away is a word that the bank of
the notice knows only from what the notice leaves untold.
"""

from functools import reduce

import numpy as np

from policy.index import Index, Reading
from policy.layout import Layout
from policy.vocabulary import Places
from policy.wording import concept_spans

SIGHTINGS = 3
AS_NEAR = 0.7
LONGEST_GRAM = 3


def untold_instead(reading: Reading, label: int, layout: Layout) -> int | None:
    """The number of the row, of what the class's notice leaves untold, that a question rather asks; or None.

    It is the nearest one that shares a telltale word with a clause that asks, and nearly as near as the
    class's own nearest row: a single word must not outweigh a wording that is asked almost word for word.
    """
    near = reading.likeness.rows
    least = AS_NEAR * near[layout.rows_of(label)].max()
    notice = int(layout.notices[label])
    rows = [_sightings(word, notice, reading.index, layout) for word in _asked(reading)]
    found = [int(some[near[some].argmax()]) for some in rows if len(some)]
    best = max(found, key=lambda row: near[row], default=None)
    return best if best is not None and near[best] >= least else None


def _asked(reading: Reading) -> list[str]:
    """The words of the clauses that ask, but for those with a concept: the bank may say them otherwise."""
    return [
        word
        for word, count in reading.counts["words"].items()
        if count >= 1 and len(word) > 1 and "#" not in word and (0, len(word)) not in concept_spans(word)
    ]


def _sightings(word: str, notice: int, index: Index, layout: Layout) -> Places:
    """The untold rows of a notice that hold a word; none where they are few or any told row holds it too."""
    rows = _holding(word, index)
    rows = rows[layout.notices[layout.labels[rows]] == notice]
    untold = rows[layout.untold[layout.labels[rows]]]
    telling = SIGHTINGS <= len(untold) == len(rows)
    return np.asarray(untold if telling else rows[:0], np.int64)


def _holding(word: str, index: Index) -> Places:
    """The rows in which a word stands, however their own words are cut."""
    characters = index.vocabularies["characters"]
    grams = [word[at : at + LONGEST_GRAM] for at in range(max(1, len(word) - LONGEST_GRAM + 1))]
    if any(gram not in characters.ids for gram in grams):
        return np.zeros(0, np.int64)
    lines = [characters.offset + characters.ids[gram] for gram in grams]
    starts, ends = index.columns.indptr[lines], index.columns.indptr[np.array(lines) + 1]
    columns = (index.columns.indices[start:end] for start, end in zip(starts, ends, strict=True))
    return np.asarray(reduce(np.intersect1d, columns), np.int64)
