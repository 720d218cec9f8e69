"""Whether a fact has the form that a question asks for."""

import re
from collections.abc import Sequence

from policy.wording import normalise

DAY_ASKED = re.compile(
    r"几月|几号(?!字|体|的?字)|哪天|哪一天|什么时候|啥时候|啥时间|什么时间|何时|哪年|哪一年|哪月"
)
DAY = re.compile(r"[\d一二三四五六七八九十]+\s*[年月日号]|过渡期|适时|期间|时间")
COUNT_ASKED = re.compile(
    r"多少(?!字体)|(?<!哪)几(个|家|项|条|位|人|次|字|种|万|元|块|年|天|份|张|户|类)|多大|多长"
)
FIGURE = re.compile(r"[\d一二三四五六七八九十两百千万]")
# So many facts are themselves a count of what is asked.
LISTED = 2


def fits(question: str, facts: Sequence[str]) -> bool:
    """Whether facts have the form of what is asked: a day where a day is asked, a figure where how many."""
    plain, text = normalise(question), "".join(facts)
    if DAY_ASKED.search(plain) and not DAY.search(text):
        return False
    return not (COUNT_ASKED.search(plain) and len(facts) < LISTED and not FIGURE.search(text))
