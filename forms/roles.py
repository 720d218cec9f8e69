"""Whom a figure in prose counts: those who came to help, those who were helped, those who gave."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from forms.people import counted_as
from forms.quantities import Quantity, find_quantities
from forms.words import fold, tighten

Role = Literal["staff", "helped", "donor", "unknown"]

# Nouns say it for sure; verbs only where no noun does (村民来了五百人).
_NOUNS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "staff",
        re.compile(
            r"志愿者|志愿|(?:^|投入|参与|派出)人员|社工|社会工作者|工作人员|义工|队员|会员|党员|医护人?员?|医生|护士|专家|律师|书法家|理发师|技术员|技师|讲师|工程师|教授|同事|"
            r"同志|理事|骨干|司机|儿童主任|驻村干部|医疗队|服务队|工作队|小分队"
        ),
    ),
    (
        "helped",
        re.compile(
            r"学生|老人|儿童|孤儿|孩|娃|困难|困境|村民|群众|居民|患者|病人|残疾人|贫困|农|学子|师生|妇女|对象|百姓|老党员|困难党员|新生|劳动力|患儿"
        ),
    ),
)
_VERBS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("staff", re.compile(r"[去来派]了?|一行|带队|出动|派出|组织|参与|参加|投入|我们|我会|等")),
    (
        "helped",
        re.compile(r"受益|惠及|资助|帮助|救助|慰问|帮扶|服务|覆盖|看望|探望|受助|就业|带动|解决|来听|培训"),
    ),
)
# Others were helped as well, and nobody said how many.
_OTHERS_TOO = re.compile(r"其余|另外|此外|还(?:慰问|资助|帮助|看望|给)")
# Two groups meet, and who helps whom is not said: 大学生和山里孩子结对.
_PAIRED = re.compile(r"结对|牵手|牵小手|手拉手|笔友")
# How large a school is does not say who was helped.
_SIZE = re.compile(r"学校(?:现?有|共有)?(?:在校)?(?:师生|学生)$")
_AFTER: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("donor", re.compile(r"(?:共|一共|都)?(?:捐|出资|认捐|众筹)")),
    ("staff", re.compile(r"(?:都|一起|全程|先后)?(?:参[与加]|[去到赶驻干]|上[街门]|前往|连夜|出动|常驻)")),
    ("helped", re.compile(r"(?:都)?(?:受益|得到|领到|收到|用上|获|的(?:吃水|饮水|用水|就医|上学|出行))")),
)
# What follows the figure up to what is said of them: 70岁以上的困境老人|送素食午餐.
_NOUN = re.compile(
    r"[多余来]?\s*(?:个|名|位)?(?:人次|人)?(?:\d+周?岁(?:以[上下])?的?)?"
    r"((?:(?![到去在给帮为参上连做受得领用的送和与及发捐出]|干(?!部))[\u4e00-\u9fff]){0,10})"
)
_ORGANIZATION = re.compile(
    r"[^,，。;；、\s]{0,14}?(?:协会|商会|基金会|联合会|促进会|总会|学会|研究会|公司|集团|民政局|服务中心|救助中心|合作社|俱乐部|慈善会|爱心团)"
)
_NEARBY = 6  # characters between the households and the persons of one group: 200户村民约


@dataclass(frozen=True, slots=True)
class Group:
    """A figure of persons in a clause, with the words that say whom it counts."""

    role: Role
    quantity: Quantity
    clause: str
    start: int
    end: int


def words_for(text: str, role: Role) -> str | None:
    """The words of a prose text that number the people of that role; None unless they are beyond doubt."""
    groups: list[Group] = []
    households: list[tuple[str, int, int]] = []
    for part in re.split(r"[,，。；;!！\s]+", text):
        clause = _ORGANIZATION.sub("", tighten(fold(part))) if len(part) > 20 else tighten(fold(part))
        quantities = find_quantities(clause)
        groups += _groups(clause, quantities)
        households += [(clause, q.start, q.end) for q in quantities if counted_as(q) == "household"]
    meant = [group for group in groups if group.role == role]
    clauses = {group.clause for group in meant}
    if len(clauses) != 1 or any(group.role == "unknown" for group in groups):
        return None
    first, last = meant[0], meant[-1]
    between = [g for g in groups if g.clause == first.clause and first.start < g.start < last.start]
    if any(group.role != role for group in between):
        return None
    if len(meant) > 1 and _PAIRED.search(text):
        return None
    if role == "helped" and _OTHERS_TOO.search(text):
        return None
    if role == "helped" and not all(_same_group(first, last, *household) for household in households):
        return None
    return first.clause[first.start : last.end]


def _same_group(first: Group, last: Group, clause: str, start: int, end: int) -> bool:
    """`200户860人`: the households are those of the persons."""
    if clause != first.clause:
        return False
    return 0 <= first.quantity.start - end <= _NEARBY or 0 <= start - last.quantity.end <= _NEARBY


def _groups(clause: str, quantities: Sequence[Quantity]) -> list[Group]:
    found: list[Group] = []
    start = 0
    for index, quantity in enumerate(quantities):
        kind = counted_as(quantity)
        if kind in ("person", "times", "pair"):
            end = quantities[index + 1].start if index + 1 < len(quantities) else len(clause)
            found.append(Group(_role(clause, start, quantity), quantity, clause, start, end))
        if kind != "institution":  # 惠及5个村3200人
            start = quantity.end
    return found


def _role(clause: str, start: int, quantity: Quantity) -> Role:
    """By the noun that is counted, then by what is said of them, then by the last word before the figure."""
    after = clause[quantity.end :]
    noun = _NOUN.match(after)
    named, rest = (noun[1], after[noun.end() :]) if noun else ("", after)
    for role, pattern in _AFTER[:1] if named else _AFTER:
        if pattern.match(rest):
            return role
    before = clause[start : quantity.start]
    if _SIZE.search(before):
        return "unknown"
    told = _last_said(named, _NOUNS) or _last_said(before, _NOUNS) or _last_said(before, _VERBS)
    return told or "unknown"


def _last_said(words: str, patterns: tuple[tuple[Role, re.Pattern[str]], ...]) -> Role | None:
    ends = {role: max((m.end() for m in pattern.finditer(words)), default=0) for role, pattern in patterns}
    if not any(ends.values()):
        return None
    # 老党员 ends where 党员 does: the longer word, which is the one helped, is meant.
    return "staff" if ends["staff"] > ends["helped"] else "helped"
