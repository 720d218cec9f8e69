"""Fit the learnt decision on the published banks: `python -m policy.training` writes `policy/weights.json`.

Each wording is asked while it, or for many entries all wordings of it, is left out of the index; so the
decision learns from questions the index has not seen, from hands unlike those of the bank and from topics
nobody thought of.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

import notices
from notices.bank import load_bank
from policy.index import Index
from policy.jurisdiction import named_notices
from policy.knowledge import Knowledge
from policy.ranking import WEIGHTS, Decision
from policy.signals import NAMES, Candidate, Signals
from policy.vocabulary import Floats
from policy.wording import features, normalise

FOLDS = 8
HIDDEN = 24
# The share of entries of a kind that are left out with all their wordings.
WHOLE = {"told": 0.3, "untold": 0.5}


@dataclass(frozen=True)
class Asked:
    """A left-out wording: the number of its row, the candidates found for it, and which of them are right."""

    row: int
    candidates: list[Candidate]
    right: list[bool]


def published() -> Knowledge:
    """The knowledge of all published packs."""
    catalog = notices.load()
    banks = {item.slug: load_bank(notices.PUBLISHED / item.slug / "questions") for item in catalog.notices}
    return Knowledge(catalog.notices, banks)


def folds(knowledge: Knowledge) -> list[int]:
    """The fold in which each row is left out; -1 for rows that are no wording and always stay.

    Some entries go as a whole: a person unlike any who wrote for the bank shares no entry with them.
    """
    draw = random.Random(0)
    whole = [
        draw.randrange(FOLDS) if draw.random() < WHOLE.get(intent.kind, 0) else None
        for intent in knowledge.intents
    ]
    found = []
    for row in knowledge.rows:
        together = whole[row.intent]
        fold = draw.randrange(FOLDS) if together is None else together
        found.append(fold if row.weight == 1 else -1)
    return found


def leave_out(knowledge: Knowledge) -> Iterator[Asked]:
    """Ask every wording of the banks of an index that does not hold it."""
    where, targets = folds(knowledge), knowledge.targets()
    counted = [features(normalise(row.text)) for row in knowledge.rows]
    for fold in range(FOLDS):
        kept = [number for number, other in enumerate(where) if other != fold]
        rows = [knowledge.rows[number] for number in kept]
        signals = Signals(knowledge, Index(rows, targets[kept], [counted[number] for number in kept]), rows)
        for number, other in enumerate(where):
            if other == fold:
                yield ask(knowledge, signals, number)


def ask(knowledge: Knowledge, signals: Signals, number: int) -> Asked:
    """Ask one row's text and judge the candidates."""
    text = knowledge.rows[number].text
    likeness = signals.index.read(text)[0].likeness
    candidates = signals.candidates(likeness, named_notices(text, knowledge))
    return Asked(number, candidates, [answers(knowledge, number, item.label) for item in candidates])


def answers(knowledge: Knowledge, number: int, label: int) -> bool:
    """Whether returning that class answers the wording of row `number`."""
    told = knowledge.intents[knowledge.rows[number].intent].told
    if told is None:
        return False
    anchors = knowledge.classes[label].anchors
    if told.mode == "all":
        return set(told.anchors) <= set(anchors)
    return len(anchors) == 1 and anchors[0] in told.anchors


def fit(asked: list[Asked]) -> Decision:
    """A small perceptron that tells right candidates from wrong ones."""
    signals = np.concatenate(
        [np.stack([c.signals for c in item.candidates]) for item in asked if item.candidates]
    )
    right = np.concatenate([np.array(item.right, int) for item in asked if item.candidates])
    scaler = StandardScaler().fit(signals)
    model = MLPClassifier(
        (HIDDEN,), alpha=0.3, learning_rate_init=3e-3, max_iter=40, early_stopping=True, random_state=1
    )
    model.fit(np.clip(scaler.transform(signals), -6, 6), right)
    (hidden, output), (hidden_bias, bias) = model.coefs_, model.intercepts_
    return Decision(
        as_floats(scaler.mean_),
        as_floats(scaler.scale_),
        as_floats(hidden),
        as_floats(hidden_bias),
        as_floats(output[:, 0]),
        float(bias[0]),
    )


def as_floats(values: object) -> Floats:
    """The values as the network stores them."""
    return np.asarray(values, np.float32)


def write(decision: Decision) -> None:
    """Store the weights where the engine reads them, rounded to what matters."""
    signals = {
        name: {"mean": short(mean), "scale": short(scale), "weights": [short(weight) for weight in weights]}
        for name, mean, scale, weights in zip(
            NAMES, decision.mean, decision.scale, decision.hidden, strict=True
        )
    }
    data = {
        "bias": short(decision.bias),
        "output": [short(weight) for weight in decision.output],
        "hidden_bias": [short(weight) for weight in decision.hidden_bias],
        "signals": signals,
    }
    WEIGHTS.write_text(json.dumps(data) + "\n", encoding="utf-8")


def short(value: float) -> float:
    """The number with five significant digits."""
    return float(f"{value:.5g}")


def main() -> None:
    """Fit on the published banks and write the weights."""
    knowledge = published()
    write(fit(list(leave_out(knowledge))))


if __name__ == "__main__":
    main()
