"""What an answer says: the passages, the facts in them, and yes or no where the text decides it."""

import re

from notices.bank import Told
from policy.asked import fits
from policy.knowledge import Knowledge
from policy.outcome import Outcome, Turn
from policy.places import named_provinces
from policy.signals import Candidate
from policy.verdicts import verdict
from policy.wording import strip_fillers


def compose(knowledge: Knowledge, question: str, chosen: list[Candidate], chance: float) -> Outcome:
    """The answer of the chosen classes, best first, each with the intent that was asked."""
    passages: list[tuple[str, str]] = []
    facts: list[str] = []
    for item in chosen:
        here = knowledge.classes[item.label]
        passages += [
            (here.notice, anchor) for anchor in here.anchors if (here.notice, anchor) not in passages
        ]
        told = knowledge.intents[item.intent].told
        if told:
            standing = [span for span in told.spans if _stands(knowledge, span, here.anchors)]
            if len(chosen) > 1 or fits(question, standing):
                facts += [span for span in standing if span not in facts]
    told = knowledge.intents[chosen[0].intent].told
    turn = Turn(
        question, knowledge.classes[chosen[0].label].notice, knowledge.classes[chosen[0].label].anchors
    )
    return Outcome(
        "answered",
        "told",
        turn,
        passages=tuple(passages),
        facts=tuple(facts),
        verdict=_decided(knowledge, question, chosen[0]) if len(chosen) == 1 else None,
        topic=told.topic if told else "",
        chance=chance,
    )


def _decided(knowledge: Knowledge, question: str, chosen: Candidate) -> str | None:
    """Yes or no; None too where the question names a place beyond the notice."""
    told = knowledge.intents[chosen.intent].told
    here = knowledge.classes[chosen.label].notice
    if told is None or set(named_provinces(question)) - {knowledge.province(here)}:
        return None
    of_passage = knowledge.entries[chosen.label]
    deciding = [one for one in of_passage if one.verdict and _same_fact(one, told)]
    return verdict(question, deciding[0], deciding) if deciding else None


def _same_fact(one: Told, other: Told) -> bool:
    """Whether two entries tell the same, one perhaps shorter."""
    return one.topic == other.topic or any(a in b or b in a for a in one.spans for b in other.spans)


def _stands(knowledge: Knowledge, span: str, anchors: tuple[str, ...]) -> bool:
    squeezed = "".join(span.split())
    return any(squeezed in "".join(knowledge.passages[anchor][1].text.split()) for anchor in anchors)


def named_in(topic: str, question: str) -> str:
    """The parts of an untold topic (逾期、延期、名额) that share a word with the question; else empty.

    A topic that only resembles what was asked would tell people that something else is not written, and one
    that names a province is worded for a single notice.
    """
    asked = strip_fillers(question)
    pairs = {asked[at : at + 2] for at in range(len(asked) - 1)}
    parts = [
        part
        for part in re.split(r"[、，]", topic)
        if not named_provinces(part) and any(part[at : at + 2] in pairs for at in range(len(part) - 1))
    ]
    return "、".join(parts)
