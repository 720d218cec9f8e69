"""Whether a message that arrives where something else is awaited is a question on the notices."""

import re

from policy.wording import concepts, normalise

PLAIN_MARK = re.compile(r"[?？]\s*$")
OPENING = re.compile(r"^(请问|想问|问一下|问下|请教|咨询|麻烦问|我想知道|想了解|打听)")
ASKING = re.compile(
    r"(什么时候|啥时候|几号|哪天|是什么|什么意思|是啥|怎么(填|写|报|交|选|算|办|弄)|咋(填|写|报|交|选|算|办|弄)|如何填|谁来?填|谁填|谁报|"
    r"吗$|么$|呢$|能不能|可不可以|可以不|行不行|要不要|是不是|算不算|有没有|包不包括|多少字|哪些|哪个|哪里|哪儿|为什么|为啥|多少钱$|几个$|多少$|联系谁|找谁|打给谁|什么格式|什么要求|咋办|怎么办)"
)
STATEMENT = re.compile(r"^[\d.,，约近余多万亿元人名户位家个次%\-—~至到 ]+$")

NUMERAL = re.compile(r"[\d一二三四五六七八九十两]")
COUNTED = re.compile(
    r"大概|大约|左右|上下|一共|总共|万元|块钱|人次|个月|[\d.,，、\s一二三四五六七八九十百千万亿零两约近共余多来和"
    r"元块个位人名户村家次岁天月年日号斤吨亩台套件本只头箱场份字%]"
)
# A unified social credit code or an identity card's number.
CODE = re.compile(r"[\da-z]{17}[\da-z]")


def is_figures_only(text: str) -> bool:
    """Whether a message is nothing but figures with what they count, or a code: 300000, 3个村1200户."""
    plain = normalise(text)
    if CODE.fullmatch(plain):
        return True
    return bool(NUMERAL.search(plain)) and not COUNTED.sub("", plain)


def looks_like_question(text: str) -> bool:
    """Whether a text is a question rather than an answer to a form's field.

    Careful on purpose: names of projects, amounts and places must never be swallowed, so a bare noun phrase
    is no question even where it could be one.
    """
    plain = normalise(text)
    if not plain or STATEMENT.match(plain):
        return False
    if PLAIN_MARK.search(plain) and (len(plain) > 4 or any(name[0] == "?" for name in concepts(plain))):
        return not re.fullmatch(r"[\d.]+\s*\S{0,3}[?？]", plain)
    return bool(OPENING.search(plain) or ASKING.search(re.sub(r"[。.!！~…\s]+$", "", plain)))
