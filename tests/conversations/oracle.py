"""An engine that says what a test told it to: what is tested is the talk around the answers."""

from dataclasses import dataclass, field, replace

from policy import Outcome, Turn


@dataclass
class Oracle:
    """Knows the outcomes it was given by question; refuses everything else as not told."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    heard: list[tuple[str, Turn | None, str | None]] = field(default_factory=list)
    ready: bool = True

    def teach(self, question: str, notice: str, *anchors: str, fact: str = "") -> None:
        """From now on that question is answered with those passages."""
        turn = Turn(question, notice, anchors)
        passages = tuple((notice, anchor) for anchor in anchors)
        self.outcomes[question] = Outcome(
            "answered", "told", turn, passages=passages, facts=(fact,) if fact else (), chance=0.9
        )

    def refuse(self, question: str, notice: str = "", related: str = "", topic: str = "") -> None:
        """From now on that question is refused, with a related passage if one is named."""
        turn = Turn(question, notice, (related,) if related else ())
        self.outcomes[question] = Outcome(
            "refused",
            "untold",
            turn,
            related=((notice, related),) if related else (),
            topic=topic,
            concerned=notice,
        )

    def answer(self, question: str, *, previous: Turn | None = None, notice: str | None = None) -> Outcome:
        """What it was taught."""
        self.heard.append((question, previous, notice))
        unknown = Outcome("refused", "untold", Turn(question))
        outcome = self.outcomes.get(question, unknown)
        return replace(outcome, turn=replace(outcome.turn, question=question))
