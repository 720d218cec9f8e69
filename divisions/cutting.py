"""Cutting a text into the names of places it is made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from divisions.names import Name, names
from divisions.spelling import Match, halved, misspelt, sound_alike, spelled
from divisions.tree import get, overrides, path

_LONGEST = 22
_KINDS = "县市区旗州省盟"
# What lies below a county, and zones beside counties: 洪山镇, 高新区. Neither is a place of the tree.
TOWNSHIP = re.compile(
    r"(?:(?![县市区旗])[\u4e00-\u9fff]){1,5}?(?:街道办事处|街道办?|镇|乡|苏木|村委会|居委会|行政村|自然村|村|社区|农场|林场|牧场|小区)(?![镇乡村街])"
)
ZONE = re.compile(
    r"(?:(?![县市区旗])[\u4e00-\u9fff]){0,8}?(?:开发区|园区|经开区|高新区|工业园区?|产业园|保税区|新区|示范区|度假区)(?:管委会)?"
)
_SHORT_TOWNSHIP = 4  # 洪山镇, 文安驿镇: a name within is the township's own
_NOISE = re.compile(
    r"帮扶地区|项目地区|实施地点?|项目地点?|地址|地点|对口帮扶|对口支援|对口|帮扶|支援|位于|来自|前往|去了|就是|我们|在|是|兵团|几个|做|为|的|等地|等|一带|"
    r"附近|周边|境内|全境|全县|全区|全市|全省|城区|县城|农村|山区|乡下|贫困村|那边|这边|学校|中国|我国|省内|本省|里|老区|革命|贫困县|贫困地区|所辖|下辖|下面|某村|以及|和|与|及|帮助|帮|城|内|去|到"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text and the names it may stand for."""

    text: str
    names: tuple[Name, ...]
    corrected: bool = False
    doubtful: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(name.code for name in self.names)


@dataclass(slots=True)
class Split:
    """The best way so far to cut the text up to some point; `loose` when it ends with what names nothing."""

    score: float = 0.0
    segments: tuple[Segment, ...] = ()
    rest: tuple[str, ...] = field(default_factory=tuple)
    loose: bool = False


def exact_names(text: str, at: int) -> Iterable[Segment]:
    for end in range(at + 2, min(len(text), at + _LONGEST) + 1):
        entries = names().get(text[at:end])
        if entries:
            yield Segment(text[at:end], entries)


def _mended(text: str, at: int) -> Iterable[Segment]:
    """Misspelt names from here, and known names with the wrong kind behind them (睢宁区)."""
    for end in range(at + 2, min(len(text), at + _LONGEST) + 1):
        piece = text[at:end]
        if piece in names() or not re.fullmatch(r"[\u4e00-\u9fff]+", piece):
            continue
        wrong_kind = [name for name in names().get(piece[:-1], ()) if not name.whole and piece[-1] in _KINDS]
        if wrong_kind:
            yield Segment(piece, tuple(wrong_kind), corrected=True, doubtful=True)
            continue
        segment = _misspelt_segment(piece)
        if segment is not None:
            yield segment


def _misspelt_segment(piece: str) -> Segment | None:
    matches = [match for match in misspelt(piece) if _may_stand_for(piece, match)]
    if not matches:
        return None
    best, evidence = max((match.kept, match.evidence) for match in matches)
    alike = [match.name for match in matches if (match.kept, match.evidence) == (best, evidence)]
    current = tuple(name for name in alike if not name.historic) or tuple(alike)
    doubtful = best == 0 or evidence < (2 if current[0].whole else 4)
    halves = tuple(name for name in halved(piece) if not name.historic)
    return Segment(piece, current + halves, corrected=True, doubtful=doubtful or bool(halves))


def _may_stand_for(piece: str, match: Match) -> bool:
    """A name said with its kind is no misspelt bare name; nothing kept needs the kind and the sound."""
    if match.kept:
        return match.name.whole or piece[-1] not in _KINDS
    return match.name.whole and sound_alike(piece, match.name.text)


def cut(text: str, mend: bool) -> Split:
    """The split of the text that explains most of it with the fewest names."""
    best: list[Split | None] = [None] * (len(text) + 1)
    best[0] = Split()
    for at in range(len(text)):
        here = best[at]
        if here is None:
            continue

        def offer(end: int, gain: float, segment: Segment | None, here: Split = here, at: int = at) -> None:
            score = here.score + gain
            known = best[end]
            if known is None or score > known.score:
                rest = here.rest if segment else (*here.rest, text[at:end])
                segments = (*here.segments, segment) if segment else here.segments
                best[end] = Split(score, segments, rest, loose=segment is None)

        offer(at + 1, 0, None)
        for segment in exact_names(text, at):
            former = all(name.historic for name in segment.names)
            offer(at + len(segment.text), 10 * len(segment.text) - (5 if former else 3), segment)
        noise = _NOISE.match(text, at)
        if noise:
            _offer_silently(best, here, at, noise.end(), 4 * len(noise[0]))
        if here.segments:
            _offer_lower(best, here, at, text)
        if mend and not here.loose:  # in 华长村 no slip of the pen begins at 长
            for segment in _mended(text, at):
                width = len(segment.text)
                offer(at + width, max(8 * width - 6, 10 * width - 12), segment)
    final = best[len(text)]
    assert final is not None
    return final


def _offer_lower(best: list[Split | None], here: Split, at: int, text: str) -> None:
    """What lies below the place just named. A zone is left in the rest: whose county it is, nobody said."""
    township = TOWNSHIP.match(text, at)
    if township:
        in_county = any(get(code).level == "county" for code in here.segments[-1].codes)
        sure = in_county and len(township[0]) <= _SHORT_TOWNSHIP
        _offer_silently(best, here, at, township.end(), (10 if sure else 6) * len(township[0]))
    zone = ZONE.match(text, at)
    if zone:
        _offer_silently(best, here, at, zone.end(), 9 * len(zone[0]), rest=zone[0])


def _offer_silently(
    best: list[Split | None], here: Split, at: int, end: int, gain: float, rest: str = ""
) -> None:
    known = best[end]
    if known is None or here.score + gain > known.score:
        best[end] = Split(here.score + gain, here.segments, (*here.rest, rest) if rest else here.rest)


def spelled_names(text: str) -> list[Segment] | None:
    """Pinyin, with or without spaces, cut into names; None when some of it is no name."""
    tokens = text.split()
    found: list[Segment] = []
    at = 0
    while at < len(tokens):
        for width in range(min(6, len(tokens) - at), 0, -1):
            entries = spelled().get("".join(tokens[at : at + width]))
            if entries:
                found.append(Segment("".join(tokens[at : at + width]), entries))
                at += width
                break
        else:
            pieces = _spelled_run(tokens[at])
            if pieces is None:
                return None
            found.extend(pieces)
            at += 1
    return found


def _spelled_run(text: str) -> list[Segment] | None:
    if not text:
        return []
    for end in range(len(text), 3, -1):
        entries = spelled().get(text[:end])
        if entries:
            following = _spelled_run(text[end:])
            if following is not None:
                return [Segment(text[:end], entries), *following]
    return None


def common_places(segments: Sequence[Segment]) -> list[str]:
    """The codes that lie in, or are, all the places named; those that use more of the names come first."""
    ranked: dict[str, int] = {}
    for code in {code for segment in segments for code in segment.codes}:
        line = {division.code for division in path(code)}
        if all(line & set(segment.codes) for segment in segments):
            ranked[code] = _distinct(segments, line)
    if not ranked:
        return []
    most = max(ranked.values())
    leaves = [code for code in ranked if ranked[code] == most]
    named = [code for code in leaves if code in segments[-1].codes or len(segments) == 1]
    eminent = overrides()["eminent"].get(segments[-1].text)
    return [eminent] if eminent in leaves else sorted(named or leaves)


def _distinct(segments: Sequence[Segment], line: set[str]) -> int:
    """How many different places of the line the segments name at most (吉林吉林 names two)."""
    owner: dict[str, int] = {}

    def assign(index: int, tried: set[str]) -> bool:
        for code in segments[index].codes:
            if code in line and code not in tried:
                tried.add(code)
                if code not in owner or assign(owner[code], tried):
                    owner[code] = index
                    return True
        return False

    return sum(assign(index, set()) for index in range(len(segments)))
