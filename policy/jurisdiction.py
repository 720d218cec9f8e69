"""Which notice a question names, and whether it is another province's or another year's business."""

import re
from functools import cache

from notices.model import Notice
from policy.knowledge import Knowledge
from policy.places import named_provinces, place_names, places
from policy.wording import clauses, lexicon, normalise

PAPER = "统计表|明细表|申报表|报表|附件|材料|通知|文件|方案|征集|报送|申报|填报|上报|截止|案例征集"
YEAR = re.compile(rf"(20\d\d)年?度?(?:的|那份|那个|这份)?(?:{PAPER})")
# 在贵州做的项目, 台湾登记的基金会: where the work is done, or who asks whether it may take part.
DONE_THERE = (
    r"[^，。？?]{0,6}(做的|做过|搞的|开展的|实施的|帮的|帮扶的|干的|跑[,。]|支教)"
    r"|那?边?的(项目|活动)(该|应该|要|得)?(填|算|写|放|归|记)"
)
REGISTERED_THERE = r"(省|市)?(那边)?(注册|登记|成立)的"
SHORTEST_NAME = 3
NEVER = r"(?!)"
MAY = re.compile(r"(可以|能不能|能否|可否|能[^，。？?]{0,6}吗|行不行|有没有资格|有资格)")


def named_notices(text: str, knowledge: Knowledge) -> frozenset[str] | None:
    """The notices whose province, title or number the text names; None when it names none of them."""
    names, plain = named_provinces(text), normalise(text)
    return (
        frozenset(
            slug
            for slug, notice in knowledge.notices.items()
            if knowledge.province(slug) in names or called(notice.title, notice.document_number).search(plain)
        )
        or None
    )


@cache
def called(title: str, number: str) -> re.Pattern[str]:
    """Finds what people call a notice by: what its title quotes, and the letters and figure of its number."""
    quoted = [part for words in re.findall(r"“(.+?)”", title) for part in re.split(r"\W+", normalise(words))]
    names = [re.escape(part) for part in quoted if len(part) >= SHORTEST_NAME]
    if parts := re.match(r"(\w+)〔\d+〕(\d+)号", normalise(number)):
        names += [parts.group(1), rf"(?<!\d){parts.group(2)}号(?=文|通知)"]
    return re.compile("|".join(names) or NEVER)


def strangers(text: str, knowledge: Knowledge) -> dict[str, list[str]]:
    """The provinces without a notice that a text asks about, each with the names people use for it."""
    own = {knowledge.province(slug) for slug in knowledge.notices}
    plain = normalise(text)
    return {
        full: lexicon("provinces")["names"].get(full, [full])
        for full in named_provinces(plain)
        if full not in own and not _in_passing(plain, full, own)
    }


def _in_passing(plain: str, province: str, own: set[str]) -> bool:
    """Whether a province is only spoken of: work was done there, or what is asked is of a notice's own."""
    parts = [part.text for part in clauses(plain)]
    asking = [part.text for part in clauses(plain) if part.asks] or parts
    beside = own & set(named_provinces(plain))
    if beside and not any(province in named_provinces(part) for part in asking):
        return True
    for match in places().finditer(plain):
        if place_names()[match.group()] == province:
            rest = plain[match.end() :]
            if re.match(DONE_THERE, rest) or (re.match(REGISTERED_THERE, rest) and MAY.search(rest)):
                return True
    return False


def other_province(text: str, knowledge: Knowledge) -> str:
    """The full name of a province asked about that no notice speaks for or of; else empty."""
    passages = knowledge.passages.values()
    unknown = (
        full
        for full, names in strangers(text, knowledge).items()
        if not any(name in passage.text for _, passage in passages for name in names)
    )
    return next(unknown, "")


def other_year(text: str, notice: Notice) -> int | None:
    """The year whose papers a text asks for, where the notice is of another and does not speak of it."""
    for match in YEAR.finditer(normalise(text)):
        year = int(match.group(1))
        if year != notice.year and not any(f"{year}年" in passage.text for passage in notice.passages):
            return year
    return None
