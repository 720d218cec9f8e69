"""Where: a province, city or county, named as people name it. Stored as a six-digit code."""

import re

import divisions
from forms.model import Answer, Complaint, Context, Field, Reading
from forms.words import fold

_UNGIVEN = re.compile(
    r"(?:没有?|无|暂无|不详|未知|不知道|不清楚|不确定|待定|还没定|未定|保密|回头|稍后|[\s/\\\-_.]*)(?:地区|地方|填)?"
)


_KINDS_OF_AREA = re.compile(r"片区|地区|革命|老区|库区|周边|结合部")


def _answer(code: str, raw: str, found: divisions.Found | None = None) -> Answer:
    details: dict[str, object] = {}
    if found is not None and found.corrected:
        details["corrected"] = True
    if found is not None and found.historic:
        details["historic"] = True
    return Answer(code, raw, details=details)


def _refuse(raw: str, reason: str, codes: tuple[str, ...] = (), **params: object) -> Reading:
    return Reading(
        complaint=Complaint(reason, params), candidates=tuple(_answer(item, raw) for item in codes)
    )


def read(field: Field, raw: str, context: Context) -> Reading:
    """Reads a place; of several that fit, all are offered; parents that do not fit are pointed out."""
    text = fold(raw)
    if _UNGIVEN.fullmatch(text):
        return _refuse(raw, "not_given")
    area = _area(raw, text, context)
    if area is not None:
        return area
    found = divisions.search(text, context.regions)
    if found.problem:
        return _explain(raw, found)
    answers = tuple(_answer(code, raw, found) for code in found.codes)
    if len(answers) > 1:
        ranked = _likely_first(answers, context)
        return Reading(ranked[0], confirm=True, candidates=ranked)
    return Reading(answers[0], confirm=found.doubtful, candidates=answers if found.doubtful else ())


def _likely_first(answers: tuple[Answer, ...], context: Context) -> tuple[Answer, ...]:
    """Equally good candidates in the order of their codes, after those that the notice names."""

    def order(answer: Answer) -> tuple[bool, str]:
        named = any(
            divisions.within(answer.value, region) for region in context.regions if divisions.exists(region)
        )
        return (not named, str(answer.value))

    return tuple(sorted(answers, key=order))


def _area(raw: str, text: str, context: Context) -> Reading | None:
    """A 片区 or 老区 the notice names: firm when the text names the county, or a city with one."""
    for word in sorted(context.areas, key=len, reverse=True):
        if fold(word) not in text:
            continue
        rest = text.replace(fold(word), " ", 1).strip()
        inside = context.areas[word]
        named = divisions.search(_KINDS_OF_AREA.sub("", text))
        if len(named.codes) != 1 or not divisions.within(named.codes[0], _common(inside)):
            named = divisions.search(rest) if rest else divisions.Found()
        if len(named.codes) == 1 and named.problem is None:
            if named.codes[0] in inside and divisions.get(named.codes[0]).level == "county":
                return Reading(Answer(named.codes[0], raw, details={"area": word}))
            within = tuple(code for code in inside if divisions.within(code, named.codes[0]))
            if len(within) == 1 and divisions.get(named.codes[0]).level == "city":
                return Reading(Answer(within[0], raw, details={"area": word}))
            inside = within or inside
        answers = tuple(
            Answer(code, raw, details={"area": word}) for code in inside if divisions.exists(code)
        )
        if not answers:
            return _refuse(raw, "region_area", area=word)
        return Reading(answers[0], confirm=True, candidates=answers)
    return None


def _common(codes: tuple[str, ...]) -> str:
    """The province in which places lie; "" when there are none."""
    return divisions.path(codes[0])[0].code if codes and divisions.exists(codes[0]) else ""


def _explain(raw: str, found: divisions.Found) -> Reading:
    if found.problem == "mismatch":
        first = divisions.path(found.codes[0])
        params = {"place": first[-1].name, "parent": first[-2].name if len(first) > 1 else first[-1].name}
        if len(first) == 3:
            params["parent"] = first[0].name + first[1].name
        return _refuse(raw, "region_mismatch", found.codes, **params)
    if found.problem == "unknown" and found.codes:
        place = divisions.get(found.codes[0])
        return _refuse(raw, "region_no_such", found.codes, suggestion=place.name, code=place.code)
    codes = {"unrelated": "region_unrelated", "several": "region_several", "vague": "region_vague"}
    return _refuse(raw, codes.get(found.problem or "", "region_unknown"), found.codes)


def show(field: Field, answer: Answer) -> str:
    """江苏省/徐州市/睢宁县, as the notice's column asks; a code we do not know is shown as it is."""
    return divisions.full_name(answer.value, "/") if divisions.exists(answer.value) else str(answer.value)


def export_value(field: Field, answer: Answer) -> str:
    """江苏省/徐州市/睢宁县."""
    return show(field, answer)
