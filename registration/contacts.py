"""A contact as people give one: 我叫张三; 张三 13912345678; 联系人是李四，电话0516-83700000."""

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"(?:[(（]0\d{2,3}[)）]|\+?\d)[\d\s-]{5,}\d(?:\s*转\s*\d+)?")
_BEFORE_NAME = re.compile(
    r"^(?:(?:我们?的?)?(?:联系人|负责人|填报人|经办人|姓名|名字)(?:叫|是|为)?|本人|我叫|我是)\s*[:：]?\s*"
)
_BETWEEN = r"\s,，。.;；:：、/()（）-"
_BEFORE_NUMBER = re.compile(
    rf"[{_BETWEEN}]*(?:(?:联系|办公)?电话|联系方式|手机|座机|号码|tel)?(?:号码?)?(?:是|为)?[{_BETWEEN}]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The words for a name and for a telephone number; "" for what was not given."""

    name: str
    number: str


def split(words: str) -> Contact:
    """What in the words is the name, and what the number."""
    found = _NUMBER.search(words)
    before, after = (words[: found.start()], words[found.end() :]) if found else (words, "")
    rest = _BEFORE_NUMBER.sub("", before) if found else before
    name = rest.strip() or after.strip(f" {_BETWEEN}")
    return Contact(_BEFORE_NAME.sub("", name).strip(), found[0] if found else "")
