"""How the index's rows group into classes and intents, as arrays."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from policy.index import Index, Likeness, Row
from policy.knowledge import Knowledge
from policy.vocabulary import Floats, Places


class Layout:
    """The classes' kinds and relations, and which features the rows of a class or an intent use."""

    def __init__(self, knowledge: Knowledge, index: Index, rows: list[Row]) -> None:
        classes = knowledge.classes
        self.labels = np.array([row.label for row in rows])
        self.intents = np.array([row.intent for row in rows])
        self.order = np.argsort(self.labels, kind="stable")
        self.present, self.starts = np.unique(self.labels[self.order], return_index=True)
        self.told = np.array([item.kind == "told" for item in classes])
        self.untold = np.array([item.kind == "untold" for item in classes])
        self.outside = ~(self.told | self.untold)
        self.slugs = list(knowledge.notices)
        numbers = {slug: number for number, slug in enumerate(self.slugs)}
        self.notices = np.array([numbers.get(item.notice, -1) for item in classes])
        self.common = np.flatnonzero(~self.untold[self.labels])
        self.untold_rows = self._untold_rows()
        self.is_set = np.array([len(item.anchors) > 1 for item in classes])
        self.untold_near = _untold_near(knowledge)
        self.akin = _akin(knowledge)
        self.sorts = _sorts(index)
        self.intent_uses = _uses(self.intents, len(knowledge.intents), index)
        self.class_uses = _uses(self.labels, len(classes), index)

    def by_class(self, values: Floats) -> Floats:
        """The greatest of the rows' values for each class."""
        best = np.zeros(len(self.told), np.float32)
        best[self.present] = np.maximum.reduceat(values[self.order], self.starts)
        return best

    def numbers(self, allowed: frozenset[str] | None) -> Places:
        """The numbers of the allowed notices, or of all."""
        return np.array([n for n, slug in enumerate(self.slugs) if allowed is None or slug in allowed], int)

    def rows_of(self, label: int) -> NDArray[np.int64]:
        """The numbers of a class's rows."""
        at = int(np.searchsorted(self.present, label))
        end = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.order)
        return np.asarray(self.order[self.starts[at] : end], np.int64)

    def known_to(self, intent: int, likeness: Likeness) -> tuple[float, float, float, float]:
        """The share of the question that the intent's rows know: of all, question words, concepts, words."""
        if not len(likeness.ids):
            return 0.0, 0.0, 0.0, 0.0
        known = _known(self.intent_uses, intent, likeness)
        sorts = self.sorts[likeness.ids]
        shares = [float(likeness.mass[known].sum())]
        for sort in (1, 2, 3):
            mass = likeness.mass[sorts == sort]
            share = likeness.mass[known & (sorts == sort)].sum() / mass.sum() if len(mass) else 1.0
            shares.append(float(share))
        return shares[0], shares[1], shares[2], shares[3]

    def coverage(self, label: int, likeness: Likeness) -> tuple[float, float]:
        """The share of the question's mass that the class's rows know; and of what is rare in it."""
        if not len(likeness.ids):
            return 0.0, 0.0
        known = _known(self.class_uses, label, likeness)
        rare = likeness.mass >= np.median(likeness.mass)
        heavy = float(likeness.mass[rare].sum())
        return float(likeness.mass[known].sum()), float(likeness.mass[known & rare].sum()) / max(heavy, 1e-6)

    def _untold_rows(self) -> list[Places]:
        """For each notice the rows of what it leaves untold."""
        rows = np.flatnonzero(self.untold[self.labels])
        notices = self.notices[self.labels[rows]]
        return [rows[notices == number] for number in range(len(self.slugs))]


def _known(uses: sparse.csr_matrix, line: int, likeness: Likeness) -> NDArray[np.bool_]:
    """Which of the question's features that line has."""
    used = uses.indices[uses.indptr[line] : uses.indptr[line + 1]]
    if not len(used):
        return np.zeros(len(likeness.ids), bool)
    return np.asarray(used.take(np.searchsorted(used, likeness.ids), mode="clip") == likeness.ids)


def _uses(groups: NDArray[np.int64], count: int, index: Index) -> sparse.csr_matrix:
    """A line for each group of rows with 1 at each feature that one of them has."""
    members = sparse.csr_matrix(
        (np.ones(len(groups), np.float32), (groups, np.arange(len(groups)))), shape=(count, len(groups))
    )
    used = (members @ (index.matrix != 0).astype(np.float32)).tocsr()
    used.data[:] = 1
    used.sort_indices()
    return used


def _sorts(index: Index) -> NDArray[np.int64]:
    """For each feature: 1 a question concept, 2 another concept, 3 a word, 0 anything else."""
    sorts = np.zeros(index.width, np.int64)
    words = index.vocabularies["words"]
    for feature, number in words.ids.items():
        if "+" not in feature:
            sort = 1 if feature.startswith("#?") else 2 if feature.startswith("#") else 3
            sorts[number + words.offset] = sort
    return sorts


def _untold_near(knowledge: Knowledge) -> NDArray[np.int64]:
    """For each class the untold class of its first passage, or -1."""
    numbers = {item.anchors[:1]: n for n, item in enumerate(knowledge.classes) if item.kind == "untold"}
    return np.array([numbers.get(item.anchors[:1], -1) for item in knowledge.classes])


def _akin(knowledge: Knowledge) -> list[NDArray[np.int64]]:
    """For each class the told classes that share a passage with it, itself among them: no rivals."""
    holding: dict[str, list[int]] = {}
    for number, item in enumerate(knowledge.classes):
        for anchor in item.anchors if item.kind == "told" else ():
            holding.setdefault(anchor, []).append(number)
    return [
        np.array(sorted({other for anchor in item.anchors for other in holding.get(anchor, ())}), np.int64)
        for item in knowledge.classes
    ]
