"""Milliseconds an answer, at the published passages and at 5,000: `python -m benchmarks.policy_speed`.

Time is printed as the clock has it and as this process spent it: on a shared machine only the second can be
compared.

The larger catalog repeats the notices under other anchors with every wording's characters turned by a fixed
step, so that its vocabulary grows as that of other notices would.
"""

import random
import resource
from statistics import median, quantiles
from time import perf_counter, process_time

import notices
from notices.bank import Bank, load_bank
from notices.model import Notice
from policy import Engine

QUESTIONS = (
    "材料最晚几号交",
    "大标题用什么字体",
    "我们是个小协会刚成立没多久，会长让我问问，明细表是我们填还是市里填啊",
    "明年还搞吗",
    "江苏和山西消费帮扶有什么不一样",
)


def turned(text: str, step: int) -> str:
    """The text with every Chinese character replaced by another one, the same for equal characters."""
    return "".join(
        chr(0x4E00 + (ord(c) - 0x4E00 + step * 97) % 6000) if "一" <= c <= "鿿" else c for c in text
    )


def copied(notice: Notice, bank: Bank, step: int) -> tuple[Notice, Bank]:
    """Another notice of the same size in other words."""
    passages = tuple(
        item.model_copy(update={"id": f"{item.id}~{step}", "text": turned(item.text, step)})
        for item in notice.passages
    )
    answers = tuple(
        item.model_copy(
            update={
                "id": f"{item.id}~{step}",
                "anchors": tuple(f"{anchor}~{step}" for anchor in item.anchors),
                "wordings": tuple(turned(wording, step) for wording in item.wordings[:2]),
            }
        )
        for item in bank.answers
    )
    return notice.model_copy(update={"slug": f"{notice.slug}-{step}", "passages": passages}), Bank(
        answers=answers
    )


def grown(
    catalog: notices.Catalog, banks: dict[str, Bank], passages: int
) -> tuple[notices.Catalog, dict[str, Bank]]:
    """The catalog with copies of its notices, up to about that many passages."""
    listed, every, step = list(catalog.notices), dict(banks), 0
    while sum(len(item.passages) for item in listed) < passages:
        step += 1
        for notice in catalog.notices:
            other, bank = copied(notice, banks[notice.slug], step)
            listed.append(other)
            every[other.slug] = bank
    return notices.Catalog(tuple(listed)), every


def measure(catalog: notices.Catalog, banks: dict[str, Bank]) -> str:
    """Build seconds, answer times, and the most memory this process ever held."""
    start, busy = perf_counter(), process_time()
    engine = Engine(catalog, banks)
    engine.warm()
    built, built_busy = perf_counter() - start, process_time() - busy
    draw = random.Random(1)
    spent, spent_busy = [], []
    for _ in range(100):
        question = draw.choice(QUESTIONS)
        start, busy = perf_counter(), process_time()
        engine.answer(question)
        spent.append(1000 * (perf_counter() - start))
        spent_busy.append(1000 * (process_time() - busy))
    count = sum(len(item.passages) for item in catalog.notices)
    rows, peak = len(engine.knowledge.rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{count} passages, {rows} rows: built in {built:.1f} s ({built_busy:.1f} s of work), "
        f"answer median {median(spent):.1f} ms ({median(spent_busy):.1f}), "
        f"p95 {quantiles(spent, n=20)[-1]:.1f} ms ({quantiles(spent_busy, n=20)[-1]:.1f}), peak {peak} MB"
    )


def main() -> None:
    """Print both sizes."""
    catalog = notices.load()
    banks = {item.slug: load_bank(notices.PUBLISHED / item.slug / "questions") for item in catalog.notices}
    print(measure(catalog, banks), flush=True)
    print(measure(*grown(catalog, banks, 5000)))


if __name__ == "__main__":
    main()
