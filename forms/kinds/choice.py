"""One of several options, said by number, by label, or in one's own words (buttons say the label)."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

import divisions
from forms.model import Answer, Choice, Complaint, Context, Field, Reading
from forms.words import fold

_NUMBERED = re.compile(
    r"(?:第|选|选项|no\.?)?\s*\(?(\d{1,2}|[一二三四五六七八九十])\)?\s*(?:项|个|种|号|条)?\s*[.、。]?"
)
_LETTERED = re.compile(r"(?:选|选项)?\s*\(?([a-z])\)?\s*(?:项)?\s*[.、。]?")
_LEADING = re.compile(r"^\(?(?:[a-z]|\d{1,2})\)?[\s.、:：)-]*(?=[\u4e00-\u9fff])")
_MAINLY = re.compile(r"以?([^,;]{2,}?)为主|主要(?:是|为)([^,;]{2,}?)(?=[,;])")
_CIRCLED = {chr(0x2460 + n): n + 1 for n in range(20)}
_BOTH = re.compile(r"既.*[又也]|又.*又|也有|还有|以及|兼|\+|、|和|与|及|并|还|同时|加上|/|或")
# Words around a noun that add nothing: 建卫生院, 幼儿园项目.
_ABOUT = re.compile(r"^(?:援建|捐建|新建|修建|改建|扩建|共建|建设?|买)|(?:项目|活动|工作|服务|工程|行动)$")
_CARE = re.compile(r"资助|救助|培训|交流|贫困|困难|特困|农村|乡村|山区|偏远|本地|当地|给|的|了")
_CASH = re.compile(r"现金|善款|捐款")
_NEGATED = re.compile(r"(?:不是|不算|不属于|非|没有|不含)\s*$")
_DEED, _THING, _PERSON = 9.0, 5.0, 3.0
_CLEARLY = 1.75  # how much more the best must weigh than the next to be taken without asking


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with weights by the label they speak for; words that are vague, asked about, refused.

    `places`: the label a place of that kind speaks for (province, city, county).
    `visits`: deeds that speak for a label as well when certain people do them (志愿者慰问).
    """

    words: Mapping[str, tuple[tuple[str, float], ...]]
    vague: frozenset[str]
    doubtful: Mapping[str, str]
    refused: Mapping[str, str]
    places: Mapping[str, str]
    visits: Mapping[str, tuple[str, frozenset[str]]]


@cache
def _loaded() -> tuple[Mapping[str, Any], ...]:
    found = []
    for entry in sorted(files("forms").joinpath("lexicons").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            found.append(yaml.load(entry.read_text(encoding="utf-8"), Loader=loader))
    return tuple(found)


@cache
def _lexicon(choices: tuple[Choice, ...]) -> Lexicon:
    """What is known about these choices: the shared lexicons by label, and the pack's own words."""
    labels = {choice.label for choice in choices}
    words: defaultdict[str, dict[str, float]] = defaultdict(dict)
    vague: set[str] = set()
    doubtful: dict[str, str] = {}
    refused: dict[str, str] = {}
    places: dict[str, str] = {}
    visits: dict[str, tuple[str, frozenset[str]]] = {}
    for data in _loaded():
        known = labels & set(data["labels"])
        if len(known) < 2:
            continue
        for label in known:
            tiers = data["labels"][label]
            for tier, weight in (("people", _PERSON), ("things", _THING), ("deeds", _DEED)):
                for word in tiers.get(tier, ()):
                    words[word][label] = weight
            for word in tiers.get("visits", ()):
                visits[word] = (label, frozenset(tiers.get("people", ())))
        vague |= set(data["vague"])
        places |= data.get("places", {}) if "省级" in labels else {}
        doubtful |= {word: label for word, label in data["doubtful"].items() if label in labels}
        refused |= data.get("refused", {}) if "省级" not in labels else {}
    for choice in choices:
        for word in (choice.label, *choice.words):
            folded = fold(word)
            if folded not in doubtful and folded not in vague and len(folded) > 1:
                words[folded].setdefault(choice.label, _DEED if word == choice.label else _THING)
    frozen = {word: tuple(found.items()) for word, found in words.items()}
    return Lexicon(frozen, frozenset(vague), doubtful, refused, places, visits)


def _answer(choice: Choice, raw: str) -> Answer:
    return Answer(choice.name, raw)


def _ask(raw: str, *choices: Choice) -> Reading:
    answers = tuple(_answer(choice, raw) for choice in choices)
    return Reading(answers[0], confirm=True, candidates=answers)


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a choice; two that fit equally are asked about, none is guessed."""
    for circled, number in _CIRCLED.items():
        if raw.strip() == circled:
            return _by_number(field, raw, number)
    text = fold(raw).strip(" 。.,!、;:\"'()")
    exact = [choice for choice in field.choices if text in (choice.name.lower(), fold(choice.label))]
    if exact:
        return Reading(_answer(exact[0], raw))
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        digits = "一二三四五六七八九十"
        number = digits.index(numbered[1]) + 1 if numbered[1] in digits else int(numbered[1])
        return _by_number(field, raw, number)
    lettered = _LETTERED.fullmatch(text)
    if lettered:
        return _by_letter(field, raw, lettered[1])
    text = _without_letter(text, field)
    said = [choice for choice in field.choices if text == fold(choice.label)]
    if said:
        return Reading(_answer(said[0], raw))
    mainly = _MAINLY.search(text)
    if mainly and len(mainly[0]) < len(text):
        reading = _by_words(field, raw, mainly[1] or mainly[2])
        if reading.answer is not None:
            return Reading(reading.answer, True, reading.candidates or (reading.answer,))
    return _by_words(field, raw, text)


def _without_letter(text: str, field: Field) -> str:
    """`E教育帮扶` without its letter, which B超 keeps."""
    found = _LEADING.match(text)
    rest = text[found.end() :] if found else text
    labels = [fold(choice.label) for choice in field.choices]
    named = any(rest.startswith(label) or label.startswith(rest) for label in labels)
    return rest if found and (named or not found[0][-1].isalnum()) else text


def _by_number(field: Field, raw: str, number: int) -> Reading:
    if 1 <= number <= len(field.choices):
        return Reading(_answer(field.choices[number - 1], raw))
    return Reading(complaint=Complaint("choice_number", {"count": len(field.choices)}))


def _by_letter(field: Field, raw: str, letter: str) -> Reading:
    index = ord(letter) - ord("a")
    printed = [choice for choice in field.choices if letter in (fold(word) for word in choice.words)]
    if len(printed) == 1:
        return Reading(_answer(printed[0], raw))
    if index < len(field.choices):
        return _ask(raw, field.choices[index])
    return Reading(complaint=Complaint("choice_unknown", {"choices": _labels(field)}))


def _labels(field: Field) -> list[str]:
    return [choice.label for choice in field.choices]


def _occurrences(text: str, words: list[str]) -> list[tuple[int, int, str]]:
    """Where the words stand, longest first: a word inside a longer one does not count."""
    taken: list[tuple[int, int, str]] = []
    for word in sorted(words, key=lambda word: (-len(word), word)):
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if all(end <= start or at >= stop for start, stop, _ in taken):
                taken.append((at, end, word))
            at = text.find(word, at + 1)
    return sorted(taken)


def _by_words(field: Field, raw: str, text: str) -> Reading:
    lexicon = _lexicon(field.choices)
    text = _placed(text, lexicon)
    known = {*lexicon.words, *lexicon.vague, *lexicon.doubtful, *lexicon.refused, *lexicon.visits}
    found = _occurrences(text, [word for word in known if word in text])
    by_label = {choice.label: choice for choice in field.choices}
    for _, _, word in found:
        if word in lexicon.refused and not any(w in lexicon.words and len(w) > 2 for _, _, w in found):
            return Reading(complaint=Complaint(lexicon.refused[word]))
    doubts = [word for _, _, word in found if word in lexicon.doubtful]
    if doubts and (not any(w in lexicon.words for _, _, w in found) or lexicon.doubtful[doubts[0]] == "其他"):
        return _ask(raw, by_label[lexicon.doubtful[doubts[0]]])
    scores = _scores(text, found, lexicon) | _visits(found, lexicon)
    if not scores:
        code = "choice_vague" if any(word in lexicon.vague for _, _, word in found) else "choice_unknown"
        return Reading(complaint=Complaint(code, {"choices": _labels(field)}))
    return _decide(raw, text, scores, by_label, lexicon.words)


def _placed(text: str, lexicon: Lexicon) -> str:
    """`昆山市民政局` as `县级民政局`: the names of places replaced by the labels they speak for."""
    for mention in reversed(divisions.mentions(text) if lexicon.places else []):
        label = lexicon.places[divisions.get(mention.code).level]
        text = text[: mention.start] + label + text[mention.end :]
    return text


def _scores(text: str, found: list[tuple[int, int, str]], lexicon: Lexicon) -> dict[str, float]:
    """The best weight of each label: repeating a weak word does not make it strong."""
    scores: dict[str, float] = {}
    for start, _, word in found:
        if _NEGATED.search(text[:start]):
            continue
        for label, weight in lexicon.words.get(word, ()):
            scores[label] = max(scores.get(label, 0.0), weight)
    return scores


def _visits(found: list[tuple[int, int, str]], lexicon: Lexicon) -> dict[str, float]:
    """What the people who did it add: 慰问 by 志愿者 is voluntary service as well."""
    said = {word for _, _, word in found}
    visits = [lexicon.visits[word] for word in said & set(lexicon.visits)]
    return {label: _DEED for label, people in visits if said & people}


def _decide(
    raw: str,
    text: str,
    scores: dict[str, float],
    by_label: Mapping[str, Choice],
    words: Mapping[str, object],
) -> Reading:
    if len(scores) > 1 and "其他" in scores:
        scores = {label: score for label, score in scores.items() if label != "其他"}
    ranked = sorted(scores, key=lambda label: -scores[label])
    best, rest = ranked[0], ranked[1:]
    if not rest:
        if scores[best] > _PERSON or _ABOUT.sub("", text) in words or _says_no_more(text, words):
            return Reading(_answer(by_label[best], raw))
        return _ask(raw, by_label[best])
    second = rest[0]
    if scores[best] == scores[second] == _DEED and _BOTH.search(text):
        return Reading(
            complaint=Complaint("choice_two", {"labels": [best, second]}),
            candidates=tuple(_answer(by_label[label], raw) for label in ranked if scores[label] == _DEED),
        )
    if scores[second] >= _THING and _BOTH.search(text):
        return _ask(
            raw, *sorted((by_label[label] for label in (best, second)), key=list(by_label.values()).index)
        )
    if scores[best] >= _CLEARLY * scores[second]:
        return Reading(_answer(by_label[best], raw))
    close = [by_label[label] for label in ranked if scores[best] < _CLEARLY * scores[label]]
    order = list(by_label.values())
    return _ask(raw, *sorted(close, key=order.index))


def _says_no_more(text: str, words: Mapping[str, object]) -> bool:
    """资助贫困大学生: beside the words known, only what everybody does for such people."""
    for word in sorted((word for word in words if word in text), key=len, reverse=True):
        text = text.replace(word, "")
    return not _CARE.sub("", text)


def gather(field: Field, text: str) -> Reading | None:
    """The choice a whole paragraph speaks for: firm only when nothing in it speaks for another."""
    folded = fold(text)
    printed = [choice for choice in field.choices if len(choice.label) > 2 and fold(choice.label) in folded]
    if len(printed) == 1:
        return Reading(_answer(printed[0], text))
    lexicon = _lexicon(field.choices)
    known = {*lexicon.words, *lexicon.vague, *lexicon.doubtful}
    found = _occurrences(folded, [word for word in known if word in folded])
    scores = _scores(folded, found, lexicon)
    by_label = {choice.label: choice for choice in field.choices}
    ranked = sorted(scores, key=lambda label: -scores[label])
    if not ranked:
        return None
    backing = {
        word for _, _, word in found if any(label == ranked[0] for label, _ in lexicon.words.get(word, ()))
    }
    said_twice = len(backing) > 1 and all(scores[label] <= _PERSON for label in ranked[1:])
    goods = len(backing) > 1 and not _CASH.search(folded)  # what the cash is for, the goods do not say
    deed = any(len(word) > 1 for word in backing)  # 卖 alone may tell what became of it
    alone = len(ranked) == 1 and deed and (scores[ranked[0]] == _DEED or goods)
    if alone or (said_twice and scores[ranked[0]] == _DEED):
        return Reading(_answer(by_label[ranked[0]], text))
    return _ask(text, *(by_label[label] for label in ranked[:3]))


def show(field: Field, answer: Answer) -> str:
    """The label as printed."""
    return next((choice.label for choice in field.choices if choice.name == answer.value), str(answer.value))


def export_value(field: Field, answer: Answer) -> str:
    """The label as printed."""
    return show(field, answer)
