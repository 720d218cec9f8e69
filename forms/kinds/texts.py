"""Free text, e-mail addresses and files: kinds whose words are the value."""

import re
import unicodedata

from forms.model import Answer, Complaint, Context, Field, Reading
from forms.words import fold, visible

_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_DOMAINS = (
    *(
        "163.com",
        "126.com",
        "qq.com",
        "sina.com",
        "sohu.com",
        "139.com",
        "189.cn",
        "gmail.com",
        "outlook.com",
    ),
    *("hotmail.com", "foxmail.com", "yeah.net", "aliyun.com", "sina.cn", "vip.163.com", "263.net"),
)
_UNGIVEN = re.compile(r"没有|无|暂无|不详|没|未|不用|/|-|保密|不知道|待定|回头|稍后")


def read_text(field: Field, raw: str, context: Context) -> Reading:
    """One line: line breaks become spaces; what cannot be seen or stored is dropped."""
    text = re.sub(r"\s+", " ", visible(raw)).strip()
    return _worded(text, raw)


def read_long_text(field: Field, raw: str, context: Context) -> Reading:
    """Several lines, kept; trailing blanks are dropped."""
    lines = [line.rstrip() for line in visible(raw).splitlines()]
    return _worded("\n".join(lines).strip(), raw)


def _worded(text: str, raw: str) -> Reading:
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        return Reading(complaint=Complaint("empty"))
    return Reading(Answer(text, raw))


def read_email(field: Field, raw: str, context: Context) -> Reading:
    """An address; a missing @ before a known mail host is pointed out, with what is likely meant."""
    text = re.sub(
        r"^\s*(?:e-?mail|邮箱|电子邮件|电子邮箱|邮件|qq邮箱)(?:地址)?\s*(?:是|为)?\s*[:：]?\s*", "", fold(raw)
    )
    text = re.sub(r"\s+at\s+", "@", text)
    text = re.sub(r"\s+", "", text).strip("<>()。,;、\"'").replace("。", ".")
    if _EMAIL.fullmatch(text) and ".." not in text and not text.startswith(".") and ".@" not in text:
        return _checked_host(text, raw)
    found = sorted(set(_EMAIL.findall(text)))
    if len(found) == 1 and len(found[0]) >= len(text) - 12:
        return Reading(Answer(found[0], raw), confirm=True, candidates=(Answer(found[0], raw),))
    if len(found) > 1:
        return Reading(
            Answer(found[0], raw), confirm=True, candidates=tuple(Answer(item, raw) for item in found)
        )
    if "@" not in text:
        return _without_at(text, raw)
    fixed = text.replace(",", ".").replace("@@", "@").replace("..", ".")
    if _EMAIL.fullmatch(fixed) and fixed != text:
        return Reading(complaint=Complaint("email_broken"), candidates=(Answer(fixed, raw),))
    host = text.split("@", 1)[1] if text.count("@") == 1 else ""
    whole = [domain for domain in _DOMAINS if domain.split(".")[0] == host or domain.replace(".", "") == host]
    if whole and _EMAIL.fullmatch(text.split("@")[0] + "@" + whole[0]):
        return Reading(
            complaint=Complaint("email_broken"), candidates=(Answer(f"{text.split('@')[0]}@{whole[0]}", raw),)
        )
    return Reading(complaint=Complaint("email_broken"))


def _checked_host(text: str, raw: str) -> Reading:
    """A mail host one slip away from a common one (163.con, gmial.com) is asked about, not taken."""
    name, host = text.rsplit("@", 1)
    answer = Answer(text, raw)
    if host in _DOMAINS:
        return Reading(answer)
    from rapidfuzz.distance import OSA

    near = [domain for domain in _DOMAINS if len(domain) > 5 and OSA.distance(host, domain) == 1]
    if near:
        likely = Answer(f"{name}@{near[0]}", raw, details={"corrected": True})
        return Reading(likely, confirm=True, candidates=(likely, answer))
    return Reading(answer)


def _without_at(text: str, raw: str) -> Reading:
    marked = re.sub(r"#|＃|\(at\)|\[at\]|艾特|圈a|\bat\b|¥|&|\$|\*", "@", text, count=1)
    if _EMAIL.fullmatch(marked):
        return Reading(complaint=Complaint("email_without_at"), candidates=(Answer(marked, raw),))
    for domain in _DOMAINS:
        if text.endswith(domain) and len(text) > len(domain):
            name = text[: -len(domain)].rstrip(".@")
            if _EMAIL.fullmatch(f"{name}@{domain}"):
                return Reading(
                    complaint=Complaint("email_without_at"), candidates=(Answer(f"{name}@{domain}", raw),)
                )
    if re.fullmatch(r"[1-9]\d{4,10}", text):
        return Reading(complaint=Complaint("email_is_number"), candidates=(Answer(f"{text}@qq.com", raw),))
    if not text or (len(text) < 12 and _UNGIVEN.search(text) and not re.search(r"[a-z0-9]{3}", text)):
        return Reading(complaint=Complaint("not_given"))
    if re.fullmatch(r"[a-z0-9._+-]+\.(?:com|cn|net|org)", text):
        return Reading(complaint=Complaint("email_without_at"))
    return Reading(complaint=Complaint("not_an_email"))


def read_file(field: Field, raw: str, context: Context) -> Reading:
    """The id of a stored file, given by the conversation that received it; text is no file."""
    if re.fullmatch(r"[0-9a-f-]{1,64}|\d+", raw):
        return Reading(Answer(raw, raw))
    return Reading(complaint=Complaint("not_a_file"))


def show(field: Field, answer: Answer) -> str:
    """The words themselves."""
    return str(answer.value)


def export_value(field: Field, answer: Answer) -> str:
    """The words themselves."""
    return str(answer.value)
