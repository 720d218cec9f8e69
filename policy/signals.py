"""What speaks for and against each class that might answer a question, as numbers for the learnt decision."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy.asked import fits
from policy.index import Floats, Index, Likeness, Row
from policy.knowledge import ATTRIBUTES, Knowledge
from policy.layout import Layout
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
    told: NDArray[np.int64]
    rivals: NDArray[np.int64]
    shared: tuple[float, ...]
    strange: tuple[float, float, float]


@dataclass(frozen=True)
class Comparison:
    """What all candidates of one question share, by class."""

    likeness: Likeness
    nearest: Floats
    views: tuple[Floats, ...]
    covered: Floats
    rare_covered: Floats


class Signals:
    """Computes candidates over an index whose rows may be a part of the knowledge's rows."""

    def __init__(self, knowledge: Knowledge, index: Index, rows: list[Row]) -> None:
        self.knowledge = knowledge
        self.index = index
        self.layout = Layout(knowledge, index, rows)

    def candidates(self, likeness: Likeness, allowed: frozenset[str] | None = None) -> list[Candidate]:
        """The classes that most likely answer, in no order; only of the `allowed` notices where given."""
        layout = self.layout
        nearest = layout.by_class(likeness.rows)
        views = tuple(layout.by_class(view) for view in likeness.views)
        comparison = Comparison(likeness, nearest, views, *layout.coverage(likeness))
        told = layout.told if allowed is None else layout.told & np.isin(layout.notices, list(allowed))
        best = {
            slug: float(nearest[told & (layout.notices == slug)].max(initial=0))
            for slug in self._slugs(allowed)
        }
        found = []
        for slug in sorted(best, key=lambda slug: -best[slug])[:NOTICES]:
            sight = self._sight(comparison, slug, told)
            labels = set(sight.told[np.argsort(-sight.scores[sight.told])[:CANDIDATES]])
            labels |= set(sight.told[np.argsort(-nearest[sight.told])[:2]])
            found += [self._candidate(int(label), sight, comparison) for label in sorted(labels)]
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
        return max(
            best,
            key=lambda intent: (
                best[intent]
                + SPAN_WEIGHT * self._spoken(intent, question)
                + FORM_WEIGHT * self._has_form(intent, question)
            ),
        )

    def _has_form(self, intent: int, question: str) -> bool:
        told = self.knowledge.intents[intent].told
        return told is not None and fits(question, told.spans)

    def _spoken(self, intent: int, question: str) -> float:
        """The share of a question's character pairs that stand in the intent's facts."""
        told = self.knowledge.intents[intent].told
        bare = strip_fillers(question)
        pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
        text = "".join("".join(told.spans).split()) if told else ""
        return sum(pair in text for pair in pairs) / max(len(pairs), 1)

    def _slugs(self, allowed: frozenset[str] | None) -> list[str]:
        return [slug for slug in self.knowledge.notices if allowed is None or slug in allowed]

    def _sight(self, comparison: Comparison, slug: str, told: NDArray[np.bool_]) -> Sight:
        layout, likeness = self.layout, comparison.likeness
        own = layout.untold & (layout.notices == slug)
        usable = (layout.told | layout.outside | own)[layout.labels]
        every = self.index.scores(likeness.rows, usable)
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
        here = np.flatnonzero(told & (layout.notices == slug))
        return Sight(scores, attributes, here, np.flatnonzero(told), shared, self._strange(likeness, own))

    def _candidate(self, label: int, sight: Sight, comparison: Comparison) -> Candidate:
        layout, likeness, nearest = self.layout, comparison.likeness, comparison.nearest
        rows = layout.rows_of(label)
        top = rows[np.argsort(-likeness.rows[rows])[:3]]
        intent = int(layout.intents[top[0]])
        entry = self.knowledge.intents[intent].entry
        asked = sight.attributes[ATTRIBUTES.index(entry.attribute)] if entry else 0.0
        akin = layout.akin[label]
        others = sight.rivals[~np.isin(sight.rivals, akin)]
        beside = layout.untold_near[label]
        scores, shared = sight.scores, sight.shared
        signals = [
            scores[label],
            scores[label] - scores[others].max(initial=0),
            nearest[label],
            *(view[label] for view in comparison.views),
            likeness.rows[top].mean(),
            scores[beside] if beside >= 0 else 0.0,
            *shared[:6],
            asked,
            asked - sight.attributes.max(),
            comparison.covered[label],
            likeness.unknown,
            *shared[6:],
            float(layout.is_set[label]),
            nearest[label] - shared[3],
            comparison.rare_covered[label],
            *layout.known_to(intent, likeness),
            *sight.strange,
            nearest[label] - nearest[others].max(initial=0),
            nearest[akin].max(initial=0) - nearest[label],
        ]
        return Candidate(label, intent, np.array(signals, np.float32))

    def _strange(self, likeness: Likeness, own: NDArray[np.bool_]) -> tuple[float, float, float]:
        """What the nearest untold intent knows of the question: of all, question words, concepts."""
        near = np.where(own[self.layout.labels], likeness.rows, -1)
        if not len(near) or near.max() < 0:
            return 0.0, 0.0, 0.0
        return self.layout.known_to(int(self.layout.intents[near.argmax()]), likeness)[:3]
