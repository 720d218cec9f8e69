"""Which notice a question names, and whether it is another province's business."""

from policy.knowledge import Knowledge
from policy.places import named_provinces, place_names, places
from policy.wording import lexicon, normalise


def named_notices(text: str, knowledge: Knowledge) -> frozenset[str] | None:
    """The notices whose province the text names; None when it names none of them."""
    names = named_provinces(text)
    return frozenset(slug for slug in knowledge.notices if knowledge.province(slug) in names) or None


def other_province(text: str, knowledge: Knowledge) -> str:
    """The full name of a province that no notice speaks for or of, where the text names one; else empty."""
    told = "".join(passage.text for _, passage in knowledge.passages.values())
    own = {knowledge.province(slug) for slug in knowledge.notices}
    for match in places().finditer(normalise(text)):
        full = place_names()[match.group()]
        short = lexicon("provinces")["names"].get(full, [full])
        if full not in own and not any(name in told for name in short):
            return full
    return ""


def guests(text: str, knowledge: Knowledge) -> dict[str, list[str]]:
    """The provinces a text names that issued no notice, each with the names people use for it."""
    own = {knowledge.province(slug) for slug in knowledge.notices}
    return {
        full: lexicon("provinces")["names"].get(full, [full])
        for full in named_provinces(text)
        if full not in own
    }
