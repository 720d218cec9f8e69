"""Scores the reading of whole paragraphs: `python scripts/score_paragraphs.py [-v]`.

Paragraphs are written in several styles from reported projects (tests/forms/data/projects.jsonl: figures
and narratives, with no organization's name), and, in the files of TOLD, by hand as people would write.
Printed for each: fields proposed right, proposed wrong, and left to be asked though the paragraph says them.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import forms
import notices
from forms.paragraph import propose

ROOT = Path(__file__).parents[1]
TOLD = ("told.jsonl", "told_second.jsonl", "told_third.jsonl", "told_fourth.jsonl")

STYLES = (
    "我们协会{period}在{place}开展了{name}，{narrative}{money}，{people}，{beneficiaries}。",
    "{period}，我会到{place}，{narrative}本次{money}。{people}。{beneficiaries}。",
    "项目叫{name}，地点是{place}。{narrative}{money}。参与的有{people}，受益的是{beneficiaries}。",
    "南京市某商会{period}给{place}做了一件事：{narrative}{money}；{people}；受益{beneficiaries}",
    "帮扶地区：{slashed}\n项目名称：{name}\n项目性质：{nature}\n投入资金：{money}\n"
    "投入人员数：{people}\n受益人数：{beneficiaries}",
    "苏州市志愿者联合会赴{place}实施{name}，{people}，{money}，{narrative}惠及{beneficiaries}。",
    "今年做的是{nature}，在{place}，{narrative}{money}，出动{people}，帮助了{beneficiaries}。",
)


def compose(row: dict[str, Any], style: str) -> str:
    """One paragraph; what the report did not say is left out with its punctuation."""
    parts = {
        "period": row["period"],
        "place": "".join(dict.fromkeys(part for part in row["place"] if part)) or "外地",
        "slashed": "/".join(part for part in row["place"] if part),
        "name": row["project_name"],
        "nature": row["nature"],
        "narrative": row["narrative"],
        "money": row["money"],
        "people": row["people_words"],
        "beneficiaries": row["beneficiaries_words"],
    }
    text = style.format(**parts)
    for empty in ("，，", "。。", "；；", "，。", "。，", "；受益。"):
        while empty in text:
            text = text.replace(empty, empty[-1] if empty != "，，" else "，")
    return text


def expected(row: dict[str, Any], form: forms.Form) -> dict[str, Any]:
    """What the report says, as stored values; fields it does not settle are absent."""
    found: dict[str, Any] = {}
    if row["region"]:
        found["region"] = row["region"]
    if row["invested_wan"]:
        found["invested"] = round(float(row["invested_wan"]) * 1_000_000)
    for name in ("people", "beneficiaries"):
        if row[name]:
            found[name] = int(row[name])
    labels = {choice.label: choice.name for choice in form.field("nature").choices}
    found["nature"] = labels[row["nature"]]
    found["project_name"] = row["project_name"]
    return found


def judged(rows: list[dict[str, Any]], form: forms.Form) -> Iterator[tuple[str, str, str, Any, Any]]:
    """(verdict, field, paragraph, proposed value, expected value) for every field of every paragraph."""
    context = forms.Context(today=date(2021, 10, 15))
    for row in rows:
        truth = expected(row, form)
        for style in STYLES:
            text = compose(row, style)
            proposal = propose(form, text, context)
            for field in form.fields:
                answer = proposal.answers.get(field.name)
                value, wanted = (answer.value if answer else None), truth.get(field.name)
                said = field.name != "project_name" or row["project_name"] in text
                if answer is not None:
                    verdict = "right" if value == wanted else "wrong"
                else:
                    verdict = "asked" if wanted is not None and said else "unsaid"
                yield verdict, field.name, text, value, wanted


def judged_told(rows: list[dict[str, Any]], form: forms.Form) -> Iterator[tuple[str, str, str, Any, Any]]:
    """As `judged`, for paragraphs that carry what is expected of them; a missing field is to be asked."""
    context = forms.Context(today=date(2021, 10, 15))
    labels = {choice.label: choice.name for choice in form.field("nature").choices}
    for row in rows:
        proposal = propose(form, row["text"], context)
        for field in form.fields:
            answer = proposal.answers.get(field.name)
            value, wanted = (answer.value if answer else None), row["expected"].get(field.name)
            wanted = labels[wanted] if field.name == "nature" and wanted else wanted
            if answer is not None:
                verdict = "right" if value == wanted else "wrong"
            else:
                verdict = "asked" if wanted is not None else "unsaid"
            yield verdict, field.name, row["text"], value, wanted


def rows_of(name: str) -> list[dict[str, Any]]:
    """The rows of a file of tests/forms/data."""
    lines = (ROOT / "tests/forms/data" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def main() -> None:
    """Prints the counts for each field and over all; with -v the wrong ones."""
    form = notices.load().notice("jiangsu-2021").forms[0]
    print("composed:")
    report(judged(rows_of("projects.jsonl"), form), form)
    for name in TOLD:
        print(f"{name}:")
        report(judged_told(rows_of(name), form), form)


def report(verdicts: Iterator[tuple[str, str, str, Any, Any]], form: forms.Form) -> None:
    """Prints one set's counts."""
    totals: Counter[str] = Counter()
    by_field: Counter[tuple[str, str]] = Counter()
    for verdict, name, text, value, wanted in verdicts:
        totals[verdict] += 1
        by_field[name, verdict] += 1
        if verdict == "wrong" and "-v" in sys.argv:
            print(name, repr(text), value, wanted)
    for field in form.fields:
        print(field.name, {v: by_field[field.name, v] for v in ("right", "wrong", "asked", "unsaid")})
    share = totals["wrong"] / max(totals["right"] + totals["wrong"], 1)
    print(
        f"right {totals['right']}, wrong {totals['wrong']} ({share:.2%} of proposed), "
        f"asked {totals['asked']}, unsaid {totals['unsaid']}"
    )


if __name__ == "__main__":
    main()
