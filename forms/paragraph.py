"""A project told in one message: the fields that can be filled without doubt, the rest left to be asked.

Two ways of telling are understood: labelled lines (`帮扶地区：徐州睢宁`), and prose. Prose is cut into
clauses; a figure is taken only when its clause says what it counts, a place only when help went there.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import divisions
from forms import roles
from forms.amounts import fen, find_amounts
from forms.kinds import choice
from forms.model import Answer, Context, Field, Form, Reading
from forms.navigation import relevant_fields
from forms.reading import read
from forms.words import fold, tighten, visible

_LONGEST = 2000
_SENTENCE = re.compile(r"[。；;!！?？\n]+")
_ORGANIZATION = re.compile(
    r"[^,，。;；、\s]{0,14}?(?:协会|商会|基金会|联合会|促进会|总会|学会|研究会|公司|集团|民政局|服务中心|救助中心|合作社|志愿队|俱乐部|慈善会|爱心团|办事处)"
)
_TOWARDS = re.compile(
    r"(?:在|到|赴|给|向|往|为|帮扶|帮助|资助|慰问|救助|支持|支援|援助|来到|前往|去|对口|走进|送到|运往|发往|寄往|深入|地点是?|地区是?)(?:了|过)?$"
)
# 我是江阴的, 在江阴打工的: where they come from or work.
_HOME_BEFORE = re.compile(r"(?:我们?|本人|咱们?)是$|来自$|从$")
_HOME_AFTER = re.compile(r"(?:打工|务工|上班|工作|就读|上大学)(?:的|人员)|籍")
_DONE = re.compile(r"修|建|打了|装了|当地|农村|山区|困难|贫困|[一二两三四五六七八九十几\d]+(?:名|个村|所)")
_UNSETTLED = re.compile(
    r"还没|没算|未统计|未结算|尚未|没统计|[凑出捐添补给贴]了?一?[点些](?![\d一二两三四五六七八九十])"
)
# Two amounts are added up only where the words join them: 彩超154万以及善款30万, not 募到31万,支出28万.
_JOINED = re.compile(r"和|及|与|、|\+|还|另|加|并|同时|同步|现金|善款|资金|物资|价值|折")
# A clause that only gives the figure of what the one before it tells.
_GOES_ON = re.compile(r"\s*(?:每|总|一?共|合计|累计)")
_OTHERS_GAVE = re.compile(r"人士|社会各界|网友|市民|村民自筹|家长|别的单位|兄弟单位|支出")
_SEVERAL = re.compile(
    r"(?:两|二|三|四|五|几|[2-9])(?:个|件)(?:不同的?)?(?:项目(?![点组])|事情?)|第[二三四2-4]个?(?:项目|件|是)|二是|项目[二三四2-4][:：]"
)
_QUOTED = re.compile(
    r"(?:^|[,，。;；:：\s]|(?:开展|实施|举办|组织|发起|启动|进行|做|搞|参与|执行|承办)了?)"
    r"([“\"「《][^”\"」》]{2,30}[”\"」》][\u4e00-\u9fff]{0,8}?(?:项目|活动|行动|工程|计划|公益行))(?=[,，。;；:：\s]|$)"
)
_NAMED = re.compile(
    r"(?:项目(?:名称)?(?:叫做?|名为|是|为)|名为|名叫|叫做|叫)\s*[:：]?\s*"
    r"((?:[“\"「《][^”\"」》\n]{2,30}[”\"」》])?[^,，。;；\n]{0,40})([,，。;；\n]|$)"
)


_TOKENS = {
    "phone": r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)",
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "credit_code": r"(?<![0-9A-Za-z])[0-9A-Z]{18}(?![0-9A-Za-z])",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text says of a form: sure `answers`, `doubts` with their readings, fields to be `asked`.

    Every field of the form that is relevant and has no sure answer is in `asked`, doubts among them.
    `several`: the text tells of more than one project, so nothing was taken from it.
    """

    answers: Mapping[str, Answer]
    doubts: Mapping[str, Reading]
    asked: tuple[str, ...]
    several: bool = False


def propose(form: Form, text: str, context: Context) -> Proposal:
    """Reads a pasted paragraph. Never raises; what is unsure is left to be asked."""
    said = visible(text)[:_LONGEST]
    if _tells_of_several(form, said):
        asked = tuple(field.name for field in relevant_fields(form, {}))
        return Proposal({}, {}, asked, several=True)
    labelled, beside = _labelled(form, said)
    answers: dict[str, Answer] = {}
    doubts: dict[str, Reading] = {}
    for field in form.fields:
        if field.name in labelled:
            reading = read(field, labelled[field.name], context) if labelled[field.name] else None
        else:
            reading = _told(field, beside, context)
        if reading is None or reading.answer is None:
            continue
        if reading.firm:
            answers[field.name] = reading.answer
        else:
            doubts[field.name] = reading
    asked = tuple(field.name for field in relevant_fields(form, answers) if field.name not in answers)
    return Proposal(answers, {name: doubts[name] for name in asked if name in doubts}, asked)


def _label_words(field: Field) -> list[str]:
    """Ways to write a field's label: without brackets and unit, and its last words alone."""
    plain = re.sub(r"[（(].*?[）)]|\s", "", field.label)
    known = {
        "region": ["地区", "地点", "帮扶地", "项目地", "项目地点", "实施地点", "地方"],
        "money": ["资金", "金额", "投入", "花费", "钱"],
        "choice": ["性质", "类型"],
    }
    by_use = {
        "people": ["投入人员", "参与人数", "人员", "志愿者", "人"],
        "beneficiaries": ["受益", "受益人", "受益群体", "帮了"],
        "name": ["名称", "项目"],
    }
    return [plain, *known.get(field.type, []), *by_use.get(field.projection or "", [])]


def _tells_of_several(form: Form, text: str) -> bool:
    """True for two projects in one text: said so, labelled twice, or each place with a sum of its own."""
    marks = Counter(name for name, _, _ in _marks(form, text))
    names = [field.name for field in form.fields if field.projection in ("name", "money")]
    if any(marks[name] > 1 for name in names):
        return True
    if _SEVERAL.search(text) and len(find_amounts(tighten(fold(text))).money) > 1:
        return True
    stretches = _by_place(fold(text))
    return len(stretches) > 1 and all(_has_money(stretch) for stretch in stretches)


def _by_place(text: str) -> list[str]:
    """The text cut at each further place that help went to."""
    cuts: list[int] = []
    before = ""
    for mention, is_home in _mentions(text):
        if not is_home and not (before and _on_one_line(before, mention.code)):
            cuts.append(mention.start)
            before = mention.code
    return [text[start:end] for start, end in pairwise([*cuts, len(text)])]


def _on_one_line(one: str, other: str) -> bool:
    return divisions.within(one, other) or divisions.within(other, one)


def _labelled(form: Form, text: str) -> tuple[dict[str, str], str]:
    """The parts of `标签：内容` lines, by field, and the text beside them; no parts in prose."""
    marks = _marks(form, text)
    found: dict[str, str] = {}
    beside, before = "", 0
    for index, (name, label, start) in enumerate(marks):
        end = marks[index + 1][1] if index + 1 < len(marks) else len(text)
        stop = r"[\n；;]" if form.field(name).type == "text" else r"\n"
        content = re.split(stop, text[start:end])[0]
        found.setdefault(name, content.strip(" ,，;；。"))
        beside, before = beside + text[before:label], start + len(content)
    several = sum(map(bool, found.values())) > 1
    return (found, beside + text[before:]) if several else ({}, text)


def _marks(form: Form, text: str) -> list[tuple[str, int, int]]:
    """(field, start of its label, start of its content) for each label in the text."""
    labels = sorted(
        ((word, field.name) for field in form.fields for word in _label_words(field)),
        key=lambda pair: -len(pair[0]),
    )
    pattern = "|".join(re.escape(word) for word, _ in labels)
    names: dict[str, str] = {}
    for word, name in labels:
        names.setdefault(word, name)
    found = re.finditer(
        rf"(?:(?:^|[\n,，;；。、\s])\s*(?:\d[.、)])?\s*({pattern})(?:[（(][^）)]*[）)])?\s*[:：]"
        rf"|(?:^|\n)[ \t]*({pattern})[ \t]+(?=\S))",
        text,
    )
    return [(names[mark[1] or mark[2]], mark.start(), mark.end()) for mark in found]


def _told(field: Field, text: str, context: Context) -> Reading | None:
    """One field in prose; None when nothing is said of it."""
    if field.type == "region":
        return _place(field, text, context)
    if field.type == "money":
        return _money(field, text, context)
    if field.type == "count":
        return _people(field, text, context)
    if field.type == "choice":
        return choice.gather(field, text)
    if field.projection == "name":
        return _name(field, text, context)
    if field.type in ("phone", "email", "credit_code"):
        return _token(field, text, context)
    return None


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def _money(field: Field, text: str, context: Context) -> Reading | None:
    """The clauses that name money, read together; money in several sentences is asked about."""
    naming = [part for part in _sentences(text) if _has_money(part)]
    if len(naming) != 1:
        return None
    if _UNSETTLED.search(naming[0]):
        return None
    clauses = re.split(r"[,，](?!\d{3})|\s+(?=\D)", naming[0])
    said = [index for index, clause in enumerate(clauses) if _has_money(clause)]
    if not said:
        return None
    first = said[0] - 1 if said[0] and _GOES_ON.match(clauses[said[0]]) else said[0]
    words = ",".join(clauses[first : said[-1] + 1])
    reading = read(field, words, context)
    if reading.answer is None or (reading.firm and _adds_strangers(reading.answer, words)):
        return None
    return reading


def _adds_strangers(answer: Answer, words: str) -> bool:
    """True for a sum that nobody wrote, of amounts that the words do not join."""
    text = tighten(fold(words))
    amounts = find_amounts(text).money
    if len(amounts) < 2 or any(fen(amount.yuan) == answer.value for amount in amounts):
        return False
    between = [text[left.end : right.start] for left, right in pairwise(amounts)]
    return any(_OTHERS_GAVE.search(part) or not _JOINED.search(part) for part in between)


def _has_money(sentence: str) -> bool:
    return any(not amount.bare for amount in find_amounts(tighten(fold(sentence))).money)


def _people(field: Field, text: str, context: Context) -> Reading | None:
    """The figure of those who came, or of those who were helped, where the words tell them apart."""
    words = roles.words_for(text, "helped" if field.projection == "beneficiaries" else "staff")
    reading = read(field, words, context) if words else None
    return reading if reading is not None and reading.complaint is None else None


def _name(field: Field, text: str, context: Context) -> Reading | None:
    """A name that is called one, or stands in quotes after 开展 and before the clause ends."""
    named = _NAMED.search(text)
    if named:
        unsure = named[2] == "," and "，" in text  # the comma may be part of the name
        return None if unsure or len(named[1]) < 2 else read(field, named[1], context)
    quoted = list(_QUOTED.finditer(text))
    return read(field, quoted[0][1], context) if len(quoted) == 1 else None


def _token(field: Field, text: str, context: Context) -> Reading | None:
    """A phone number, address or code, when the text has exactly one."""
    found = set(re.findall(_TOKENS[field.type], text))
    return read(field, found.pop(), context) if len(found) == 1 else None


def _place(field: Field, text: str, context: Context) -> Reading | None:
    """The one place help went to; a place inside an organization's name is only where that is registered."""
    folded = fold(text)
    mentioned = [mention for mention, is_home in _mentions(folded) if not is_home]
    if any(_listed(folded[mention.end :]) for mention in mentioned):
        return None
    helped = {mention.code: mention for mention in mentioned}
    lines = {code: {division.code for division in divisions.path(code)} for code in helped}
    deepest = [code for code in lines if not any(code in lines[other] for other in lines if other != code)]
    if len(deepest) != 1:
        return None
    reading = read(field, deepest[0], context)
    if reading.answer is None:
        return None
    where = helped[deepest[0]]
    said = text if len(text) == len(folded) else folded
    return replace(reading, answer=replace(reading.answer, raw=said[where.start : where.end]))


def _mentions(text: str) -> list[tuple[divisions.Mention, bool]]:
    """The places a text names for sure, each with whether it belongs to an organization's name."""
    found: list[tuple[divisions.Mention, bool]] = []
    for mention in divisions.mentions(text):
        before, after = text[: mention.start], text[mention.end :]
        if not mention.whole and not _TOWARDS.search(before) and not _done_there(before, after):
            continue
        belongs = _ORGANIZATION.match(after) is not None and not _TOWARDS.search(before)
        belongs = belongs or _HOME_BEFORE.search(before) is not None or _HOME_AFTER.match(after) is not None
        found.append((mention, belongs))
    return found


def _listed(after: str) -> bool:
    """True when another place follows in the same breath: 漾濞、永平等五县."""
    return after[:1] in tuple("、和与及") and any(
        mention.start == 0 for mention in divisions.mentions(after[1:])
    )


def _done_there(before: str, after: str) -> bool:
    """`泗阳修了一条路`: a bare name that opens a clause and what was done there."""
    return re.search(r"(?:^|[,，。;；!！?？\n])\s*$", before) is not None and _DONE.match(after) is not None
