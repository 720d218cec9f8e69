"""What several figures of one text come to in persons: which of them are the people meant, and their sum."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from forms.model import Answer, Complaint, Field, Reading
from forms.people import PERSON_TIMES, SCHOOL, counted_as
from forms.quantities import Quantity

_LARGEST = Decimal(1_500_000_000)
# From here on a bare figure is more likely money than staff.
_MANY_STAFF = Decimal(100_000)
_DONOR = re.compile(
    r"捐款|捐资|募捐|捐赠人|捐赠者|捐款人|捐助人|出资人|认捐|捐物|捐了|捐出|捐献|爱心捐|众筹|献爱心款"
)
_BENEFIT = re.compile(
    r"服务\s*\d|受益|惠及|受助|帮助了|帮扶了|服务了?(?:对象|老人|群众|村民|学生)|资助了?(?:学生|儿童)|被帮扶|服务对象"
)
_STAFF_HELPED = re.compile(r"工作人员|志愿者(?:参与|参加)|^[^,;]*名?志愿者$|社工")
_TOTAL = re.compile(r"(?:合计|共计|总计|总共|总数|一共|累计|共有|共|全部|合共|总人数)[^,;。、\d]{0,8}$")
_APART = re.compile(r"(?:另|另有|另外|此外|还有)[^,;。]{0,8}$")
_ACTUAL = re.compile(r"(?:实际|实到|到场|最终|现已|目前已?|已经?)[^,;。]{0,6}$")
_PER_BEFORE = re.compile(
    r"(?:每(?:一)?(次|场|年|月|天|期|人|户|周|季度|学期|届|批|村|校|班|个月|队|组|小组|团队|家|所|支)|年均|月均|日均|人均|场均|次均|平均每?.?|([户村校队])均|各)[^,;。]{0,6}$"
)
_PER_AFTER = re.compile(
    r"^\s*(?:人|名|位)?(?:次)?(?:左右|上下|以上)?\s*(?:/|每)\s*(年|月|天|场|期|周)|^\s*[名位]?/(次)"
)
_INSIDE = re.compile(r"其中|包括|包含|不含|不包括|\((?!次)|,含")
# A number that follows a group of people: 老人150儿童80.
_GROUP_BEFORE = re.compile(
    r"[+、,]\s*[\u4e00-\u9fff]*$|^\s*$|(?:人|者|儿童|学生|教师|老师|医生|妇女|群众|村民|专家|男女?|女|孩|工|员)$"
)
# Figures that close what they count: 医生2护士3.
_NAMED_FIRST = re.compile(r"(?:[\u4e00-\u9fff]{1,6}\d+)+")
# People who need not be of the households named beside them.
_APART_FROM_HOUSEHOLDS = re.compile(r"孤|学生|儿童|老人|残疾|患者|大病|妇女|青年|教师|环卫")
_WITH_FAMILIES = re.compile(r"[及和与、](?:其|他们的)?(?:家长|家属|家人|监护人)(?!\d)")
_OPEN = re.compile(
    r"[×x*]\s*\d|间接|(?:参加|参与).*受益|受益.*(?:参加|参与)|\d{4}年.*\d{4}年|岁以上.*岁以上|人/次.*\d次|报名"
)
_PLANNED = re.compile(r"计划|拟|预计|预期|打算|目标|原定|将(?:有|惠及|受益|服务|帮助|覆盖)")
_NOISE = re.compile(
    r"大?约|大概|近|左右|上下|多|余|以上|以内|出头|个|不到|超过?|至少|共|合?计|总|一|人员|人口|人数?|覆盖|惠及|受益|投入|参与|参加|工作|志愿者|"
    r"社工|老人|儿童|学生|群众|村民|达到?|有|数|[\s,.:：。了+()~≈<>=?-]"
)


def _refuse(code: str, **params: Any) -> Reading:
    return Reading(complaint=Complaint(code, params))


class Counting:
    """One text's quantities, sorted by what they count; `read` says what they come to."""

    def __init__(self, field: Field, raw: str, text: str, quantities: list[Quantity]) -> None:
        self.field, self.raw, self.text = field, raw, text
        self.kinds = [(q, counted_as(q)) for q in quantities]
        self.pairs = self._of("pair")
        self.households = self._outside(self._of("household"))
        self.people = self._people()

    def _of(self, *kinds: str) -> list[Quantity]:
        return [q for q, kind in self.kinds if kind in kinds]

    def _people(self) -> list[Quantity]:
        if len(self.kinds) > 1 and _NAMED_FIRST.fullmatch(self.text):
            return [q for q, _ in self.kinds]
        people = self._of("person", "times")
        if not people:
            people = self._of("bare")
        elif not any(_TOTAL.search(q.before) for q in people):
            people += [q for q in self._of("bare") if _GROUP_BEFORE.search(q.before)]
        people += [replace(pair, value=2 * pair.value) for pair in self.pairs]
        return sorted(people, key=lambda q: q.start)

    def read(self) -> Reading:
        """A firm sum, a doubt with the figures it may be, or why there is no number of persons."""
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
        return [total for total in self._spelled_out() if len(self.people) > 2] or self.people

    def _spelled_out(self) -> list[Quantity]:
        """The figure that the others come to, where the text sets it apart: `100人:老人80,儿童20`."""
        first, last = self.people[0], self.people[-1]
        apart = [first] if re.match(r"[^,;\d]*[:(=]", self.text[first.end :]) else []
        apart += [last] if "=" in last.before else []
        return [q for q in apart if 2 * q.value == sum(item.value for item in self.people)][:1]

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
        if self.pairs or any(
            pattern.search(self.text) for pattern in (_OPEN, _DONOR, _PLANNED, _WITH_FAMILIES)
        ):
            return True
        wrong = _BENEFIT if self._counts_staff() else _STAFF_HELPED
        apart = any(_APART_FROM_HOUSEHOLDS.search(q.after) for q in self.people) and any(
            "," in q.after or "," in q.before for q in self.households
        )
        return bool(wrong.search(self.text) or apart or (self._of("goods") and self._per_words()))

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
            return self._each(quantity, per, details)
        answer = Answer(int(quantity.value), self.raw, quantity.approximate, quantity.bound, details)
        bare = counted_as(quantity) == "bare"
        apart = re.search(r"另|此外|还有", self.text)
        money = bare and quantity.scaled and self._counts_staff() and quantity.value >= _MANY_STAFF
        doubt = bool(
            apart or money or quantity.number.doubtful or self._doubtful() or (bare and self._noisy(quantity))
        )
        return Reading(answer, confirm=doubt, candidates=(answer,) if doubt else ())

    def _each(self, quantity: Quantity, per: re.Match[str], details: Mapping[str, Any]) -> Reading:
        """`每次30人，共10次`: what it comes to where the text says how many, always asked."""
        said = next((group for group in per.groups() if group), "")
        word = said or ("天" if "日均" in per[0] else "") or re.sub(r"[^年月人场次]", "", per[0])[:1] or "次"
        many = [q for q, _ in self.kinds if q.number.counted and re.match(rf"[个支]?小?{word[-1]}", q.after)]
        times = many[0].value if len(many) == 1 and many[0].start != quantity.start else Decimal(1)
        if word == "户" and isinstance(details.get("households"), int):
            times = Decimal(details["households"])
        answer = Answer(
            int(quantity.value * times),
            self.raw,
            quantity.approximate,
            quantity.bound,
            {**details, "per": word},
        )
        if times != 1 and word in ("次", "场"):
            answer = replace(answer, details={**answer.details, "unit": "人次"})
        return Reading(answer, confirm=True, candidates=(answer,))

    def _noisy(self, quantity: Quantity) -> bool:
        """A bare number among words that name no people: 先后7."""
        return bool(_NOISE.sub("", self.text[: quantity.start] + self.text[quantity.end :]))

    def _several(self, quantities: list[Quantity]) -> Reading:
        if any(q.high is not None for q in quantities):
            return self._ask(quantities)
        times = [bool(PERSON_TIMES.match(q.after)) for q in quantities]
        if any(times) and not all(times):
            return _refuse("people_and_times_mixed")
        actual = [q for q in quantities if _ACTUAL.search(q.before)]
        if len(actual) == 1:
            return self._ask([actual[0], *(q for q in quantities if q is not actual[0])], summed=False)
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

    def _ask(self, quantities: list[Quantity], summed: bool = True) -> Reading:
        details = self._details(quantities)
        found = {
            int(q.value): Answer(int(q.value), self.raw, q.approximate, q.bound, details) for q in quantities
        }
        candidates = tuple(found.values())
        if not summed:
            return Reading(candidates[0], confirm=True, candidates=candidates)
        total = int(sum((q.value for q in quantities), Decimal(0)))
        sum_of_all = Answer(total, self.raw, any(q.approximate for q in quantities), details=details)
        if all(_apart(self.text[left.end : right.start]) for left, right in pairwise(quantities)):
            return Reading(sum_of_all, confirm=True, candidates=(sum_of_all, *candidates))
        return Reading(candidates[0], confirm=True, candidates=(*candidates, sum_of_all))


def _apart(between: str) -> bool:
    """Two groups said in one breath: `男60人女75人`, `三个志愿者两个医生`."""
    return len(between) <= 6 and not re.search(r"或|到|至|[-~/]|受益|惠及|参与|参加|次|每", between)
