"""Which passages answer a question, as far as the question alone tells, or that none does."""

from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from threading import Lock

from policy.composing import compose, named_in
from policy.index import Index, Reading
from policy.jurisdiction import named_notices
from policy.knowledge import Intent, Knowledge
from policy.ordinals import placed
from policy.outcome import Outcome, Reason, Turn
from policy.ranking import rank
from policy.several import Part, parts_of, things_of
from policy.signals import Candidate, Signals
from policy.telltales import untold_instead
from policy.wording import normalise

ACCEPT = 0.45
ACCEPT_FIRST = 0.25
ACCEPT_PART = 0.02
ACCEPT_THING = 0.4
# Above this a question is answered although an order to the bot is what it resembles most.
ACCEPT_ORDER = 0.55
SURE_OUTSIDE = 0.3
PLAINLY_OUTSIDE = 0.6
ALSO = 0.6
ALONE = 0.1
OWN_NOTICE = 1.3
STRETCH = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """The best class for one reading of a question, with its chance; `candidate` None when there is none."""

    chance: float
    candidate: Candidate | None
    second: tuple[tuple[float, Candidate], ...] = ()

    @property
    def answerable(self) -> float:
        """How likely any of the classes answers: near relatives share what speaks for an answer."""
        return self.chance + sum(chance for chance, _ in self.second)


class Decider:
    """Finds the likeliest class for a question over the knowledge, and decides whether it answers."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._built: Signals | None = None
        self._building = Lock()

    @property
    def _signals(self) -> Signals:
        # A lock of its own: the timer's thread and the first question's may both want the index.
        with self._building:
            if self._built is None:
                rows = self.knowledge.rows
                self._built = Signals(self.knowledge, Index(rows, self.knowledge.targets()), rows)
            return self._built

    @property
    def ready(self) -> bool:
        """Whether the index stands, so that an answer takes milliseconds."""
        return self._built is not None

    def warm(self) -> None:
        """Build the index now (seconds for thousands of wordings) instead of at the first question."""
        _ = self._signals

    def read(self, question: str) -> list[Reading]:
        """The readings of a question as the index compares them, the whole first."""
        return self._signals.index.read(question)

    def spelled(self, question: str) -> str:
        """The question as read: normalised, homophones put right."""
        return self._signals.index.speller.correct(normalise(question))

    def alone(self, question: str, notice: str | None) -> Outcome:
        """The outcome of a question without the one before; the own `notice` goes first."""
        named = named_notices(question, self.knowledge)
        numbered = self._placed(question, named or frozenset({notice} if notice else ()))
        if len(numbered) == 1:
            [(question, named)] = numbered
        parts = numbered if len(numbered) > 1 else parts_of(question, named, self.knowledge)
        if parts:
            outcome = self._together(question, parts)
            if outcome:
                return outcome
        return self._each(question, named) or self.decide(question, self.read(question), named, notice)

    def _placed(self, question: str, slugs: frozenset[str]) -> list[Part]:
        """The question for each notice, of `slugs` if any, that has the place it names by number."""
        texts = placed(question, self.knowledge.notices.values())
        return [(text, frozenset({slug})) for slug, text in texts.items() if not slugs or slug in slugs]

    def decide(
        self,
        question: str,
        readings: list[Reading],
        named: frozenset[str] | None,
        own: str | None,
        focus: tuple[str, Reading] | None = None,
    ) -> Outcome:
        """The outcome for a question's readings, among the named notices; the own notice goes first.

        `focus`, what was just asked and its reading, chooses the fact within the passage found where the
        readings hold more.
        """
        found = self.find(readings, named, own)
        if found.candidate:
            asked, reading = focus or (self.spelled(question), readings[0])
            intent = self._signals.nearest_intent(found.candidate.label, reading.likeness, asked)
            if intent is not None:
                found = replace(found, candidate=replace(found.candidate, intent=intent))
        ordered = self._nearest(readings[0])[0].kind == "injection" and found.chance < ACCEPT_ORDER
        if found.candidate and found.chance >= ACCEPT_FIRST and found.answerable >= ACCEPT and not ordered:
            just_asked = focus[1] if focus else readings[0]
            row = untold_instead(just_asked, found.candidate.label, self._signals.layout)
            if row is None:
                return self._told(question, found, named)
            return self._untold(question, self._intent(row), found, named)
        return self._refused(question, readings[0], found, named)

    def find(self, readings: list[Reading], named: frozenset[str] | None, own: str | None = None) -> Found:
        """The likeliest class over all readings."""
        best: dict[int, tuple[float, Candidate]] = {}
        whole: set[int] = set()
        for number, reading in enumerate(readings):
            among = whole if number else None
            for chance, candidate in rank(self._signals.candidates(reading.likeness, named, among)):
                chance *= STRETCH if number else 1.0
                if chance > best.get(candidate.label, (0.0, candidate))[0]:
                    best[candidate.label] = (chance, candidate)
            whole = whole or set(best)
        ranked = sorted(best.values(), key=lambda pair: -pair[0])
        if own and not named:
            ranked = sorted(
                ranked, key=lambda pair: -pair[0] * (OWN_NOTICE if self._notice(pair[1]) == own else 1)
            )
        if not ranked:
            return Found(0.0, None)
        return Found(ranked[0][0], ranked[0][1], tuple(ranked[1:]))

    def _notice(self, candidate: Candidate) -> str:
        return self.knowledge.classes[candidate.label].notice

    def _told(self, question: str, found: Found, named: frozenset[str] | None) -> Outcome:
        assert found.candidate is not None
        chosen = [found.candidate]
        if first := self._first_of(found):
            return compose(self.knowledge, question, [first, found.candidate], found.chance)
        if not named:
            home = self._notice(found.candidate)
            chosen += [
                item
                for chance, item in found.second[:1]
                if chance >= ACCEPT_FIRST and chance >= ALSO * found.chance and self._notice(item) != home
            ]
        return compose(self.knowledge, question, chosen, found.chance)

    def _first_of(self, found: Found) -> Candidate | None:
        """Where several passages answer together: the one that would have answered alone, to stand first."""
        assert found.candidate is not None
        anchors = self.knowledge.classes[found.candidate.label].anchors
        alone = (
            item
            for chance, item in found.second
            if chance >= ALONE and self.knowledge.classes[item.label].anchors in {(one,) for one in anchors}
        )
        return next(alone, None) if len(anchors) > 1 else None

    def _each(self, question: str, named: frozenset[str] | None) -> Outcome | None:
        """One answer to two things asked at once; None unless each surely has one, and not in one passage."""
        things = things_of(question)
        answers = (self.find(self.read(text), named) for text in things)
        found = list(takewhile(lambda item: item.chance >= ACCEPT_THING, answers))
        sure = [item.candidate for item in found if item.candidate]
        if not sure or len(sure) < len(things):
            return None
        anchors = [self.knowledge.classes[item.label].anchors for item in sure]
        if any(set(one) & set(other) for one, other in pairwise(anchors)):
            return None
        whole = self.find(self.read(question), named).candidate
        if whole and len(self.knowledge.classes[whole.label].anchors) > 1:
            return None
        return compose(self.knowledge, question, sure, min(item.chance for item in found))

    def _together(self, question: str, parts: list[tuple[str, frozenset[str] | None]]) -> Outcome | None:
        """One answer of several parts; None when fewer than two parts have an answer of their own."""
        found = [self.find(self.read(text), named) for text, named in parts]
        sure = [item for item in found if item.candidate and item.chance >= ACCEPT_PART]
        labels = {item.candidate.label for item in sure if item.candidate}
        if len(sure) < len(parts) or len(labels) < 2 or sum(item.chance for item in sure) < ACCEPT:
            return None
        return compose(
            self.knowledge,
            question,
            [item.candidate for item in sure if item.candidate],
            min(item.chance for item in sure),
        )

    def _nearest(self, reading: Reading) -> tuple[Intent, float]:
        """The intent of the wording nearest to a question, whatever it belongs to, and how near that is."""
        near = reading.likeness.rows
        row = int(near.argmax())
        return self._intent(row), float(near[row])

    def _intent(self, row: int) -> Intent:
        return self.knowledge.intents[int(self._signals.layout.intents[row])]

    def is_outside(self, question: str) -> bool:
        """Whether a message is plainly small talk, other business or no known word: 谢谢啦, 嘿哟."""
        reading = self.read(question)[0]
        if not reading.counts["words"].keys() & self._signals.index.vocabularies["words"].ids.keys():
            return True
        nearest, likeness = self._nearest(reading)
        return nearest.kind in ("chat", "other") and likeness >= PLAINLY_OUTSIDE

    def _refused(
        self, question: str, reading: Reading, found: Found, named: frozenset[str] | None
    ) -> Outcome:
        nearest, likeness = self._nearest(reading)
        if nearest.kind in ("chat", "injection", "other"):
            reason: Reason = nearest.kind if likeness >= SURE_OUTSIDE else "other"  # type: ignore[assignment]
            return Outcome("declined", reason, Turn(question), chance=found.chance)
        return self._untold(question, nearest, found, named)

    def _untold(self, question: str, nearest: Intent, found: Found, named: frozenset[str] | None) -> Outcome:
        """The refusal of what no notice tells, near the intent it resembles most."""
        related: tuple[tuple[str, str], ...] = ()
        if found.candidate and found.chance >= ACCEPT / 3:
            here = self.knowledge.classes[found.candidate.label]
            related = tuple((here.notice, anchor) for anchor in here.anchors[:1])
        topic = nearest.entry.topic if nearest.kind == "untold" and nearest.entry else ""
        turn = Turn(question, related[0][0] if related else "", tuple(anchor for _, anchor in related))
        concerned = sorted(named) if named else [turn.notice or nearest.notice]
        return Outcome(
            "refused",
            "untold",
            turn,
            related=related,
            topic=named_in(topic, self.spelled(question)),
            concerned=concerned[0] if len(concerned) == 1 else "",
            chance=found.chance,
        )
