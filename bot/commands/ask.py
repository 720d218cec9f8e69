"""`xingcun ask --jsonl`: questions in, cited passages out, one JSON object a line."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import notices
import policy


def answer_lines(lines: Iterable[str]) -> Iterator[str]:
    """Answer each line; a line with `turns` is one conversation and gives a line for each turn (`id#1` …)."""
    catalog = notices.load()
    engine = policy.Engine(catalog)
    for line in lines:
        if line.strip():
            for row in answer_row(json.loads(line), engine, catalog):
                yield json.dumps(row, ensure_ascii=False)


def answer_row(
    row: dict[str, Any], engine: policy.Engine, catalog: notices.Catalog
) -> Iterator[dict[str, Any]]:
    """The answers to one row: `{"id","q"}` or `{"id","turns"}` with turns as texts or `{"q"}` objects."""
    if "turns" not in row:
        yield told(row["id"], engine.answer(row["q"]), catalog)
        return
    previous = None
    for number, turn in enumerate(row["turns"], start=1):
        outcome = engine.answer(turn if isinstance(turn, str) else turn["q"], previous=previous)
        previous = outcome.turn
        yield told(f"{row['id']}#{number}", outcome, catalog)


def told(identifier: str, outcome: policy.Outcome, catalog: notices.Catalog) -> dict[str, Any]:
    """An outcome as `ask` prints it; the reply is the message's text without its markup."""
    text = html.unescape(re.sub(r"<[^>]+>", "", policy.reply(outcome, catalog)))
    return {"id": identifier, "passages": [anchor for _, anchor in outcome.passages], "reply": text}
