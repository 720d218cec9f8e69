"""What asking came to: passages that answer, an honest refusal, or a kind decline."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["answered", "refused", "declined"]
Reason = Literal["told", "untold", "province", "year", "figures", "chat", "injection", "other"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a following question may lean on: the question as understood, and where its answer stood."""

    question: str
    notice: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one question.

    `passages` are pairs (notice slug, anchor), best first, only when answered; `facts` is text standing
    verbatim in them; `verdict` is set only where the text itself decides a yes/no question. `related` are
    passages beside a refusal that come near. `province` and `year` name what no notice here is for. `topic`
    is what was asked, in the bank's words; on a refusal only where that is sure. `concerned` is the notice
    (slug) whose contact a refusal offers. `turn` is to be handed in with the next question.
    """

    kind: Kind
    reason: Reason
    turn: Turn
    passages: tuple[tuple[str, str], ...] = ()
    facts: tuple[str, ...] = ()
    verdict: str | None = None
    related: tuple[tuple[str, str], ...] = ()
    topic: str = ""
    province: str = ""
    year: int | None = None
    concerned: str = ""
    chance: float = 0.0

    @property
    def direct(self) -> str | None:
        """The one-line answer, or None where no fact is known."""
        return "；".join(" ".join(fact.split()) for fact in self.facts) or None
