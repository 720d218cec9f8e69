"""What speaks for and against each class that might answer a question, as numbers for the learnt decision."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy.asked import fits
from policy.index import Index, Likeness, Row
from policy.knowledge import ATTRIBUTES, Knowledge
from policy.layout import Layout
from policy.vocabulary import Floats, Places
from policy.wording import strip_fillers

CANDIDATES = 6
NOTICES = 3
SPAN_WEIGHT = 0.35
FORM_WEIGHT = 0.15
NAMES = (
    "score",
    "lead",
    "nearest",
    "nearest_characters",
    "nearest_words",
    "nearest_syllables",
    "nearest_three",
    "untold_here",
    "untold_best",
    "untold_sum",
    "told_sum",
    "nearest_untold",
    "nearest_outside",
    "outside",
    "attribute",
    "attribute_lead",
    "covered",
    "unknown",
    "length",
    "elsewhere",
    "is_set",
    "nearest_lead",
    "rest_covered",
    "intent_covered",
    "intent_question",
    "intent_concepts",
    "intent_words",
    "untold_covered",
    "untold_question",
    "untold_concepts",
    "nearest_rival",
    "twin",
)


@dataclass(frozen=True)
class Candidate:
    """A class that might answer, the intent of it that is nearest, and the signals (`NAMES`)."""

    label: int
    intent: int
    signals: Floats


@dataclass(frozen=True)
class Sight:
    """A question as one notice sees it: what other notices leave untold says nothing here."""

    scores: Floats
    attributes: Floats
    told: Places
    rivals: NDArray[np.bool_]
    shared: tuple[float, ...]
    strange: tuple[float, float, float]


@dataclass(frozen=True)
class Comparison:
    """What all candidates of one question share, by class."""

    likeness: Likeness
    nearest: Floats
    told: NDArray[np.bool_]


class Signals:
    """Computes candidates over an index whose rows may be a part of the knowledge's rows."""

    def __init__(self, knowledge: Knowledge, index: Index, rows: list[Row]) -> None:
        self.knowledge = knowledge
        self.index = index
        self.layout = Layout(knowledge, index, rows)

    def candidates(
        self,
        likeness: Likeness,
        allowed: frozenset[str] | None = None,
        among: Set[int] | None = None,
    ) -> list[Candidate]:
        """The classes that most likely answer, in no order; only of the `allowed` notices where given.

        Where `among` is given, others than its classes are left out: they are not wanted.
        """
        layout, nearest = self.layout, self.layout.by_class(likeness.rows)
        numbers = layout.numbers(allowed)
        told = layout.told & np.isin(layout.notices, numbers)
        best = np.zeros(len(layout.slugs), np.float32)
        np.maximum.at(best, layout.notices[told], nearest[told])
        chosen = numbers[np.argsort(-best[numbers], kind="stable")][:NOTICES]
        if among is not None:
            chosen = chosen[np.isin(chosen, layout.notices[list(among)])]
        comparison = Comparison(likeness, nearest, told)
        found = []
        for sight in self._sights(comparison, chosen):
            labels = {*sight.told[np.argsort(-sight.scores[sight.told])[:CANDIDATES]].tolist()}
            labels |= {*sight.told[np.argsort(-nearest[sight.told])[:2]].tolist()}
            wanted = labels if among is None else labels & among
            found += [self._candidate(label, sight, comparison) for label in sorted(wanted)]
        return found

    def nearest_intent(self, label: int, likeness: Likeness, question: str) -> int | None:
        """The told intent of that class that a question asks for; None where the class has none.

        Likeness of wordings alone confuses the facts of one passage (大标题, 副标题): what the fact's own
        text says of the question counts too.
        """
        best: dict[int, float] = {}
        for row in self.layout.rows_of(label):
            intent = int(self.layout.intents[row])
            if self.knowledge.intents[intent].told:
                best[intent] = max(best.get(intent, 0.0), float(likeness.rows[row]))
        if not best:
            return None
        bare = strip_fillers(question)
        pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
        return max(
            best,
            key=lambda intent: (
                best[intent]
                + SPAN_WEIGHT * self._spoken(intent, pairs)
                + FORM_WEIGHT * self._has_form(intent, question)
            ),
        )

    def _has_form(self, intent: int, question: str) -> bool:
        told = self.knowledge.intents[intent].told
        return told is not None and fits(question, told.spans)

    def _spoken(self, intent: int, pairs: Set[str]) -> float:
        """The share of a question's character pairs that stand in the intent's facts."""
        told = self.knowledge.intents[intent].told
        text = "".join("".join(told.spans).split()) if told else ""
        return sum(pair in text for pair in pairs) / max(len(pairs), 1)

    def _sights(self, comparison: Comparison, numbers: Places) -> Iterator[Sight]:
        """The question as each of the numbered notices sees it."""
        if len(numbers):
            layout, near = self.layout, comparison.likeness.rows
            every = self.index.scores(near, layout.common, [layout.untold_rows[n] for n in numbers])
            for number, scores in zip(numbers, every, strict=True):
                yield self._sight(comparison, int(number), scores)

    def _sight(self, comparison: Comparison, number: int, every: Floats) -> Sight:
        layout, likeness, told = self.layout, comparison.likeness, comparison.told
        own = layout.untold & (layout.notices == number)
        scores, attributes = every[: len(layout.told)], every[len(layout.told) :]
        shared = (
            float(scores[own].max(initial=0)),
            float(scores[own].sum()),
            float(np.clip(scores[told], 0, None).sum()),
            float(comparison.nearest[own].max(initial=0)),
            float(comparison.nearest[layout.outside].max(initial=0)),
            float(scores[layout.outside].max(initial=0)),
            float(np.log1p(len(likeness.ids))),
            float(scores[told].max(initial=0) - scores[layout.told].max(initial=0)),
        )
        here = np.flatnonzero(told & (layout.notices == number))
        return Sight(scores, attributes, here, told, shared, self._strange(likeness, number))

    def _candidate(self, label: int, sight: Sight, comparison: Comparison) -> Candidate:
        layout, likeness, nearest = self.layout, comparison.likeness, comparison.nearest
        rows = layout.rows_of(label)
        top = rows[np.argsort(-likeness.rows[rows])[:3]]
        intent = int(layout.intents[top[0]])
        entry = self.knowledge.intents[intent].entry
        asked = sight.attributes[ATTRIBUTES.index(entry.attribute)] if entry else 0.0
        akin, others = layout.akin[label], sight.rivals.copy()
        others[akin] = False
        beside = layout.untold_near[label]
        scores, shared = sight.scores, sight.shared
        covered, rare_covered = layout.coverage(label, likeness)
        signals = [
            scores[label],
            scores[label] - scores[others].max(initial=0),
            nearest[label],
            *(view[rows].max() for view in likeness.views),
            likeness.rows[top].mean(),
            scores[beside] if beside >= 0 else 0.0,
            *shared[:6],
            asked,
            asked - sight.attributes.max(),
            covered,
            likeness.unknown,
            *shared[6:],
            float(layout.is_set[label]),
            nearest[label] - shared[3],
            rare_covered,
            *layout.known_to(intent, likeness),
            *sight.strange,
            nearest[label] - nearest[others].max(initial=0),
            nearest[akin].max(initial=0) - nearest[label],
        ]
        return Candidate(label, intent, np.array(signals, np.float32))

    def _strange(self, likeness: Likeness, number: int) -> tuple[float, float, float]:
        """What the notice's nearest untold intent knows of the question: of all, question words, concepts."""
        rows = self.layout.untold_rows[number]
        if not len(rows):
            return 0.0, 0.0, 0.0
        nearest = rows[likeness.rows[rows].argmax()]
        return self.layout.known_to(int(self.layout.intents[nearest]), likeness)[:3]
