"""Reading an answer, checking it against its field's limits, showing it back."""

import re
from typing import Any

from forms.model import Answer, Complaint, Context, Field, Reading
from forms.table import KINDS

_LONGEST: dict[str, int] = {"text": 2_000, "long_text": 20_000}
# A figure is not picked out of a whole paragraph: forms.paragraph does that with more care.
_LONGEST_FIGURE: dict[str, int] = {"count": 60, "money": 100}
_LONGEST_VALUE = 300

# Kinds in which `30万?` says that the person is not sure.
_ASKED_BACK = ("money", "count", "region", "period", "choice")


def read(field: Field, raw: str, context: Context) -> Reading:
    """What `raw` says for that field: a firm answer, a doubt with candidates, or a complaint. Never raises.

    A reading that breaks the field's constraint is a complaint; candidates that break it are left out.
    """
    longest = _LONGEST.get(field.type, _LONGEST_VALUE)
    if len(raw) > longest:
        allowed = field.constraint.max_length if field.constraint else None
        return Reading(complaint=Complaint("too_long", {"limit": allowed or longest}))
    if len(raw.strip()) > _LONGEST_FIGURE.get(field.type, longest):
        return Reading(complaint=Complaint("only_the_figure"))
    reading = KINDS[field.type].read(field, raw, context)
    if reading.answer is None:
        return reading
    candidates = tuple(item for item in reading.candidates if check(field, item) is None)
    complaint = check(field, reading.answer)
    if complaint is None:
        if raw.rstrip().endswith(("?", "？")) and field.type in _ASKED_BACK and not reading.confirm:
            return Reading(reading.answer, True, (reading.answer,))
        return Reading(reading.answer, reading.confirm, candidates)
    return Reading(candidates[0], True, candidates) if candidates else Reading(complaint=complaint)


def show(field: Field, answer: Answer) -> str:
    """The answer as people read it, with its unit: 约50万元, 江苏省/徐州市/睢宁县, 2021年3月至今."""
    return KINDS[field.type].show(field, answer)


def export_value(field: Field, answer: Answer) -> Any:
    """The answer for a table's cell: money a Decimal in 万元, a count an int, everything else text."""
    return KINDS[field.type].export_value(field, answer)


def check(field: Field, answer: Answer) -> Complaint | None:
    """The field's constraint against a stored value (fen for money); None when it holds.

    A field with a `constraint_message` complains in the pack's own words (code `constraint`).
    """
    limits = field.constraint
    if limits is None:
        return None
    value = answer.value
    broken = False
    if isinstance(value, int):
        broken = (limits.min is not None and value < limits.min) or (
            limits.max is not None and value > limits.max
        )
    if isinstance(value, str):
        broken = (
            (limits.min_length is not None and len(value) < limits.min_length)
            or (limits.max_length is not None and len(value) > limits.max_length)
            or (limits.pattern is not None and re.fullmatch(limits.pattern, value) is None)
        )
    return Complaint("constraint", {"message": field.constraint_message}) if broken else None
