"""How answers to a question set are judged: the measures of docs/policy.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """One question judged; `kind` and `style` are the set's."""

    answerable: bool
    answered: bool
    right: bool
    span: bool
    several: bool
    kind: str
    style: str


def read_set(path: Path) -> list[Row]:
    """The rows of a JSON Lines file; a dialogue becomes one row a turn (`id#1` …)."""
    rows: list[Row] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for number, turn in enumerate(row.get("turns", ()), start=1):
            kind = "first" if number == 1 else row["need"]
            rows.append({**turn, "id": f"{row['id']}#{number}", "kind": kind, "style": f"turn{number}"})
        if "turns" not in row:
            rows.append(row)
    return rows


def judge(row: Row, passages: Sequence[str], reply: str) -> Verdict:
    """Right: the first passage answers (any), or all needed ones are there (all), without padding."""
    gold, every = row["gold"], row["gold_mode"] == "all"
    room = max(3, len(gold) + 2) if every else 3
    found = set(gold) <= set(passages) if every else bool(passages) and passages[0] in gold
    fits = bool(passages) and len(passages) <= room
    text = squeezed(reply)
    span = fits and any(all(squeezed(part) in text for part in spans) for spans in row["answer_spans"])
    return Verdict(
        bool(gold),
        bool(passages),
        bool(gold) and found and fits,
        span,
        every,
        row["kind"],
        row.get("style", ""),
    )


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def figures(verdicts: Iterable[Verdict]) -> Mapping[str, float]:
    """Shares over a set, by the names that docs/policy.md uses; only those that apply."""
    rows = list(verdicts)
    told = [row for row in rows if row.answerable]
    untold = [row for row in rows if not row.answerable]
    near = [row for row in untold if row.kind == "na-near"]
    several = [row for row in told if row.several]
    found: dict[str, float] = {}
    if told:
        found["answered_correct"] = share(row.right for row in told)
        found["span_in_reply"] = share(row.span for row in told)
        found["wrong"] = share(row.answered and not row.right for row in told)
        found["wrongly_refused"] = share(not row.answered for row in told)
    if several:
        found["several_complete"] = share(row.right for row in several)
    if untold:
        found["refused_unanswerable"] = share(not row.answered for row in untold)
    if near:
        found["refused_near"] = share(not row.answered for row in near)
    return found


def share(flags: Iterable[bool]) -> float:
    """The share of true ones, three digits."""
    listed = list(flags)
    return round(sum(listed) / len(listed), 3)
