"""A project told in one message: the fields that can be filled without doubt, the rest left to be asked.

Two ways of telling are understood: labelled lines (`帮扶地区：徐州睢宁`), and prose. Prose is cut into
clauses; a figure is taken only when its clause says what it counts, a place only when help went there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import divisions
from forms.amounts import find_amounts
from forms.kinds import choice
from forms.model import Answer, Context, Field, Form, Reading
from forms.navigation import relevant_fields
from forms.people import counted_as
from forms.quantities import find_quantities
from forms.reading import read
from forms.words import fold, tighten, visible

_LONGEST = 2000
_SENTENCE = re.compile(r"[。；;!！?？\n]+")
_STAFF = re.compile(
    r"志愿者|社工|社会工作者|工作人员|义工|队员|会员|党员|医护|医生|专家|老师带队|一行|出动|派出|投入.{0,4}人|组织.{0,6}(?:人|名)|"
    r"参与(?:人员|者)?|人员\d|我们(?:去|来|有|派|一共)|同事|理事|骨干"
)
_HELPED = re.compile(
    r"受益|惠及|资助|帮助|救助|慰问|帮扶了?|服务|覆盖|学生|老人|儿童|孤儿|孩子|困难|村民|群众|居民|患者|病人|残疾人|贫困|农户|学子|师生|妇女|对象|百姓"
)
_GAVE = re.compile(r"捐款|捐资|募捐|捐赠人|出资|认捐|众筹|爱心人士")
_ORGANIZATION = re.compile(
    r"[^,，。;；、\s]{0,14}?(?:协会|商会|基金会|联合会|促进会|总会|学会|研究会|公司|集团|民政局|服务中心|救助中心|合作社|志愿队|俱乐部|慈善会|爱心团|办事处)"
)
_TOWARDS = re.compile(
    r"(?:在|到|赴|给|向|往|为|帮扶|帮助|支援|援助|来到|前往|去|对口|走进|送到|运往|发往|寄往|深入|地点是?|地区是?)(?:了|过)?$"
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
    """

    answers: Mapping[str, Answer]
    doubts: Mapping[str, Reading]
    asked: tuple[str, ...]


def propose(form: Form, text: str, context: Context) -> Proposal:
    """Reads a pasted paragraph. Never raises; what is unsure is left to be asked."""
    said = visible(text)[:_LONGEST]
    labelled = _labelled(form, said)
    answers: dict[str, Answer] = {}
    doubts: dict[str, Reading] = {}
    for field in form.fields:
        if field.name in labelled:
            reading: Reading | None = read(field, labelled[field.name], context)
        elif labelled:
            reading = None
        else:
            reading = _told(field, said, context)
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
        "region": ["地区", "地点", "帮扶地", "项目地"],
        "money": ["资金", "金额", "投入"],
        "choice": ["性质", "类型"],
    }
    by_use = {
        "people": ["投入人员", "参与人数", "人员", "志愿者"],
        "beneficiaries": ["受益", "受益人", "受益群体"],
        "name": ["名称", "项目"],
    }
    return [plain, *known.get(field.type, []), *by_use.get(field.projection or "", [])]


def _labelled(form: Form, text: str) -> dict[str, str]:
    """The parts of `标签：内容` lines, by field; empty when the text is not written that way."""
    labels = sorted(
        ((word, field.name) for field in form.fields for word in _label_words(field)),
        key=lambda pair: -len(pair[0]),
    )
    pattern = "|".join(re.escape(word) for word, _ in labels)
    marks = list(
        re.finditer(
            rf"(?:^|[\n,，;；。、\s])\s*(?:\d[.、)])?\s*({pattern})(?:[（(][^）)]*[）)])?\s*[:：]", text
        )
    )
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for word, name in labels:
        names.setdefault(word, name)
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        content = text[mark.end() : end].split("\n")[0].strip(" ,，;；。")
        if content and names[mark[1]] not in found:
            found[names[mark[1]]] = content
    return found if len(found) > 1 else {}


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
    clauses = re.split(r"[,，](?!\d{3})", naming[0])
    said = [index for index, clause in enumerate(clauses) if _has_money(clause)]
    if not said:
        return None
    reading = read(field, ",".join(clauses[said[0] : said[-1] + 1]), context)
    return reading if reading.complaint is None else None


def _has_money(sentence: str) -> bool:
    return any(not amount.bare for amount in find_amounts(tighten(fold(sentence))).money)


def _people(field: Field, text: str, context: Context) -> Reading | None:
    """Counts whose clause says that these are the people meant; groups in two clauses are asked about."""
    wanted, other = (_HELPED, _STAFF) if field.projection == "beneficiaries" else (_STAFF, _HELPED)
    chosen: list[str] = []
    for clause in _counting_clauses(text):
        if _GAVE.search(clause) and not _STAFF.search(clause):
            continue
        about, else_about = wanted.search(_around(clause)), other.search(_around(clause))
        if about and not else_about:
            chosen.append(clause)
        elif bool(about) == bool(else_about):
            return None
    if len(chosen) != 1:
        return None
    reading = read(field, chosen[0], context)
    return reading if reading.complaint is None else None


def _counting_clauses(text: str) -> list[str]:
    """Clauses with a number of persons in them."""
    clauses = []
    for part in re.split(r"[,，。；;!！\n]+", text):
        clause = tighten(fold(part))
        if any(counted_as(quantity) in ("person", "times") for quantity in find_quantities(clause)):
            clauses.append(clause)
    return clauses


def _around(clause: str) -> str:
    """The clause without names of organizations, whose words (老人, 志愿者) say nothing of the count."""
    return _ORGANIZATION.sub("", clause) if len(clause) > 20 else clause


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
    helped = [code for code, is_home in _places(fold(text)) if not is_home]
    lines = {code: {division.code for division in divisions.path(code)} for code in helped}
    deepest = [code for code in lines if not any(code in lines[other] for other in lines if other != code)]
    if len(deepest) != 1:
        return None
    return read(field, deepest[0], context)


def _places(text: str) -> list[tuple[str, bool]]:
    """The places a text names for sure, each with whether it belongs to an organization's name."""
    found: list[tuple[str, bool]] = []
    for mention in divisions.mentions(text):
        before, after = text[: mention.start], text[mention.end :]
        if not mention.whole and not _TOWARDS.search(before):
            continue
        belongs = _ORGANIZATION.match(after) is not None and not _TOWARDS.search(before)
        found.append((mention.code, belongs))
    return found
