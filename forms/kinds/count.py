"""Counts of people as people write them: 137名儿童主任和73名社工, 30户120人, 1.4万多人, 80多位乡贤捐款."""

import re
from typing import Any

from forms.counting import Counting
from forms.model import Answer, Complaint, Context, Field, Reading
from forms.qualifiers import qualified
from forms.quantities import find_quantities
from forms.slips import slip
from forms.words import fold, has_raised_digits, tighten

_ZERO = re.compile(
    r"(?:目前|暂时)?(?:没有?|无|零|未)(?:投入|派出|派|安排|人员|人|任何|直接|受益|参与|参加|投|去|的|者|志愿|社工|工作)*[。.!]?"
)
_ALONE = re.compile(r"(?:就|只有|仅)?(?:我|本人|自己)(?:自己|本人)?(?:一个人|1个人|一人|1人)")
_UNGIVEN = re.compile(
    r"保密|不便|尚未|还没|没统计|未统计|没算|未算|不详|不清楚|不知|不晓得|未知|不确定|不明|说不清|说不准|待定|待统计|待核|待补|待填|暂缺|暂无|"
    r"稍后|再说|再报|再补|正在统计|统计中|忘了|忘记|记不|见附件|见附表|同上|n/?a|无法|没数|没准|难以|没法|统计不了|不特定|不固定"
)
_EMPTY = re.compile(r"[\s/\\\-_.。,、*~…?]*")
_VAGUE = re.compile(r"[几数]+[十百千万]|成百上千|成千上万|几个?(?:人|名|位|户|家)|数人")
# A dozen, a crowd: how many came, nobody said.
_CROWD = re.compile(
    r"[一二两三四五六七八九十几\d][大小]?[打群帮拨伙](?:人|志愿|学生|孩|老人|村民|群众|朋友|同事|$)"
)
_PEOPLE = ("人", "人次")
_DIGIT = r"[\d一二两三四五六七八九十百千万亿几]"
_OF_PEOPLE = re.compile(rf"{_DIGIT}[多余来]? ?个?[人名位](?!民币)")
_NOT_COUNTED = frozenset(
    (
        "not_people",
        "households_only",
        "families_only",
        "schools_only",
        "institutions_only",
        "households_mixed",
        "too_vague_households",
        "donors_not_people",
        "donors_not_beneficiaries",
    )
)


def _refuse(code: str, **params: Any) -> Reading:
    return Reading(complaint=Complaint(code, params))


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a number of people, or of what the field's unit names: 3台, 312户.

    A sum of parts is added up; households and schools are not people.
    """
    if has_raised_digits(raw):
        return _refuse("not_a_number")
    text = re.sub(r"(?<=\d)k(?![a-z])", "千", tighten(fold(raw)))
    if not field.unit or field.unit in _PEOPLE:
        return _read_people(field, raw, text)
    if _OF_PEOPLE.search(text):
        return _refuse("other_unit", unit=field.unit)
    # The grammar is that of people; here its own unit stands where 人 stands there.
    own = re.sub(rf"({_DIGIT}[多余来]?) ?{re.escape(fold(field.unit))}", r"\1人", text)
    reading = _read_people(field, raw, own)
    if reading.complaint and reading.complaint.code in _NOT_COUNTED:
        return _refuse("other_unit", unit=field.unit)
    return reading


def _read_people(field: Field, raw: str, text: str) -> Reading:
    if _EMPTY.fullmatch(text):
        return _refuse("not_given")
    if _ZERO.fullmatch(text):
        return Reading(Answer(0, raw))
    if _ALONE.fullmatch(text):
        return Reading(Answer(1, raw))
    if _CROWD.search(text) and not _OF_PEOPLE.search(text):
        return _refuse("too_vague")
    unreadable = slip(text)
    if unreadable:
        return _refuse(unreadable)
    quantities = [q for q in find_quantities(text) if q.number.counted or q.number.vague]
    if not quantities:
        return _no_number(text)
    return Counting(field, raw, text, quantities).read()


def _no_number(text: str) -> Reading:
    if re.search(r"[一二两三四五六七八九十百千万\d几]", text) and re.search(r"万(?:人|名)", text):
        return _refuse("digits_missing")
    if _UNGIVEN.search(text):
        return _refuse("not_given")
    if _VAGUE.search(text):
        return _refuse("too_vague")
    return _refuse("not_a_number")


def show(field: Field, answer: Answer) -> str:
    """约1400人, 800人次, 2000人以上."""
    unit = str(answer.details.get("unit") or field.unit or "")
    return qualified(f"{answer.value}{unit}", answer)


def export_value(field: Field, answer: Answer) -> int:
    """The number itself."""
    return int(answer.value)
