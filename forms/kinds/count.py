"""Counts of people as people write them: 137名儿童主任和73名社工, 30户120人, 1.4万多人, 80多位乡贤捐款."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from forms.model import Answer, Complaint, Context, Field, Reading
from forms.numbers import has_broken_separators
from forms.people import PERSON_TIMES, SCHOOL, counted_as
from forms.qualifiers import qualified
from forms.quantities import Quantity, find_quantities
from forms.words import fold, has_raised_digits, tighten

_LARGEST = Decimal(1_500_000_000)
_ZERO = re.compile(
    r"(?:目前|暂时)?(?:没有?|无|零|未)(?:投入|派出|派|安排|人员|人|任何|直接|受益|参与|参加|投|去|的|者|志愿|社工|工作)*[。.!]?"
)
_ALONE = re.compile(r"(?:就|只有|仅)?(?:我|本人|自己)(?:自己|本人)?(?:一个人|1个人|一人|1人)")
_UNGIVEN = re.compile(
    r"保密|不便|尚未|还没|没统计|未统计|没算|未算|不详|不清楚|不知|不晓得|未知|不确定|不明|说不清|说不准|待定|待统计|待核|待补|待填|暂缺|暂无|"
    r"稍后|再说|再报|再补|正在统计|统计中|忘了|忘记|记不|见附件|见附表|同上|n/?a|无法|没数|没准"
)
_EMPTY = re.compile(r"[\s/\\\-_.。,、*~…?]*")
_VAGUE = re.compile(r"[几数]+[十百千万]|成百上千|成千上万|几个?(?:人|名|位|户|家)|数人")
_DONOR = re.compile(
    r"捐款|捐资|募捐|捐赠人|捐赠者|捐款人|捐助人|出资人|认捐|捐物|捐了|捐出|捐献|爱心捐|众筹|献爱心款"
)
_BENEFIT = re.compile(
    r"服务\s*\d|受益|惠及|受助|帮助了|帮扶了|服务了?(?:对象|老人|群众|村民|学生)|资助了?(?:学生|儿童)|被帮扶|服务对象"
)
_TOTAL = re.compile(r"(?:合计|共计|总计|总共|总数|一共|累计|共有|共|全部|合共|总人数)[^,;。、\d]{0,8}$")
_APART = re.compile(r"(?:另|另有|另外|此外|还有)[^,;。]{0,8}$")
_PER_BEFORE = re.compile(
    r"(?:每(?:一)?(次|场|年|月|天|期|人|户|周|季度|学期|届|批|村|校|班|个月|队|组|小组|团队|家|所|支)|年均|月均|日均|人均|场均|次均|平均每?.?|各)[^,;。]{0,6}$"
)
_PER_AFTER = re.compile(
    r"^\s*(?:人|名|位)?(?:次)?(?:左右|上下|以上)?\s*(?:/|每)\s*(年|月|天|场|期|周)|^\s*[名位]?/(次)"
)
_INSIDE = re.compile(r"其中|包括|包含|不含|不包括|\((?!次)|,含")
# A number that follows a group of people: 老人150儿童80.
_GROUP_BEFORE = re.compile(
    r"[+、,]\s*[\u4e00-\u9fff]*$|^\s*$|(?:人|者|儿童|学生|教师|老师|医生|妇女|群众|村民|专家|男女?|女|孩|工|员)$"
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
_PLANNED = re.compile(r"计划|拟|预计|预期|打算|目标|将有")


def _refuse(code: str, **params: Any) -> Reading:
    return Reading(complaint=Complaint(code, params))


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a number of people, or of what the field's unit names: 3台, 312户.

    A sum of parts is added up; households and schools are not people.
    """
    if has_raised_digits(raw):
        return _refuse("not_a_number")
    text = tighten(fold(raw))
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
    if re.match(r"\s*(?:-|负)\s*[\d一二三四五六七八九十]", text):
        return _refuse("negative")
    if has_broken_separators(text):
        return _refuse("separator_unclear")
    if re.search(r"(?<![a-z])[lo](?=\d)|\d[lo](?![a-z])", text):
        return _refuse("letter_in_number")
    if re.search(r"\d\s*e\s*\d|\d\s*%|nan|inf|∞|\d\s*/\s*\d|分之", text):
        return _refuse("not_a_number")
    quantities = [q for q in find_quantities(text) if q.number.counted or q.number.vague]
    if not quantities:
        return _no_number(text)
    return _Counting(field, raw, text, quantities).read()


def _no_number(text: str) -> Reading:
    if re.search(r"[一二两三四五六七八九十百千万\d几]", text) and re.search(r"万(?:人|名)", text):
        return _refuse("digits_missing")
    if _UNGIVEN.search(text):
        return _refuse("not_given")
    if _VAGUE.search(text):
        return _refuse("too_vague")
    return _refuse("not_a_number")


class _Counting:
    """One text's quantities, sorted by what they count."""

    def __init__(self, field: Field, raw: str, text: str, quantities: list[Quantity]) -> None:
        self.field, self.raw, self.text = field, raw, text
        self.kinds = [(q, counted_as(q)) for q in quantities]
        self.people = self._of("person", "times")
        self.households = self._outside(self._of("household"))
        if not self.people:
            self.people = self._of("bare")
        elif not any(_TOTAL.search(q.before) for q in self.people):
            self.people += [q for q in self._of("bare") if _GROUP_BEFORE.search(q.before)]
        self.people.sort(key=lambda q: q.start)

    def _of(self, *kinds: str) -> list[Quantity]:
        return [q for q, kind in self.kinds if kind in kinds]

    def read(self) -> Reading:
        if not self.people:
            return self._not_people()
        if any(q.number.vague for q in self.people):
            return _refuse("too_vague")
        if self._only_donors():
            return _refuse("donors_not_people" if self._counts_staff() else "donors_not_beneficiaries")
        if any((q.high or q.value) > _LARGEST for q in self.people):
            return _refuse("too_large")
        if len(self.households) and self._mixes_households():
            return _refuse("households_mixed", households=self._households())
        kept = self._summed()
        if any(q.value % 1 for q in kept) or any((q.high or Decimal(0)) % 1 for q in kept):
            return _refuse("not_whole")
        return self._one(kept[0]) if len(kept) == 1 else self._several(kept)

    def _only_donors(self) -> bool:
        gave = _DONOR.search(self.text) or (self._counts_staff() and "捐赠" in self.text)
        return bool(gave) and not re.search(r"志愿|服务|参与|工作人员|走访", self.text)

    def _counts_staff(self) -> bool:
        return self.field.projection != "beneficiaries"

    def _households(self) -> int | None:
        return int(self.households[0].value) if len(self.households) == 1 else None

    def _not_people(self) -> Reading:
        vague = any(q.number.vague for q, _ in self.kinds)
        if self.households:
            if vague:
                return _refuse("too_vague_households")
            word = (
                "families_only"
                if re.search(r"\d\s*[多余]?家|[一二三四五六七八九十百千]家", self.text)
                else "households_only"
            )
            return _refuse(word, households=self._households())
        if vague:
            return _refuse("too_vague")
        for quantity in self._of("institution"):
            if SCHOOL.search(quantity.after):
                return _refuse("schools_only")
        if self._of("institution"):
            return _refuse("institutions_only")
        return _refuse("not_people")

    def _mixes_households(self) -> bool:
        """30个大病家庭和10位孤儿: two groups of beneficiaries, not one group counted twice."""
        first = min(q.start for q in self.households)
        last = max(q.end for q in self.households)
        for quantity in self.people:
            between = (
                self.text[last : quantity.start] if quantity.start > last else self.text[quantity.end : first]
            )
            if re.search(
                r"和|与|及|以及|加上|还有|、|\+|另|同时", self._plainly(between)
            ) and not _TOTAL.search(quantity.before):
                return True
        return len(self.households) > 1 and not any(_TOTAL.search(q.before) for q in self.people)

    @staticmethod
    def _plainly(between: str) -> str:
        """`100户、300人` names one group twice: the pause alone joins nothing."""
        return re.sub(r"^[户家庭个多余]*、$", "", between)

    def _summed(self) -> list[Quantity]:
        """The quantities that make up the figure: a total if one is said, else the parts; 其中 is inside."""
        totals = [q for q in self.people if _TOTAL.search(q.before)]
        if len(totals) == 1:
            return totals
        outside = self._outside(self.people)
        if len(outside) < len(self.people):
            return outside
        equals = re.search(r"=", self.text)
        if equals:
            return [q for q in self.people if q.start > equals.start()] or self.people
        return self.people

    def _outside(self, quantities: list[Quantity]) -> list[Quantity]:
        """Those that are not said to be among the others (其中老人80)."""
        inside = _INSIDE.search(self.text)
        return [q for q in quantities if not inside or q.start < inside.start()] or quantities

    def _details(self, quantities: list[Quantity]) -> dict[str, Any]:
        details: dict[str, Any] = {}
        if any(PERSON_TIMES.match(q.after) for q in quantities):
            details["unit"] = "人次"
        if self.households:
            details["households"] = self._households() or [int(q.value) for q in self.households]
        return details

    def _doubtful(self) -> bool:
        if re.search(
            r"[×x*]\s*\d|间接|(?:参加|参与).*受益|受益.*(?:参加|参与)|\d{4}年.*\d{4}年", self.text
        ) or _DONOR.search(self.text):
            return True
        wrong = (
            _BENEFIT
            if self._counts_staff()
            else re.compile(r"工作人员|志愿者(?:参与|参加)|^[^,;]*名?志愿者$|社工")
        )
        return bool(
            wrong.search(self.text) or _PLANNED.search(self.text) or (self._of("goods") and self._per_words())
        )

    def _per_words(self) -> bool:
        return any(_PER_BEFORE.search(q.before) or _PER_AFTER.match(q.after) for q in self.people)

    def _one(self, quantity: Quantity) -> Reading:
        details = self._details([quantity])
        if quantity.high is not None:
            low, high = int(quantity.value), int(quantity.high)
            bounds = {**details, "min": low, "max": high}
            candidates = tuple(Answer(v, self.raw, approximate=True, details=details) for v in (low, high))
            return Reading(
                Answer(low, self.raw, approximate=True, details=bounds), confirm=True, candidates=candidates
            )
        per = _PER_BEFORE.search(quantity.before) or _PER_AFTER.match(quantity.after)
        if per:
            said = next((group for group in per.groups() if group), "")
            details["per"] = (
                said or ("天" if "日均" in per[0] else "") or re.sub(r"[^年月人场次]", "", per[0])[:1] or "次"
            )
        value = int(quantity.value)
        if details.get("per") == "户" and isinstance(details.get("households"), int):
            value *= details["households"]
        answer = Answer(value, self.raw, quantity.approximate, quantity.bound, details)
        bare = counted_as(quantity) == "bare"
        apart = re.search(r"另|此外|还有", self.text)
        doubt = bool(
            per or apart or quantity.number.doubtful or self._doubtful() or (bare and self._noisy(quantity))
        )
        return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())

    def _noisy(self, quantity: Quantity) -> bool:
        """A bare number among words that name no people: 先后7."""
        rest = self.text[: quantity.start] + self.text[quantity.end :]
        rest = re.sub(
            r"大?约|大概|近|左右|上下|多|余|以上|以内|出头|个|不到|超过?|至少|共|合?计|总|一|人员|人口|人数?|覆盖|惠及|受益|投入|参与|参加|工作|志愿者|社工|老人|儿童|学生|群众|村民|达到?|有|[\s,.:：。了+()~≈<>=-]",
            "",
            rest,
        )
        return bool(rest)

    def _several(self, quantities: list[Quantity]) -> Reading:
        if any(q.high is not None for q in quantities):
            return self._ask(quantities)
        times = [bool(PERSON_TIMES.match(q.after)) for q in quantities]
        if any(times) and not all(times):
            return _refuse("people_and_times_mixed")
        joined = all(self._adds(left, right) for left, right in pairwise(quantities))
        if not joined or self._per_words() or any(_APART.search(q.before) for q in quantities[1:]):
            return self._ask(quantities)
        total = int(sum((q.value for q in quantities), Decimal(0)))
        details = self._details(quantities) | {"parts": [int(q.value) for q in quantities]}
        approximate = any(q.approximate for q in quantities)
        answer = Answer(total, self.raw, approximate=approximate, details=details)
        doubt = self._doubtful()
        return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())

    def _adds(self, left: Quantity, right: Quantity) -> bool:
        between = self.text[left.end : right.start]
        if re.fullmatch(r"[人名位]?[男女]", between) and re.search(r"[男女]$", left.before):
            return True
        if re.search(r"每|[到至]|增|减|变", between):
            return False
        return bool(re.search(r"和|与|及|加|、|,|\+|;|以及|还有", between))

    def _ask(self, quantities: list[Quantity]) -> Reading:
        details = self._details(quantities)
        found = {
            int(q.value): Answer(int(q.value), self.raw, q.approximate, q.bound, details) for q in quantities
        }
        candidates = tuple(found.values())
        total = int(sum((q.value for q in quantities), Decimal(0)))
        summed = Answer(total, self.raw, any(q.approximate for q in quantities), details=details)
        if all(_apart(self.text[left.end : right.start]) for left, right in pairwise(quantities)):
            return Reading(summed, confirm=True, candidates=(summed, *candidates))
        return Reading(candidates[0], confirm=True, candidates=(*candidates, summed))


def _apart(between: str) -> bool:
    """Two groups said in one breath: `男60人女75人`, `三个志愿者两个医生`."""
    return len(between) <= 6 and not re.search(r"或|到|至|[-~/]|受益|惠及|参与|参加|次|每", between)


def show(field: Field, answer: Answer) -> str:
    """约1400人, 800人次, 2000人以上."""
    unit = str(answer.details.get("unit") or field.unit or "")
    return qualified(f"{answer.value}{unit}", answer)


def export_value(field: Field, answer: Answer) -> int:
    """The number itself."""
    return int(answer.value)
