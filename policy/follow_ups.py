"""Questions that lean on the one before: 正文呢, 山西呢, 这表谁来报.

A following question may name a slot of the same thing (正文呢), another province (山西呢), the thing itself
by a pronoun (它们入库谁审), the notice (这个文件哪天发的), or a new matter of the same notice (对了，文号).
"""

import re
from dataclasses import replace
from functools import cache

from notices.model import Passage
from policy.deciding import Decider, Found
from policy.jurisdiction import named_notices
from policy.outcome import Outcome, Turn
from policy.places import without_provinces
from policy.several import BOTH, COMPARING, JOINTS
from policy.wording import asks, concept_spans, concepts, lexicon, normalise, strip_fillers

SHORT = 7
BARE = 3
# How much the question before weighs beside the new one: little where the new one says what it is about.
BESIDE = 0.35
BEHIND_PRONOUN = 1.2
CLEAR = 0.4
CLEAR_ELSEWHERE = 0.5
UNSPOKEN = 0.5
ENDING = re.compile(r"((这|那)(一?块|一?边|方面|部分|一项)儿?)?(呢|呐)?[?？。.!！ ]*$")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = sorted(lexicon("leaning")[name], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def opened(question: str) -> tuple[str, bool]:
    """The normalised question without what opens or closes it, and whether that announces a new matter."""
    rest, new = normalise(question), False
    while match := re.match(
        rf"({_pattern('openings').pattern}|{_pattern('new').pattern})[,，。.、!！ ]*", rest
    ):
        if match.end() == len(rest):
            break
        new = new or bool(_pattern("new").match(rest))
        rest = rest[match.end() :]
    return ENDING.sub("", rest) or rest, new


def adds_nothing(question: str) -> bool:
    """Whether a question says nothing but a province: 山西呢, 换成江苏怎么讲."""
    bare = re.sub(r"[^\w]+", "", without_provinces(question))
    for word in sorted((*BOTH, *COMPARING, *lexicon("leaning")["empty"]), key=len, reverse=True):
        bare = bare.replace(word, "")
    return not bare or bare in JOINTS


def following(decider: Decider, question: str, previous: Turn, own: str | None) -> Outcome:
    """The outcome of a question asked after `previous`."""
    rest, new = opened(question)
    named = named_notices(question, decider.knowledge)
    if not named and decider.is_outside(question):
        return decider.alone(question, own)
    before = without_provinces(previous.question)
    if (named or any(word in rest for word in BOTH)) and adds_nothing(rest):
        if not named or len(named) > 1:
            return decider.alone(f"{rest}{before}", own)
        return decider.decide(before, decider.read(before), named, own)
    if named and len(named) > 1 and _says_what(rest):
        # Who compares provinces says of what; it is asked of each apart, as without a question before.
        compared = decider.alone(rest, own)
        if compared.kind == "answered":
            return compared
    here = named or (frozenset([previous.notice]) if previous.notice else None)
    own = own or previous.notice or None
    meta = bool(_pattern("notice").search(rest))
    plain = _pattern("notice").sub("文件", rest) if meta else rest
    readings = decider.read(plain)
    alone = decider.find(readings, here)
    if here and (meta or new or (_says_what(plain) and alone.chance >= CLEAR)):
        outcome = decider.decide(plain, readings, here, own)
        if meta or outcome.kind == "answered":
            return outcome
    if not named and _says_what(plain) and not _pattern("pronouns").search(plain):
        elsewhere = decider.find(readings, None, own)
        if elsewhere.chance >= CLEAR_ELSEWHERE:
            return decider.alone(plain, own)
    return _unsaid_first(_joined(decider, plain, before, here, own), rest, previous)


def _unsaid_first(outcome: Outcome, rest: str, previous: Turn) -> Outcome:
    """Of several passages those not shown just now first, where more is asked for (这两家还管什么)."""
    if "还" not in rest:
        return outcome
    passages = sorted(outcome.passages, key=lambda passage: passage[1] in previous.anchors)
    return replace(outcome, passages=tuple(passages))


def _says_what(plain: str) -> bool:
    """Whether a question names what it asks for, or is long enough to be one without the question before."""
    return asks(plain) or len(strip_fillers(plain)) > SHORT


def _joined(
    decider: Decider, plain: str, before: str, here: frozenset[str] | None, own: str | None
) -> Outcome:
    """The outcome of a question read together with the one before."""
    bare = without_provinces(plain)
    for text in _of_bodies(decider, bare, before):
        if decider.find(decider.read(text), here).chance >= CLEAR:
            return decider.decide(text, decider.read(text), here, own)
    fragment = len(strip_fillers(bare)) <= BARE and _says_what(bare)
    leaning = fragment or bool(_pattern("pronouns").search(plain))
    focus = decider.read(bare)[0]
    together = [focus.beside(decider.read(before)[0], BEHIND_PRONOUN if leaning else BESIDE)]
    chance, reworded = max(
        (
            (_worth(decider, decider.find(decider.read(text), here), bare), text)
            for text in _rewordings(decider, bare, before)
        ),
        default=(0.0, ""),
    )
    if chance >= max(CLEAR, _worth(decider, decider.find(together, here), bare)):
        return decider.decide(reworded, decider.read(reworded), here, own)
    return decider.decide(f"{before} {plain}", together, here, own, (bare, focus))


def _worth(decider: Decider, found: Found, bare: str) -> float:
    """How likely an answer is; less where its passages speak of nothing that a bare slot names.

    牵手圆梦在哪实施, then 东西部协作的呢: most of the words are still the first question's.
    """
    if _says_what(bare) or found.candidate is None:
        return found.chance
    here = decider.knowledge.classes[found.candidate.label]
    every = {anchor: _full(item) for anchor, (_, item) in decider.knowledge.passages.items()}
    told = "".join(every[anchor] for anchor in here.anchors)
    # A name that stands nowhere may be told in other words; then the likeness alone decides.
    named = [bare[start:end] for start, end in concept_spans(bare)]
    unspoken = [name for name in named if name not in told and any(name in text for text in every.values())]
    return UNSPOKEN * found.chance if unspoken else found.chance


def _full(passage: Passage) -> str:
    return normalise("".join((*passage.heading_path, passage.text)))


def _of_bodies(decider: Decider, bare: str, before: str) -> list[str]:
    """A question on those just named, with their names: 洽谈会谁承办, then 这两家还管什么."""
    pronoun = _pattern("bodies").search(bare)
    if not pronoun:
        return []
    asked = {before[at : at + 2] for at in range(len(before) - 1)}
    clauses = [part for fact in decider.alone(before, None).facts for part in re.split(r"[,，;；。]", fact)]
    found = []
    for clause in clauses:
        shared = [at for at in range(1, len(clause) - 1) if clause[at : at + 2] in asked]
        if shared:
            found.append((len(shared), clause[: shared[0]].removeprefix("由")))
    names = [name for _, name in sorted(found, reverse=True)]
    return [bare[: pronoun.start()] + name + bare[pronoun.end() :] for name in names[:1]]


def _rewordings(decider: Decider, bare: str, before: str) -> list[str]:
    """What a question may stand for: 附件1谁填, then 附件2呢 is 附件2谁填; 这张表几号交 is 附件1几号交.

    Which thing of the question before is meant, the likeliest answer tells.
    """
    asked = decider.spelled(before)
    things = [
        (start, end)
        for start, end in concept_spans(asked)
        if not any(concept[0] == "?" for concept in concepts(asked[start:end]))
    ]
    pronoun = _pattern("pronouns").search(bare)
    if pronoun:
        return [bare[: pronoun.start()] + asked[start:end] + bare[pronoun.end() :] for start, end in things]
    if _says_what(bare):
        return []
    return [asked[:start] + bare + asked[end:] for start, end in things]
