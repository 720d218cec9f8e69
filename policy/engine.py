"""From a question to the passages that answer it, or to an honest refusal."""

from collections.abc import Mapping

from notices import PUBLISHED, Catalog
from notices.bank import Bank, load_bank
from policy.deciding import Decider
from policy.follow_ups import following
from policy.jurisdiction import other_province, other_year, strangers
from policy.knowledge import Knowledge
from policy.outcome import Outcome, Turn
from policy.recognising import is_figures_only
from policy.wording import matches_injection


class Engine:
    """Answers questions on the notices of a catalog, from their text and question banks."""

    def __init__(self, catalog: Catalog, banks: Mapping[str, Bank] | None = None) -> None:
        if banks is None:
            banks = {item.slug: load_bank(PUBLISHED / item.slug / "questions") for item in catalog.notices}
        self.knowledge = Knowledge(catalog.notices, banks)
        self.decider = Decider(self.knowledge)

    @property
    def ready(self) -> bool:
        """Whether the index stands, so that an answer takes milliseconds."""
        return self.decider.ready

    def warm(self) -> None:
        """Build the index now (seconds for thousands of wordings) instead of at the first question."""
        self.decider.warm()

    def answer(self, question: str, *, previous: Turn | None = None, notice: str | None = None) -> Outcome:
        """The outcome of a question; `previous` is the turn before, `notice` the asker's own filing's."""
        if matches_injection(question):
            return Outcome("declined", "injection", Turn(question))
        if is_figures_only(question):
            return Outcome("declined", "figures", Turn(question))
        stranger = other_province(question, self.knowledge)
        if stranger:
            return Outcome("refused", "province", Turn(question), province=stranger)
        if previous is None:
            return self._checked(question, self.decider.alone(question, notice))
        return self._checked(question, following(self.decider, question, previous, notice))

    def _checked(self, question: str, outcome: Outcome) -> Outcome:
        """Another province is answered for by passages that name it, another year's papers by none."""
        texts = [self.knowledge.passages[anchor][1].text for _, anchor in outcome.passages]
        for full, names in strangers(question, self.knowledge).items():
            if texts and not any(name in text for name in names for text in texts):
                return Outcome("refused", "province", Turn(question), province=full)
        slugs = [slug for slug, _ in outcome.passages]
        if outcome.concerned:
            slugs.append(outcome.concerned)
        years = [other_year(question, self.knowledge.notices[slug]) for slug in slugs]
        if years and all(years):
            return Outcome("refused", "year", Turn(question), year=years[0])
        return outcome
