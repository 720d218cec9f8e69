"""What a number counts: persons, times, households, institutions or goods."""

import re

from forms.quantities import Quantity

_MORE = re.compile(r"\s*(?:多|余|来|几|把)?\s*(?:个|多)?\s*")
PERSON_TIMES = re.compile(r"(?:个|多|余|来|几)*\s*(?:人\s*[(/.·]?\s*次|名次|次数|\(人次\))")
_PHRASE = re.compile(r"[\u4e00-\u9fff]*")
_LONGEST_PHRASE = 16
# Measure words that settle what is counted.
_MEASURES = (
    ("household", re.compile(r"户")),
    ("person", re.compile(r"(?:人|名|位|口|例(?![如子外]))(?!家)")),
)
# Nouns: the last one in a phrase is what is counted (20个乡村卫生室, 520个农村小朋友).
_NOUNS = (
    ("household", re.compile(r"家庭|农户|贫困户|低保户|脱贫户|五保户|监测户|困难户|住户|人家")),
    (
        "institution",
        re.compile(
            r"学校|小学|中学|幼儿园|高中|初中|职校|医院|卫生室|卫生院|敬老院|养老院|福利院|村庄|村|社区|企业|单位|机构|公司|商会|协会|基金会|"
            r"队伍|小组|团队|队(?![员长友])|服务队|突击队|工作队|班级|乡镇|街道|合作社|站点|点位|小区|中心|机关|部门|学院|党支部|支部|院校|班(?!主任|长|子|组)"
        ),
    ),
    (
        "person",
        re.compile(
            r"人员|人|者|生|员|儿童|娃|民|师|社工|义工|医生|孩子|孩|小朋友|妈妈|爸爸|家长|老人|干部|群众|妇女|孤儿|患者|百姓|代表|青年|同志|朋友|同学|"
            r"大爷|大妈|老乡|乡亲|少年|困境家庭儿童|劳动力|护士|专家|骨干|夫妇|子女|学子|军属|遗属|老少"
        ),
    ),
)
_FAMILY = re.compile(r"家(?:农户|贫困|困难|低保|脱贫|人|庭|$|[,，。、])")
_INSTITUTION_MEASURE = re.compile(r"[所家支座间]")
# 一个班的学生: the classes are counted, not who is in them.
_MEMBERS_OF = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:班|校|小学|中学|幼儿园|村|队|小组|厂|院|社区|年级)的")
PAIR = re.compile(r"对(?!\d|[一二三])")
SCHOOL = re.compile(r"学校|小学|中学|幼儿园|高中|初中|院校")
_GOODS = re.compile(
    r"[套组桌席届件盏册台本箱袋份辆部条双床副张亩棵株头盒瓶场次批期元块站趟车]|公?斤|吨|万元|课时|小时|天|年|kg|%"
)


def counted_as(quantity: Quantity) -> str:
    """What a quantity counts: person, pair (of persons), times, household, institution, goods, or bare."""
    after = quantity.after
    if PERSON_TIMES.match(after):
        return "times"
    start = _MORE.match(after)
    rest = after[start.end() if start else 0 :]
    for kind, pattern in _MEASURES:
        if pattern.match(rest):
            return kind
    if PAIR.match(rest):
        return "pair"
    if _MEMBERS_OF.match(rest):
        return "institution"
    if _INSTITUTION_MEASURE.match(rest) and not _FAMILY.match(rest):
        return "institution"
    found = _PHRASE.match(rest)
    phrase = found[0][:_LONGEST_PHRASE] if found else ""
    ends = {kind: max((m.end() for m in pattern.finditer(phrase)), default=0) for kind, pattern in _NOUNS}
    last = max(ends, key=lambda kind: ends[kind])
    if ends[last] and not (_GOODS.match(phrase) and ends[last] < len(phrase)):
        return last
    if _FAMILY.match(rest):
        return "household"
    return "goods" if _GOODS.match(rest) else "bare"
