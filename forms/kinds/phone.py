"""Telephone numbers of the mainland: 13800138000, 025-83216540 转 802, 400-000-0000."""

import re

from forms.model import Answer, Complaint, Context, Field, Reading
from forms.words import fold, has_raised_digits

_UNGIVEN = re.compile(r"没有|没|无|不便|保密|不方便|暂无|未|不详|不知|停机|待定|回头|稍后|不公开|再说|空号")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*(?:分机)?\s*(?:号)?\s*[:.]?\s*(\d{1,6})\s*$")
_DASHED_EXTENSION = re.compile(r"^(\(?0\d{2,3}\)?[-\s]?\d{3,4}\s?\d{4})\s*-\s*(\d{1,5})$")
_OUT_OF_USE = re.compile(r"停机|停用|空号|作废|不用了|换号|打不通")
# Characters in a number of the mainland, give or take one.
_LENGTHS = range(10, 14)
_LETTERS = re.compile(r"[loizsb|]")
_SERVICE = re.compile(r"(400|800)-?(\d{3})-?(\d{4})")
# The library knows the exchanges in use; for newer ones the length must do.
_LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
_LABEL = re.compile(
    r"(?:我的|微信号|[wv]x|联系|单位|办公室?|固定|移动|手机|座机|电话|热线|传真|号码|tel|phone|mobile|cell|微信同号|同微信|微信|[:：]|手|是|为|号|联系人|本人|负责人|\.(?=\s*\d))+"
)
_SPLIT = re.compile(r"[/、,;或和|\n]|(?<=\d)\s+(?=1[3-9]\d{9}(?!\d))|(?<=\d)\s+(?=0\d{2,3}-)|\s{2,}")


def _digits_ok(text: str) -> bool:
    return re.fullmatch(r"[\d\s+()\-.·]+", text) is not None


def _parsed(text: str) -> str | None:
    """The number as we write it, or None when it is no valid number of the mainland."""
    import phonenumbers

    digits = re.sub(r"\D", "", text)
    service = _SERVICE.fullmatch(digits)
    if service:
        return "-".join(service.groups())
    for candidate in ("+" + digits[2:] if digits.startswith("0086") else None, text, digits):
        if candidate is None:
            continue
        try:
            number = phonenumbers.parse(candidate, "CN")
        except phonenumbers.NumberParseException:
            continue
        if number.country_code == 86 and phonenumbers.is_valid_number(number):
            return _written(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return _written(digits) if _LANDLINE.fullmatch(digits) else None


def _written(national: str) -> str | None:
    digits = re.sub(r"\D", "", national)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    code = re.match(r"0(?:10|2\d|[3-9]\d{2})", digits)
    return f"{code[0]}-{digits[code.end() :]}" if code else None


def _refuse(code: str, **params: object) -> Reading:
    return Reading(complaint=Complaint(code, params))


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads one number; of several the person chooses; a letter among the digits is pointed out."""
    if has_raised_digits(raw):
        return _refuse("not_a_phone")
    text = fold(raw)
    if "@" in text:
        return _refuse("phone_is_email")
    text = re.sub(r"(?<=\d)_(?=\d)", "-", text)
    text = re.sub(r"\s*\((\d{1,6})(?:\s*分机)?\)$", r"转\1", text)
    text = re.sub(r"(?:\+|00)?86[-\s]*(?=1[3-9]\d[\d\s-]{8,})", "", text)
    text = _LABEL.sub(" ", text).strip(" -.,;:。、\"'")
    if not re.search(r"\d{3}|[一二三四五六七八九零〇幺]{7}", text):
        return _refuse("not_given" if not text or _UNGIVEN.search(fold(raw)) else "not_a_phone")
    text = _spoken_digits(text)
    parts = [part for part in _SPLIT.split(_guard(text)) if part and re.search(r"\d", part)]
    if len(parts) > 1:
        return _several(raw, parts)
    return _single(raw, _guard(text).strip())


def _guard(text: str) -> str:
    return re.sub(r"\s*\(([^()\d]*)\)", "", text).strip()


def _spoken_digits(text: str) -> str:
    if re.fullmatch(r"[一二三四五六七八九零〇幺\d\-\s]{7,}", text):
        return text.translate(str.maketrans("零〇一幺二三四五六七八九", "001123456789"))
    return text


def _single(raw: str, text: str) -> Reading:
    extension = ""
    found = _EXTENSION.search(text)
    dashed = _DASHED_EXTENSION.match(text)
    if dashed:
        text, extension = dashed[1], dashed[2]
    elif found:
        text, extension = text[: found.start()].strip(" -"), found[1]
    if re.search(r"[a-z|]", text):
        letter = _LETTERS.search(text) if len(re.sub(r"[^0-9a-z|]", "", text)) in _LENGTHS else None
        return _refuse("letter_in_phone", letter=letter[0]) if letter else _refuse("not_a_phone")
    if not _digits_ok(text):
        return _loose(raw, text, extension)
    value = _parsed(text)
    area = re.match(r"\(?(0\d+)\)?[-\s]+\d", text)
    if value is None or (area and not (value.startswith(f"{area[1]}-") or len(area[1]) < 3)):
        return _explain(text)
    answer = Answer(value, raw, details={"ext": extension} if extension else {})
    return Reading(answer, confirm=True, candidates=(answer,)) if _OUT_OF_USE.search(raw) else Reading(answer)


def _loose(raw: str, text: str, extension: str) -> Reading:
    """A valid number among a few words is taken, among more of them after asking."""
    runs = [run for run in re.findall(r"[\d+()\-\s]{7,}", text) if _parsed(run)]
    if len(runs) != 1:
        return _refuse("not_a_phone")
    answer = Answer(_parsed(runs[0]), raw, details={"ext": extension} if extension else {})
    rest = text.replace(runs[0], "").strip(" ,。:")
    doubt = len(rest) > 6 or bool(re.search(r"\d", rest)) or _OUT_OF_USE.search(raw) is not None
    return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())


def _explain(text: str) -> Reading:
    digits = re.sub(r"\D", "", text)
    if digits.startswith("1") and len(digits) != 11 and len(digits) > 7:
        return _refuse("mobile_length", length=len(digits))
    if len(digits) in (7, 8):
        return _refuse("area_code_missing")
    if re.match(r"1[3-9]", digits):
        return _refuse("mobile_unknown")
    return _refuse("not_a_phone")


def _several(raw: str, parts: list[str]) -> Reading:
    answers: list[Answer] = []
    area = ""
    for part in parts:
        found = re.search(r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[-\s]?\d", part)
        area = found[1] if found else area
        alone = area and re.fullmatch(r"[2-9]\d{6,7}", part.strip(" -"))
        reading = _single(raw, f"{area}-{part.strip(' -')}" if alone else part.strip(" -"))
        if reading.complaint is not None or reading.answer is None:
            continue
        answers.append(reading.answer)
    unique = tuple({str(answer.value): answer for answer in answers}.values())
    if not unique:
        return _single(raw, " ".join(parts))
    first = unique[0]
    values = [answer.value for answer in unique]
    answer = Answer(first.value, raw, details={**first.details, "values": values})
    return Reading(answer, confirm=True, candidates=unique)


def show(field: Field, answer: Answer) -> str:
    """025-83216540 转 802."""
    extension = answer.details.get("ext")
    return f"{answer.value} 转 {extension}" if extension else str(answer.value)


def export_value(field: Field, answer: Answer) -> str:
    """The number with its extension, as text."""
    return show(field, answer)
