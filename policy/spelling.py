"""Homophones put right: 截至日起 → 截止日期, by what the banks and passages know to stand side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from math import log

from pypinyin import Style, lazy_pinyin, pinyin

from policy.wording import fold_syllable

SAME_SOUND = 4.5
LIKE_SOUND = 5.5
SMOOTHING = 6.0
CHOICES = 14
EDGE = "^"


@cache
def sounds(character: str) -> frozenset[str]:
    """All readings of a character, without tones."""
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


class Speller:
    """A noisy-channel corrector over pairs of neighbouring characters of the given texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.single: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            line = f"{EDGE}{text}{EDGE}"
            self.single.update(line)
            self.pairs.update(pairwise(line))
        self.total = sum(self.single.values())
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        for character, count in self.single.most_common():
            if count > 2 and is_han(character):
                for sound in {fold_syllable(sound) for sound in sounds(character)}:
                    self.by_sound[sound].append(character)

    def correct(self, text: str) -> str:
        """The likeliest text of the same sounds; characters whose neighbourhood is known stay."""
        line = f"{EDGE}{text}{EDGE}"
        doubtful = [
            is_han(line[at])
            and not (self.pairs[line[at - 1], line[at]] and self.pairs[line[at], line[at + 1]])
            for at in range(1, len(line) - 1)
        ]
        if not any(doubtful):
            return text
        syllables = lazy_pinyin(list(text), style=Style.NORMAL)
        best: dict[str, tuple[float, str]] = {EDGE: (0.0, "")}
        for character, unsure, syllable in zip(text, doubtful, syllables, strict=True):
            choices = self._choices(character, syllable) if unsure else {character: 0.0}
            best = {
                choice: max(
                    (cost + self._fit(before, choice) - price, so_far + choice)
                    for before, (cost, so_far) in best.items()
                )
                for choice, price in choices.items()
            }
        return max((cost + self._fit(last, EDGE), line) for last, (cost, line) in best.items())[1]

    def _choices(self, character: str, syllable: str) -> dict[str, float]:
        found = {character: 0.0}
        for other in self.by_sound.get(fold_syllable(syllable), ())[:CHOICES]:
            found.setdefault(other, SAME_SOUND if syllable in sounds(other) else LIKE_SOUND)
        return found

    def _fit(self, before: str, character: str) -> float:
        base = (self.single[character] + 0.1) / (self.total + 1)
        return log((self.pairs[before, character] + SMOOTHING * base) / (self.single[before] + SMOOTHING))


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return "一" <= character <= "鿿"
