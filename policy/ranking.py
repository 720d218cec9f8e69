"""The learnt decision: how likely each candidate is to answer the question, from its signals.

The weights were fitted by `policy.training` on the banks, each wording asked while it was left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from policy.signals import NAMES, Candidate
from policy.vocabulary import Floats

WEIGHTS = Path(__file__).parent / "weights.json"


@dataclass(frozen=True)
class Decision:
    """A perceptron with one hidden layer over standardised signals."""

    mean: Floats
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    bias: float

    def chances(self, signals: Floats) -> Floats:
        """The chance, 0 to 1, that each line of signals belongs to a right answer."""
        standard = np.clip((signals - self.mean) / self.scale, -6, 6)
        inner = np.maximum(standard @ self.hidden + self.hidden_bias, 0)
        return np.asarray(1 / (1 + np.exp(-(inner @ self.output + self.bias))), np.float32)


class StaleWeights(Exception):
    """The weights were fitted on other signals than the code computes."""


@cache
def decision(path: Path = WEIGHTS) -> Decision:
    """The shipped weights; raises StaleWeights when they do not fit `signals.NAMES`."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if tuple(data["signals"]) != NAMES:
        raise StaleWeights(f"{path.name} was fitted on other signals; run python -m policy.training")
    lines = data["signals"].values()
    return Decision(
        mean=np.array([line["mean"] for line in lines], np.float32),
        scale=np.array([line["scale"] for line in lines], np.float32),
        hidden=np.array([line["weights"] for line in lines], np.float32),
        hidden_bias=np.array(data["hidden_bias"], np.float32),
        output=np.array(data["output"], np.float32),
        bias=data["bias"],
    )


def rank(candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
    """The candidates with their chances, likeliest first."""
    if not candidates:
        return []
    chances = decision().chances(np.stack([candidate.signals for candidate in candidates]))
    pairs = zip(map(float, chances), candidates, strict=True)
    return sorted(pairs, key=lambda pair: -pair[0])
