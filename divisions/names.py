"""What people call a division: its name, its short names, everyday names, and names it once had."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from divisions.tree import Division, overrides, tree

SUFFIXES = (
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "特别行政区",
    "地区",
    "林区",
    "省",
    "市",
    "州",
    "盟",
    "县",
    "区",
    "旗",
)

# The peoples after whom autonomous divisions are named, as their names print them.
_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|"
    "锡伯|阿昌族|普米族|塔吉克|怒族|独龙族|裕固族|保安族|各族"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{_PEOPLES})*自治(区|州|县|旗)$")
_PLAIN = re.compile(r"^(.+?)(特别行政区|地区|林区|省|市|盟|县|区|旗)$")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a division. `whole` when it carries its kind (睢宁县 does, 睢宁 does not)."""

    text: str
    code: str
    whole: bool
    historic: bool = False
    sure: bool = True


def stem(name: str) -> str:
    """The name without its kind and people: 睢宁 for 睢宁县, 伊犁 for 伊犁哈萨克自治州."""
    if name == "东乡族自治县":
        return "东乡"
    found = _AUTONOMOUS.match(name) or _PLAIN.match(name)
    return found[1] if found else name


def _spoken(division: Division) -> Iterator[Name]:
    yield Name(division.name, division.code, whole=True)
    short = stem(division.name)
    autonomous = _AUTONOMOUS.match(division.name)
    if autonomous and division.name.endswith(("州", "县", "旗")):
        yield Name(short + autonomous[2], division.code, whole=True)
        yield Name(short + "自治" + autonomous[2], division.code, whole=True)
    if len(short) > 1:
        yield Name(short, division.code, whole=False)
    if division.level == "province" and division.name.endswith("自治区") and len(short) > 1:
        yield Name(short + "自治区", division.code, whole=True)


def _successors(division: Division) -> Iterator[Name]:
    """A county that became a district or a town was called 县 or 市 before; a region became a city."""
    short = stem(division.name)
    if division.level == "county" and len(short) > 1 and division.name.endswith(("区", "市")):
        for former in ("县", "市"):
            if not division.name.endswith(former):
                yield Name(short + former, division.code, whole=True, historic=True, sure=False)
    if division.level == "city" and division.name.endswith("市"):
        yield Name(short + "地区", division.code, whole=True, historic=True)


@cache
def names() -> Mapping[str, tuple[Name, ...]]:
    """Every name we know, by its text.

    A name in use hides the same name derived for the past; one that is known to have been abolished
    (清河区 in 淮安) stands beside it.
    """
    found: defaultdict[str, dict[str, Name]] = defaultdict(dict)
    for division in tree().values():
        for name in _spoken(division):
            found[name.text].setdefault(name.code, name)
    for code, aliases in overrides()["aliases"].items():
        for alias in aliases:
            found[alias].setdefault(code, Name(alias, code, whole=True))
    for text, codes in overrides()["historic"].items():
        for code in codes:
            # A changed kind (铜仁地区) is no matter; a changed name or county is asked about.
            sure = tree()[code].level != "county" and stem(text) == stem(tree()[code].name)
            found[text].setdefault(code, Name(text, code, whole=True, historic=True, sure=sure))
            short = stem(text)
            if len(short) > 1 and short not in found:
                found[short][code] = Name(short, code, whole=False, historic=True, sure=sure)
    for division in tree().values():
        for name in _successors(division):
            if all(
                other.historic and name.text not in overrides()["historic"]
                for other in found[name.text].values()
            ):
                found[name.text].setdefault(name.code, name)
    return {text: tuple(entries.values()) for text, entries in found.items() if entries}
