"""Finding the place a person named: parents in any order, short names, slips of the pen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from divisions.cutting import TOWNSHIP, ZONE, Segment, Split, common_places, cut, exact_names, spelled_names
from divisions.names import stem
from divisions.spelling import look_alike, misspelt
from divisions.tree import exists, get, path, tree, within

_SEPARATORS = re.compile(r"[\s/\\,;:>()\[\]<>|·.\-_'\"=→、。!?~《》【】&+]+")
_LABELS = re.compile(r"(?:^|(?<=[\s,;/]))(?:省份?|地?市|区县|县区?|区|州)\s*:")
_SEVERAL = re.compile(r"[、,;和与及&+]|以及")
_VAGUE = re.compile(
    r"偏远|贫困地区|山区|农村|乡下|乡村|全国|各地|多地|多个|全省|省内|省外|外省|外地|西部|东部|中部|北方|南方|苏北|苏南|苏中|陕北|陕南|晋北|晋南|"
    r"南疆|北疆|藏区|老区|边疆|三区三州|本地|当地|不限|很多|若干|其它地区|其他地区|周边|国外|海外|境外|贫困|基层|社区|村里|某|[本我贵全][省市州县区镇乡]$|日本|韩国|美国|朝鲜|蒙古国|缅甸|越南|老挝|柬埔寨|泰国|尼泊尔|巴基斯坦|非洲|欧洲|关中|三江源|淮海|江淮|江南|塞外"
)

_SHORTEST_WHOLE = 2  # 宁县, 丰县: the end of many a longer name

Problem = Literal["unknown", "vague", "mismatch", "unrelated", "several"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was taken for: division codes, likeliest first, or a `problem`.

    One code and not `doubtful`: surely this place. Several codes: equally possible. With a problem the
    codes are suggestions. `corrected`: a slip of the pen was mended; `historic`: a former name was used;
    `rest`: words of the text that name nothing we know.
    """

    codes: tuple[str, ...] = ()
    problem: Problem | None = None
    corrected: bool = False
    historic: bool = False
    doubtful: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in running text, from `start` to `end`; `whole` when its kind was said, or its parent."""

    start: int
    end: int
    code: str
    whole: bool


def mentions(text: str) -> list[Mention]:
    """The places named in a running text (folded), beyond doubt; neighbouring names are one place."""
    found: list[Mention] = []
    at = 0
    while at < len(text):
        run: list[Segment] = []
        end = at
        while True:
            longest = max(exact_names(text, end), key=lambda segment: len(segment.text), default=None)
            if longest is None or _of_a_village(text, end, longest):
                break
            if not run and _misspelt_before(text, end, longest):
                break
            run.append(longest)
            end += len(longest.text)
        leaves = common_places(run) if run else []
        if len(leaves) == 1 and not any(name.historic and not name.sure for name in run[-1].names):
            whole = len(run) > 1 or any(name.whole for name in run[-1].names)
            found.append(Mention(at, end, leaves[0], whole))
        at = end if run else at + 1
    return found


def _of_a_village(text: str, at: int, segment: Segment) -> bool:
    """True for 洪山 in 洪山镇牛山村: a bare name that goes on as a township's or village's."""
    if any(name.whole for name in segment.names):
        return False
    township = TOWNSHIP.match(text, at)
    return township is not None and len(township[0]) <= len(segment.text) + 2


def _misspelt_before(text: str, at: int, segment: Segment) -> bool:
    """True for the 宁县 of 雎宁县: with the character before it, a slip in a longer name."""
    short = len(segment.text) == _SHORTEST_WHOLE and any(name.whole for name in segment.names)
    if not short or at == 0 or not text[at - 1].isalpha():
        return False
    return any(match.name.whole and match.kept for match in misspelt(text[at - 1 : at + len(segment.text)]))


def search(text: str, likely: Sequence[str] = ()) -> Found:
    """The place a text names. `text` is folded (one width, lower case, simplified characters).

    `likely` are codes a notice names: they order suggestions and never decide between equals.
    """
    stripped = _LABELS.sub(" ", text).strip()
    if exists(stripped):
        return Found((stripped,))
    if re.fullmatch(r"[a-z'\s/,.\-]+", stripped):
        return _search_spelled(stripped)
    joined = _SEPARATORS.sub("", stripped)
    if len(joined) > 60:
        return Found(problem="unknown", rest=joined)
    split = cut(joined, mend=False)
    if not split.segments and _VAGUE.search(joined):
        return Found(problem="vague", rest=joined)
    if _unexplained(split):
        mended = cut(joined, mend=True)
        if mended.segments and (
            common_places(mended.segments) or not (split.segments and common_places(split.segments))
        ):
            split = mended
    if not split.segments or _is_by_chance(joined, split):
        return _unknown(joined, likely)
    return _resolve(stripped, split, likely)


def _search_spelled(text: str) -> Found:
    words = re.sub(r"[^a-z]+", " ", text.replace("'", ""))
    kinds = {
        "county": "xian",
        "city": "shi",
        "province": "sheng",
        "district": "qu",
        "prefecture": "",
        "china": "",
    }
    in_pinyin = re.sub(rf"\b(?:{'|'.join(kinds)})\b", lambda m: kinds[m[0]], words)
    without = re.sub(rf"\b(?:{'|'.join(kinds)})\b", " ", words)
    segments = spelled_names(in_pinyin) or spelled_names(without)
    leaves = common_places(segments) if segments else []
    if not leaves:
        return Found(problem="unknown", rest=text)
    return Found(tuple(leaves))


def _is_by_chance(text: str, split: Split) -> bool:
    """True when the names found are but letters of something else: 沙河 in 大沙河镇, a slip in a sentence."""
    if any(name.whole for segment in split.segments for name in segment.names):
        return False
    mended = all(segment.corrected for segment in split.segments)
    if TOWNSHIP.fullmatch(text):
        return mended or not text.startswith(split.segments[0].text)
    return mended and len(_unexplained(split)) > sum(len(segment.text) for segment in split.segments)


def _unexplained(split: Split) -> str:
    return "".join(split.rest)


def _resolve(text: str, split: Split, likely: Sequence[str]) -> Found:
    segments = split.segments
    corrected = any(segment.corrected for segment in segments)
    leaves = common_places(segments)
    rest = _unexplained(split)
    if not leaves:
        return _contradiction(text, segments)
    if rest and re.search(r"[\u4e00-\u9fff][县市区旗]$", rest) and not ZONE.fullmatch(split.rest[-1]):
        inside = _suggest(rest, likely, leaves[0])
        return Found(inside, problem="unknown", rest=rest)
    historic = any(all(name.historic for name in segment.names) for segment in segments)
    doubtful = any(all(name.historic and not name.sure for name in segment.names) for segment in segments)
    # A slip in a parent's name is of no account where the place itself is named rightly.
    named = any(not segment.corrected and set(leaves) <= set(segment.codes) for segment in segments)
    # A zone beside a county (丰县经济开发区) lies in it or about it; beside a city it may be nobody's county.
    in_county = any(name.whole for name in segments[-1].names) and get(leaves[0]).level == "county"
    beside = [part for part in split.rest if not (in_county and ZONE.fullmatch(part))]
    bare = not any(name.whole for segment in segments for name in segment.names)
    doubtful = (
        doubtful
        or bool(beside)
        or (bare and TOWNSHIP.fullmatch(text) is not None)
        or (not named and any(segment.doubtful for segment in segments))
    )
    return Found(tuple(leaves), corrected=corrected, historic=historic, doubtful=doubtful, rest=rest)


def _contradiction(text: str, segments: Sequence[Segment]) -> Found:
    """Places that do not lie in one another: which was meant is for the person to say."""
    levels = [min(len(path(code)) for code in segment.codes) for segment in segments]
    deepest = max(levels)
    specific = [segment for segment, level in zip(segments, levels, strict=True) if level == deepest]
    codes = tuple(dict.fromkeys(code for segment in specific for code in segment.codes))
    if len(specific) > 1:
        above = [segment for segment, level in zip(segments, levels, strict=True) if level < deepest]
        each = [common_places([*above, one]) for one in specific]
        problem: Problem = "several" if _SEVERAL.search(text) else "unrelated"
        consistent = tuple(dict.fromkeys(code for found in each for code in found))
        return Found(tuple(dict.fromkeys((*consistent, *codes))), problem=problem)
    return Found(codes, problem="mismatch")


def _unknown(text: str, likely: Sequence[str]) -> Found:
    suggestions = _suggest(text, likely, "")
    if suggestions:
        return Found(suggestions, problem="unknown", rest=text)
    return Found(problem="vague" if _VAGUE.search(text) else "unknown", rest=text)


def _one_off(name: str, typed: str) -> bool:
    """True when names of one length differ in one character: 佐水 and 柞水, under the same province."""
    differing = sum(one != other for one, other in zip(name, typed, strict=False))
    return len(name) == len(typed) > 1 and differing == 1


def _suggest(text: str, likely: Sequence[str], parent: str) -> tuple[str, ...]:
    """Places whose name begins with what was typed before 县, 市, 区; those a notice names first."""
    ending = re.search(r"([\u4e00-\u9fff]{1,4})([县市区旗州])$", text)
    if not ending:
        return ()
    inside = [division for division in tree().values() if not parent or within(division.code, parent)]
    found = [division.code for division in inside if stem(division.name).startswith(ending[1])]
    if parent and not found:
        found = [division.code for division in inside if _one_off(stem(division.name), ending[1])]

    def order(code: str) -> tuple[bool, int, bool, str]:
        named = any(within(code, region) for region in likely if exists(region))
        likeness = sum(map(look_alike, stem(get(code).name), ending[1]))
        return (not named, -likeness, not get(code).name.endswith(ending[2]), code)

    return tuple(sorted(found, key=order)[:6])
