"""The provinces and cities that a text names."""

import re
from functools import cache

import divisions
from policy.wording import lexicon, normalise


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
def places() -> re.Pattern[str]:
    """Finds such a name in a normalised text."""
    return re.compile("|".join(sorted(map(re.escape, place_names()), key=len, reverse=True)))


def named_provinces(text: str) -> list[str]:
    """Full names of the provinces whose own or cities' names stand in a text, in that order."""
    found = [place_names()[match.group()] for match in places().finditer(normalise(text))]
    return list(dict.fromkeys(found))


def without_provinces(text: str) -> str:
    """The normalised text without the names of provinces."""
    names = [name for short in lexicon("provinces")["names"].values() for name in short]
    return re.sub(f"({'|'.join(names)})(省|市)?", "", normalise(text))
