"""Which notice a question names, and whether it is another province's business."""

import re
from functools import cache
from typing import TYPE_CHECKING

import divisions
from policy.wording import lexicon, normalise

if TYPE_CHECKING:
    from policy.knowledge import Knowledge


@cache
def place_names() -> dict[str, str]:
    """Full name of the province for each name of a province or city that people use."""
    names = {name: full for full, short in lexicon("provinces")["names"].items() for name in short}
    unclear = set(lexicon("provinces")["unclear"])
    for code in divisions.children():
        province = divisions.get(code.code)
        for city in divisions.children(province.code):
            name = re.sub(r"(市|地区|盟)$", "", city.name)
            if city.level == "city" and 2 <= len(name) <= 5 and name not in unclear:
                names.setdefault(name, province.name)
    return names


@cache
def _places() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, place_names()), key=len, reverse=True)))


def named_provinces(text: str) -> list[str]:
    """Full names of the provinces whose own or cities' names stand in a text, in that order."""
    found = [place_names()[match.group()] for match in _places().finditer(normalise(text))]
    return list(dict.fromkeys(found))


def named_notices(text: str, knowledge: "Knowledge") -> frozenset[str] | None:
    """The notices whose province the text names; None when it names none of them."""
    names = named_provinces(text)
    return frozenset(slug for slug in knowledge.notices if knowledge.province(slug) in names) or None


def other_province(text: str, knowledge: "Knowledge") -> str:
    """The full name of a province that no notice speaks for or of, where the text names one; else empty."""
    told = "".join(passage.text for _, passage in knowledge.passages.values())
    own = {knowledge.province(slug) for slug in knowledge.notices}
    for match in _places().finditer(normalise(text)):
        full = place_names()[match.group()]
        short = lexicon("provinces")["names"].get(full, [full])
        if full not in own and not any(name in told for name in short):
            return full
    return ""


def guests(text: str, knowledge: "Knowledge") -> dict[str, list[str]]:
    """The provinces a text names that issued no notice, each with the names people use for it."""
    own = {knowledge.province(slug) for slug in knowledge.notices}
    return {
        full: lexicon("provinces")["names"].get(full, [full])
        for full in named_provinces(text)
        if full not in own
    }


def without_provinces(text: str) -> str:
    """The normalised text without the names of provinces."""
    names = [name for short in lexicon("provinces")["names"].values() for name in short]
    return re.sub(f"({'|'.join(names)})(省|市)?", "", normalise(text))
