"""What people really typed, and what they might type, is read as it was meant."""

import json
from pathlib import Path

import pytest

import forms
from bot.commands.parse import _context, _field, parse_row
from scripts.score_readings import verdict

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "messy.jsonl").read_text(encoding="utf-8").splitlines()]
IMAGINED = [
    line.split("\t")
    for line in (DATA / "imagined.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['field']}-{case['raw']}")
def test_typed_value_is_read_as_meant(case: dict) -> None:
    got = parse_row(case)
    assert verdict(case["expected"], got) == "right", got


def told(field: forms.Field, reading: forms.Reading) -> str:
    """A reading in the notation of imagined.tsv."""

    def value(answer: forms.Answer) -> str:
        if field.type == "money":
            return f"{forms.export_value(field, answer):f}"
        if field.type == "period":
            return f"{answer.value['start']} {answer.value['end'] or '-'}"
        return forms.show(field, answer) if field.type == "choice" else str(answer.value)

    if reading.complaint is not None:
        return f"!{reading.complaint.code}"
    answer = reading.answer
    assert answer is not None
    options = reading.candidates or (answer,)
    said = "?" + " ".join(map(value, options)) if reading.confirm else value(answer)
    bound = f" {answer.bound}" if answer.bound else ""
    corrected = " corrected" if answer.details.get("corrected") else ""
    return ("约" if answer.approximate else "") + said + bound + corrected


@pytest.mark.parametrize(("name", "raw", "meant"), IMAGINED, ids=lambda part: part)
def test_imagined_value_is_read_as_meant(name: str, raw: str, meant: str) -> None:
    field = _field("invested_wan" if name == "money" else name)
    assert told(field, forms.read(field, raw, _context({"today": "2021-10-15"}))) == meant
