"""Names written with a character that sounds or looks alike (述阳, 雎宁), or in pinyin (suining)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, product

from divisions.names import Name, names, stem
from divisions.tree import get, overrides

_MOST_READINGS = 12


@dataclass(frozen=True, slots=True)
class Match:
    """A name that a misspelt text is taken for.

    `kept` of its characters stand unchanged before its kind. `evidence`: 1 for a faint likeness, or a sound
    that only a rare reading has; 2 for a likeness; 4 more where it also sounds alike as usually read.
    """

    name: Name
    kept: int
    evidence: int


def _usual(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.NORMAL))


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """The toneless pinyin of a text, with the other readings of its characters, the usual one first."""
    from pypinyin import Style, pinyin

    usual = _usual(text)
    yield usual
    each = pinyin(text, style=Style.NORMAL, heteronym=True)
    for reading in islice(product(*each), _MOST_READINGS):
        if reading != usual:
            yield tuple(reading)


def warm() -> None:
    """Builds what finding a misspelt name looks things up in: seconds of work that need not wait for one."""
    misspelt("述阳县")
    halved("于台")
    _by_blurred_sound()
    spelled()


def sound_alike(one: str, other: str) -> bool:
    """True when two texts are read alike in their usual reading."""
    return _usual(one) == _usual(other)


@cache
def _by_sound() -> Mapping[tuple[str, ...], tuple[Name, ...]]:
    found: defaultdict[tuple[str, ...], list[Name]] = defaultdict(list)
    for text, entries in names().items():
        for reading in set(_readings(text)):
            found[reading].extend(entries)
    return {reading: tuple(entries) for reading, entries in found.items()}


@cache
def spelled() -> Mapping[str, tuple[Name, ...]]:
    """Names by their pinyin in one word: `xuzhou`, `xuzhoushi`."""
    found: defaultdict[str, dict[str, Name]] = defaultdict(dict)
    usual = {(name.text, name.code): _usual(name.text) for entries in names().values() for name in entries}
    for reading, everyone in _by_sound().items():
        first = tuple(name for name in everyone if usual[name.text, name.code] == reading)
        for name in first or everyone:
            if not name.historic and overrides()["eminent"].get(name.text, name.code) == name.code:
                found["".join(reading).replace("ü", "v")].setdefault(name.code, name)
                if name.whole and 1 < len(reading) <= 3:
                    bare = "".join(reading[:-1]).replace("ü", "v")
                    if len(stem(name.text)) > 1:
                        found[bare].setdefault(name.code, name)
    for text, code in overrides()["romanized"].items():
        found[text] = {code: Name(text, code, whole=False)}
    return {text: _cities_first(tuple(entries.values())) for text, entries in found.items()}


def _cities_first(entries: tuple[Name, ...]) -> tuple[Name, ...]:
    """`xuzhou` is 徐州, not the district 叙州: nobody spells a district without its kind beside a city."""
    if not any(name.code.endswith("00") for name in entries):
        return entries
    return tuple(name for name in entries if name.code.endswith("00") or get(name.code).name[-1] != "区")


@cache
def _parts() -> Mapping[str, frozenset[str]]:
    text = files("divisions").joinpath("data/components.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {character: frozenset(parts) for character, parts in rows}


@cache
def _radicals() -> frozenset[str]:
    """Parts so common that sharing them makes no two characters alike."""
    counted = Counter(part for parts in _parts().values() for part in parts)
    return frozenset(part for part, times in counted.items() if times > 60)


def look_alike(one: str, other: str) -> int:
    """2 when two characters share their telling part (雎 睢), 1 for radical and a piece besides (泅 泗)."""
    parts, others = _parts().get(one, frozenset()), _parts().get(other, frozenset())
    shared = (parts & others) | ({one} & others) | ({other} & parts)
    if shared - _radicals():
        return 2
    if not parts & others:
        return 0
    rest, others_rest = parts - shared, others - shared
    if any(
        part in _parts().get(other, ())
        for one_rest, other_rest in ((rest, others_rest), (others_rest, rest))
        for part in one_rest
        for other in other_rest
    ):
        return 2
    pieces = {piece for part in parts - shared for piece in {part, *_parts().get(part, ())}}
    other_pieces = {piece for part in others - shared for piece in {part, *_parts().get(part, ())}}
    return 1 if pieces & other_pieces - {"一", "丨", "丶", "㇒", "㇏", "丿"} else 0


@cache
def _with_holes() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    """(text before the hole, text after it) → (the character there, the name)."""
    found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for text in names():
        if len(text) > 1:
            for at, character in enumerate(text):
                found[text[:at], text[at + 1 :]].append((character, text))
    return {key: tuple(entries) for key, entries in found.items()}


@cache
def _halved() -> Mapping[str, tuple[Name, ...]]:
    """Names of two characters, beside their kind, by a part of each: 于台 for 盱眙."""
    found: defaultdict[str, list[Name]] = defaultdict(list)
    for text, entries in names().items():
        core = stem(text)
        if len(core) == 2:
            for one, other in product(*(_parts().get(character, ()) for character in core)):
                found[one + other + text[2:]] += entries
    return {text: tuple(entries) for text, entries in found.items()}


def halved(text: str) -> tuple[Name, ...]:
    """The names of which a text has the half of each character that people know how to say."""
    return _halved().get(text, ())


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(text for text in names() if len(text) > 5)


def _kept(typed: str, name: str) -> int:
    core = stem(name)
    return sum(1 for one, other in zip(typed, core, strict=False) if one == other)


def misspelt(text: str) -> list[Match]:
    """The names a text may be a misspelling of, with the best evidence found; the text itself is no name."""
    sounding = {
        (name.text, name.code): (4 if reading == _usual(text) else 1)
        for reading in reversed(list(_readings(text)))
        for name in _by_sound().get(reading, ())
        if len(name.text) == len(text)
    }
    looking = _looking_like(text)
    found = [
        Match(_named(key), _kept(text, key[0]), looking.get(key, 0) + sounding.get(key, 0))
        for key in sounding | looking
    ]
    if not found:
        found = list(_nearly(text)) if len(text) > 5 else _sounding_nearly(text)
    return found


def _blur(reading: tuple[str, ...]) -> tuple[str, ...]:
    """A reading as it comes out where zh z, n l, n ng are not told apart."""
    return tuple(
        re.sub(r"^([zcs])h|^n(?=[aeiouü])", lambda m: m[1] or "l", s).removesuffix("g") for s in reading
    )


@cache
def _by_blurred_sound() -> Mapping[tuple[str, ...], tuple[Name, ...]]:
    found: defaultdict[tuple[str, ...], list[Name]] = defaultdict(list)
    for text, entries in names().items():
        found[_blur(_usual(text))].extend(name for name in entries if not name.historic)
    return {reading: tuple(entries) for reading, entries in found.items()}


def _sounding_nearly(text: str) -> list[Match]:
    """Names that sound so in the south (灌蓝县 for 灌南县); something of the name must stand as it is."""
    alike = _by_blurred_sound().get(_blur(_usual(text)), ())
    found = [Match(name, _kept(text, name.text), 2) for name in alike if len(name.text) == len(text)]
    return [match for match in found if match.kept]


def _named(key: tuple[str, str]) -> Name:
    return next(name for name in names()[key[0]] if name.code == key[1])


def _looking_like(text: str) -> dict[tuple[str, str], int]:
    """(name, code) → how much alike, for names that differ from the text in one character."""
    found: dict[tuple[str, str], int] = {}
    for at, typed in enumerate(text):
        for character, whole in _with_holes().get((text[:at], text[at + 1 :]), ()):
            likeness = 2 if len(text) > 5 else look_alike(typed, character)
            if likeness and at < len(stem(whole)):
                for name in names()[whole]:
                    found[whole, name.code] = likeness
    return found


def _nearly(text: str) -> Iterator[Match]:
    """Long names with a character missing, added, or two slips."""
    from rapidfuzz import fuzz, process

    for whole, _, _ in process.extract(text, _long_names(), scorer=fuzz.ratio, score_cutoff=82, limit=2):
        if whole[:1] == text[:1] and abs(len(whole) - len(text)) <= 2:
            for name in names()[whole]:
                yield Match(name, _kept(text, whole), 2)
