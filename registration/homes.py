"""Where an organization is registered: one of a city or county has to name that city or county."""

import divisions
from forms.model import Answer, Answers, Complaint, Field

BELOW_PROVINCE = ("city", "county", "other")


def complaint(field: Field, answer: Answer, others: Answers) -> Complaint | None:
    """What is wrong with a home that is only a province: the organization would stand in no city's table."""
    level = others.get("level")
    if field.name != "home" or level is None or level.value not in BELOW_PROVINCE:
        return None
    code = str(answer.value)
    has_cities = divisions.exists(code) and any(item.level == "city" for item in divisions.children(code))
    return Complaint("home_too_wide") if has_cities else None
