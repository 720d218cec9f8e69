"""Questions that need more than one answer: two provinces compared, two things named in one breath."""

import re
from itertools import pairwise

from policy.knowledge import Knowledge
from policy.places import named_provinces, without_provinces
from policy.wording import clauses, concept_spans, concepts, normalise

BOTH = (
    "苏晋两",
    "晋苏两",
    "苏晋",
    "晋苏",
    "两省",
    "两个省",
    "两地",
    "两份",
    "两边",
    "两个通知",
    "两个文件",
    "两家",
    "俩省",
    "两省份",
    "二省",
)
COMPARING = (
    "各怎么说",
    "各是怎么说的",
    "各自怎么说",
    "怎么说的",
    "各是",
    "各自",
    "各有",
    "分别",
    "有什么不一样",
    "有啥不一样",
    "有什么不同",
    "有啥不同",
    "有什么区别",
    "有啥区别",
    "的区别",
    "的差别",
    "有何区别",
    "有何不同",
    "哪里不一样",
    "哪儿不一样",
    "不一样",
    "对比一下",
    "对比",
    "比较一下",
    "比较",
    "相比",
    "比起来",
    "说法",
)
JOINTS = ("和", "跟", "与", "及", "以及", "同", "还有", "、", "，", ",")

# What joins a second question to the first (另外联系电话也给我, 二是要附什么表).
BESIDES = re.compile(
    r"[,，。;；?？!！ ]*(?:另外|还有|顺便|再就是|再问|其次|二是|以及)(?:就是|个?问题)?[,，:： ]*"
)

MOST_PROVINCES = 4
PAIR = 2

Part = tuple[str, frozenset[str] | None]


def parts_of(question: str, named: frozenset[str] | None, knowledge: Knowledge) -> list[Part]:
    """The questions that one message asks at once, each with its notices; empty when it asks one thing."""
    plain = normalise(question)
    both = re.search(rf"(?<!哪)({'|'.join(BOTH)})", plain) is not None
    if (named and len(named) > 1) or (both and not named):
        groups = _by_province(
            question, [slug for slug in knowledge.notices if not named or slug in named], knowledge
        )
        if len(groups) > MOST_PROVINCES:
            return []
        bare = without_provinces(plain)
        for word in (*BOTH, *COMPARING):
            bare = bare.replace(word, "")
        bare = re.sub(rf"^({'|'.join(JOINTS)})+|({'|'.join(JOINTS)})+(?=的|$)", "", bare).removeprefix("的")
        return [(bare, group) for group in groups]
    return _split_pair(plain, named) if "compare-word" in concepts(plain) or "各" in plain else []


def _by_province(question: str, slugs: list[str], knowledge: Knowledge) -> list[frozenset[str]]:
    """The notices of each province together, in the order in which the question names the provinces."""
    groups: dict[str, set[str]] = {name: set() for name in named_provinces(question)}
    for slug in slugs:
        groups.setdefault(knowledge.province(slug), set()).add(slug)
    return [frozenset(group) for group in groups.values() if group]


def things_of(question: str) -> list[str]:
    """The questions of a message that may ask two things: 文号和电话是多少; empty where it asks one.

    Whether they are two is for their answers to tell: 老人和儿童怎么帮 may well have one.
    """
    plain = normalise(question)
    asking = [part.text for part in clauses(plain) if part.asks]
    if len(asking) != PAIR:
        asking = [part for part in BESIDES.split(plain) if concepts(part)]
    if len(asking) == PAIR:
        return asking
    return [text for text, _ in _split_pair(plain, None)]


def _split_pair(plain: str, named: frozenset[str] | None) -> list[Part]:
    """附件1和附件2分别谁填 as two questions, each without the other thing."""
    spans = concept_spans(plain)
    for (start, end), (following, stop) in pairwise(spans):
        # 附件1附件2各由谁填: two of a kind need no joint.
        alike = end == following and plain[start : start + 2] == plain[following : following + 2]
        if alike or plain[end:following].strip() in JOINTS:
            return [
                (plain[:end] + plain[stop:], named),
                (plain[:start] + plain[following:], named),
            ]
    return []
