"""The unified social credit code (GB 32100-2015), 18 characters, with what its digits tell."""

import re

import stdnum.cn.uscc as uscc
from stdnum.exceptions import ValidationError

import divisions
from forms.model import Answer, Complaint, Context, Field, Reading
from forms.words import fold

_LABEL = re.compile(r"统一|社会|信用|代码|证|号码|编号|号|为|是|机构|我们|的|登记|组织|[:：,。;]")
_UNGIVEN = re.compile(r"办|没有|没|无|暂|不知|未|不记得|忘|申请|稍后|回头|跳过|不详|待|保密|丢|不在|找不到")
_ALPHABET = set("0123456789ABCDEFGHJKLMNPQRTUWXY")
# Letters the standard leaves out because they look like digits, and Z.
_LOOKALIKES = str.maketrans({"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"})
_TYPES = {"1": "association", "2": "institution", "3": "foundation"}


def _refuse(code: str, *candidates: Answer, **params: object) -> Reading:
    return Reading(complaint=Complaint(code, params), candidates=candidates)


def details_of(code: str) -> dict[str, str]:
    """What a valid code tells: `region`, the registration authority's division; under civil affairs
    also `type` (association, institution, foundation) and `level`, a guess from the region's zeros."""
    details = {"region": code[2:8]}
    if code[0] == "5" and code[1] in _TYPES:
        details["type"] = _TYPES[code[1]]
        details["level"] = _level(code[2:8])
    return details


def _level(region: str) -> str:
    if region == "100000":
        return "other"
    if region.endswith("0000"):
        return "province"
    return "city" if region.endswith("00") else "county"


def is_valid(code: str) -> bool:
    """True when length, characters, check digit and the authority's province are right."""
    try:
        checked = uscc.validate(code) == code
    except ValidationError:
        return False
    return bool(checked) and (code[2:4] == "10" or divisions.exists(code[2:4] + "0000"))


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a code in any width and spacing; says what is wrong with one that does not check."""
    folded = fold(raw)
    text = re.sub(r"[\s\-_.·/]", "", _LABEL.sub("", folded)).upper()
    found = re.findall(r"[0-9A-Z]{8,}", text)
    if not found:
        return _refuse("not_given" if not text or _UNGIVEN.search(folded) else "not_a_credit_code")
    if len(found) > 1:
        valid = tuple(Answer(item, raw, details=details_of(item)) for item in found if is_valid(item))
        return Reading(valid[0], confirm=True, candidates=valid) if valid else _refuse("not_a_credit_code")
    code = found[0]
    if is_valid(code):
        answer = Answer(code, raw, details=details_of(code))
        # Given by another authority, or to no social organization: a company's code, a village committee's.
        ours = code[0] == "5" and code[1] in (*_TYPES, "9")
        return Reading(answer) if ours else Reading(answer, confirm=True, candidates=(answer,))
    return _explain(code, raw)


def _explain(code: str, raw: str) -> Reading:
    if len(code) == 15 and re.fullmatch(r"[0-9A-Z]{15}", code):
        return _refuse("old_registration_number")
    if len(code) == 9:
        return _refuse("organization_code")
    if len(code) == 18 and re.fullmatch(r"\d{17}[\dX]", code) and _looks_like_identity(code):
        return _refuse("identity_card")
    if len(code) != 18:
        return _refuse("code_length", length=len(code))
    if not set(code) <= _ALPHABET:
        fixed = code.translate(_LOOKALIKES)
        letter = next(c for c in code if c not in _ALPHABET)
        candidates = (Answer(fixed, raw, details=details_of(fixed)),) if is_valid(fixed) else ()
        return _refuse("code_letter", *candidates, letter=letter)
    swapped = _swapped(code)
    if swapped:
        return _refuse("code_swapped", *(Answer(item, raw, details=details_of(item)) for item in swapped))
    return _refuse("code_check_digit")


def _looks_like_identity(code: str) -> bool:
    return (
        re.fullmatch(r"[1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", code)
        is not None
    )


def _swapped(code: str) -> list[str]:
    """The valid codes that come from exchanging two neighbouring characters."""
    found = []
    for at in range(len(code) - 1):
        if code[at] != code[at + 1]:
            other = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            if is_valid(other):
                found.append(other)
    return found


def show(field: Field, answer: Answer) -> str:
    """The code itself."""
    return str(answer.value)


def export_value(field: Field, answer: Answer) -> str:
    """The code as text: as a number a spreadsheet would round it."""
    return str(answer.value)
