"""Cases written by another hand, without sight of the grammar: nearly all as meant, none wrong silently."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.commands.parse import parse_row
from scripts.score_readings import verdict

DATA = Path(__file__).parent / "data"
SETS = {
    name: [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("blind", "blind_third", "blind_fourth")
}
CASES = [case for cases in SETS.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['field']}-{case['raw']}")
def test_no_value_is_wrong_silently(case: dict) -> None:
    got = parse_row(case)
    assert verdict(case["expected"], got) != "silent", got


@pytest.mark.parametrize("name", SETS)
def test_nearly_all_values_are_read_as_meant(name: str) -> None:
    judged = Counter(verdict(case["expected"], parse_row(case)) for case in SETS[name])
    assert judged["right"] >= 0.97 * len(SETS[name]), judged
    assert judged["needless"] <= 0.02 * len(SETS[name]), judged
