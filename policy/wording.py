"""From what a person typed to the features that questions are compared by.

Comparison looks at a text in three views: its characters (n-grams), its words folded to concepts
(`lexicon/concepts.yaml`), and its syllables, which do not change under homophones.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import opencc
import rjieba
import yaml
from pypinyin import Style, lazy_pinyin

LEXICON = Path(__file__).parent / "lexicon"
VIEWS = ("characters", "words", "syllables")
CONTEXT_WEIGHT = 0.4
LONG = 16
STORY = 26
MOST_STRETCHES = 3
# The readings of one message share clauses.
RECENT = 256
# Question words that a longer word of the lexicon may hold (谁派单).
ASKING = re.compile(r"[?谁哪啥咋]|什么|怎么|多少|呢$")

Counts = dict[str, float]


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a message; `asks` when it holds a question word."""

    text: str
    asks: bool


@cache
def lexicon(name: str) -> Any:
    """A file of `lexicon/`, read once."""
    return yaml.load((LEXICON / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Simplified characters, half-width, lower case; white space becomes one blank."""
    folded = _simplifier().convert(unicodedata.normalize("NFKC", text)).lower()
    visible = "".join(c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub(r"\s+", " ", visible).strip()


@cache
def _concepts() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    names: dict[str, list[str]] = defaultdict(list)
    for concept, variants in lexicon("concepts").items():
        for variant in variants:
            if concept not in names[str(variant)]:
                names[str(variant)].append(concept)
    return _longest(names), {variant: tuple(found) for variant, found in names.items()}


@cache
def _fillers() -> re.Pattern[str]:
    return _longest(lexicon("fillers")["fillers"])


@cache
def _breaks() -> re.Pattern[str]:
    return _longest(lexicon("fillers")["breaks"])


def _longest(words: Iterable[str]) -> re.Pattern[str]:
    # By first character: an alternation is tried branch by branch, and there are thousands of words.
    tails: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        tails[word[0]].append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items()))


def concepts(text: str) -> list[str]:
    """The concepts named in a normalised text, in order; one word may stand for several."""
    pattern, names = _concepts()
    return [concept for match in pattern.finditer(text) for concept in names[match.group()]]


def concept_spans(text: str) -> list[tuple[int, int]]:
    """Where concepts stand in a normalised text: start and end of each."""
    pattern, _ = _concepts()
    return [match.span() for match in pattern.finditer(text)]


def asks(text: str) -> bool:
    """Whether a normalised text holds a question word or mark."""
    if ASKING.search(text):
        return True
    return any(concept[0] == "?" for concept in concepts(text))


def clauses(text: str) -> list[Clause]:
    """A normalised text cut at punctuation, blanks and spoken breaks."""
    marked = _breaks().sub("，", text) if len(text) > LONG else text
    parts = [part.strip() for part in re.split(r"[,，。.;；!！?？、~…\n ]+(?=[^\d]|$)|(?<=[?？])", marked)]
    return [Clause(part, asks(part)) for part in parts if part]


def strip_fillers(text: str) -> str:
    """The text without words people put around a question; the text itself where nothing else is left."""
    bare = re.sub(r"[^\w]+", "", _fillers().sub("", text))
    return bare or re.sub(r"[^\w]+", "", text)


def features(text: str) -> dict[str, Counts]:
    """Counts of each view's features in a normalised text; clauses that ask weigh more than their context."""
    parts = clauses(text)
    if len(parts) == 1:
        only = clause_features(strip_fillers(parts[0].text), parts[0].text)
        return {view: dict[str, float](counts) for view, counts in only.items()}
    some_ask = any(part.asks for part in parts)
    total: dict[str, Counts] = {view: defaultdict(float) for view in VIEWS}
    for part in parts:
        weight = 1.0 if part.asks or not some_ask else CONTEXT_WEIGHT
        for view, counts in clause_features(strip_fillers(part.text), part.text).items():
            for feature, count in counts.items():
                total[view][feature] += weight * count
    return total


def readings(text: str) -> list[dict[str, Counts]]:
    """The features of a normalised message as a whole, and of the stretches of a long one that ask.

    People wrap a question in a story; each stretch that asks is also read alone and with what precedes it.
    """
    stretches = _stretches(text) if len(text) > STORY else []
    return [features(stretch) for stretch in dict.fromkeys([text, *stretches])]


def _stretches(text: str) -> Iterator[str]:
    parts = clauses(text)
    for number in [number for number, part in enumerate(parts) if part.asks][-MOST_STRETCHES:]:
        if len(parts) > 1:
            yield parts[number].text
            yield "，".join(part.text for part in parts[max(0, number - 1) : number + 1])
        yield from _around_question(parts[number].text)


def _around_question(text: str) -> list[str]:
    """In a long unbroken stretch, what stands around its last question word."""
    pattern, names = _concepts()
    marks = [m.span() for m in pattern.finditer(text) if any(name[0] == "?" for name in names[m.group()])]
    if len(text) <= LONG or not marks:
        return []
    start, end = marks[-1]
    return [text[max(0, start - 12) : end + 4], text[max(0, start - 6) : end + 8]]


@lru_cache(RECENT)
def clause_features(bare: str, text: str) -> dict[str, Counter[str]]:
    """The views of one clause: `bare` without fillers, `text` with them (question words may be fillers)."""
    words = [word for word in rjieba.cut(bare) if word.strip()]
    found = ["#" + concept for concept in concepts(text)]
    syllables = [folded_syllable(character) for character in bare]
    return {
        "characters": Counter(_grams(bare, 1, 3)),
        "words": Counter([*words, *found, *_pairs(found)]),
        "syllables": Counter(" ".join(gram) for gram in _grams(syllables, 2, 3)),
    }


@cache
def folded_syllable(character: str) -> str:
    """The folded syllable of one character; the character itself where it is no Chinese one."""
    return fold_syllable(lazy_pinyin(character, style=Style.NORMAL)[0])


def fold_syllable(syllable: str) -> str:
    """A syllable as careless speakers and input methods render it: zh=z, ing=in and the like."""
    folded = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"(?<=[aei]n)g$", "", folded)


def _grams(sequence: Any, shortest: int, longest: int) -> list[Any]:
    return [
        sequence[start : start + size] if isinstance(sequence, str) else tuple(sequence[start : start + size])
        for size in range(shortest, longest + 1)
        for start in range(len(sequence) - size + 1)
    ]


def _pairs(found: list[str]) -> list[str]:
    distinct = sorted(set(found))
    return [f"{a}+{b}" for i, a in enumerate(distinct) for b in distinct[i + 1 :]]


def mixed(first: dict[str, Counts], second: dict[str, Counts], weight: float) -> dict[str, Counts]:
    """The features of one wording with those of another added at `weight`."""
    total: dict[str, Counts] = {}
    for view in VIEWS:
        total[view] = dict(first[view])
        for feature, count in second[view].items():
            total[view][feature] = total[view].get(feature, 0.0) + weight * count
    return total


@cache
def _orders() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in lexicon("orders")))


def matches_injection(text: str) -> bool:
    """Whether a message plainly tries to give the bot orders instead of asking."""
    return bool(_orders().search(normalise(text)))
