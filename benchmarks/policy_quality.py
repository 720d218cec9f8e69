"""Answers against plain retrieval, in one run: `python -m benchmarks.policy_quality SET.jsonl …`.

The rivals are BM25 over words and over character bigrams, on the passages with their headings; they answer
with their best passage above a cut-off, chosen in their favour on the same set. `--leave-out` also asks every
wording of the banks while it is left out.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import bm25s  # type: ignore[import-untyped]
import numpy as np
import rjieba

import notices
from benchmarks.policy_score import Row, Verdict, figures, judge, read_set
from bot.commands.ask import told
from policy import Engine, Turn
from policy.deciding import ACCEPT, ACCEPT_FIRST
from policy.ranking import rank
from policy.training import leave_out, published
from policy.wording import normalise

Cut = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """Words, as rjieba cuts them."""
    return list(rjieba.cut(normalise(text)))


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring characters."""
    plain = "".join(normalise(text).split())
    return [plain[at : at + 2] for at in range(len(plain) - 1)]


def ask_engine(rows: list[Row], catalog: notices.Catalog) -> tuple[list[Verdict], float]:
    """Verdicts on the engine's answers, and milliseconds an answer."""
    engine, spent = Engine(catalog), 0.0
    verdicts: list[Verdict] = []
    turn: Turn | None = None
    engine.warm()
    for row in rows:
        previous = turn if "#" in row["id"] and not row["id"].endswith("#1") else None
        start = perf_counter()
        outcome = engine.answer(row["q"], previous=previous)
        spent += perf_counter() - start
        turn = outcome.turn
        line = told(row["id"], outcome, catalog)
        verdicts.append(judge(row, line["passages"], line["reply"]))
    return verdicts, 1000 * spent / len(rows)


def ask_bm25(rows: list[Row], catalog: notices.Catalog, cut: Cut) -> tuple[list[Verdict], float]:
    """Verdicts on BM25's best passage with the cut-off that serves it best, and milliseconds an answer."""
    passages = [passage for notice in catalog.notices for passage in notice.passages]
    index = bm25s.BM25()
    index.index([cut(" ".join(item.heading_path) + item.text) for item in passages], show_progress=False)
    start = perf_counter()
    # A question of one character has no pair of characters: BM25 is asked for it whole, and knows nothing.
    scores = [index.get_scores(cut(row["q"]) or [row["q"]]) for row in rows]
    spent = 1000 * (perf_counter() - start) / len(rows)
    best: tuple[int, list[Verdict]] = (-1, [])
    for cutoff in np.quantile([score.max() for score in scores], np.linspace(0, 0.6, 25)):
        verdicts = []
        for row, score in zip(rows, scores, strict=True):
            top = passages[int(score.argmax())]
            sure = score.max() > max(cutoff, 0)
            verdicts.append(judge(row, [top.id] if sure else [], top.text if sure else ""))
        right = sum(item.right or (not item.answerable and not item.answered) for item in verdicts)
        best = max(best, (right, verdicts), key=lambda pair: pair[0])
    return best[1], spent


def leave_out_figures() -> str:
    """Each wording of the banks asked while it is left out: right, wrong, refused, by kind of entry."""
    knowledge = published()
    counts: dict[str, Counter[str]] = {"told": Counter(), "untold": Counter()}
    for asked in leave_out(knowledge):
        kind = knowledge.intents[knowledge.rows[asked.row].intent].kind
        if kind not in counts:
            continue
        ranked = rank(asked.candidates)
        sure = bool(ranked) and ranked[0][0] >= ACCEPT_FIRST and sum(chance for chance, _ in ranked) >= ACCEPT
        right = sure and asked.right[asked.candidates.index(ranked[0][1])]
        counts[kind]["right" if right else "wrong" if sure else "refused"] += 1
    return "\n".join(
        f"leave-one-out {kind}: n={sum(found.values())} "
        + " ".join(f"{name} {number / sum(found.values()):.3f}" for name, number in sorted(found.items()))
        for kind, found in counts.items()
    )


def main() -> None:
    """Print a table for each set named on the command line."""
    catalog = notices.load()
    for name in [item for item in sys.argv[1:] if not item.startswith("--")]:
        rows = read_set(Path(name))
        print(f"\n{Path(name).name}: {len(rows)} questions")
        runs = {
            "engine": ask_engine(rows, catalog),
            "bm25 words": ask_bm25(rows, catalog, words),
            "bm25 bigrams": ask_bm25(rows, catalog, bigrams),
        }
        for rival, (verdicts, spent) in runs.items():
            print(
                f"{rival:13s}",
                " ".join(f"{key} {value:.3f}" for key, value in figures(verdicts).items()),
                end=" ",
            )
            print(f"{spent:.2f} ms")
        verdicts = runs["engine"][0]
        for part in ("style", "kind"):
            for value in sorted({getattr(item, part) for item in verdicts}):
                print(f"  {part} {value}:", dict(figures([v for v in verdicts if getattr(v, part) == value])))
    if "--leave-out" in sys.argv:
        print(leave_out_figures())


if __name__ == "__main__":
    main()
