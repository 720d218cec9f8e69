"""Filings that are likely the same project."""

from rapidfuzz import fuzz

from forms.model import Form
from registration.entries import Entry
from registration.names import fold
from storage import filing_queries
from storage.database import Session
from storage.filing_queries import FilingItem

ALIKE = 85  # rapidfuzz ratio; 某某助学 and 某某助学项目 are alike, 助学 and 助老 are not


def projected(form: Form, projection: str) -> str:
    """The name of the field with that projection, "" when the form has none."""
    return next((item.name for item in form.fields if item.projection == projection), "")


def shown_name(form: Form, answers: dict[str, dict[str, object]]) -> str:
    """The project's name in a stored answers column, "" while it has none."""
    row = answers.get(projected(form, "name"))
    return str(row["value"]) if row and row.get("value") else ""


async def find_alike(session: Session, entry: Entry) -> FilingItem | None:
    """Another filing of the same organization with a similar name and the same or an enclosing region.

    None while the entry has no name yet, or when nothing resembles it.
    """
    name_field, region_field = projected(entry.form, "name"), projected(entry.form, "region")
    name, region = fold(entry.value(name_field)), entry.value(region_field)
    if not name or entry.notice is None or entry.organization_id is None:
        return None
    notice, form = entry.notice.slug, entry.form.name
    for other in await filing_queries.siblings(session, entry.id, entry.organization_id, notice, form):
        other_name = fold(shown_name(entry.form, other.answers))
        row = other.answers.get(region_field) or {}
        if is_alike(name, region, other_name, str(row.get("value") or "")):
            return other
    return None


def is_alike(name: str, region: str, other_name: str, other_region: str) -> bool:
    """Whether two folded names resemble each other and one place is the other or lies in it."""
    return _near(region, other_region) and _alike(name, other_name)


def _alike(one: str, other: str) -> bool:
    return bool(other) and max(fuzz.ratio(one, other), _contained(one, other)) >= ALIKE


def _contained(one: str, other: str) -> float:
    """100 when the shorter name stands whole in the longer and makes up most of it."""
    short, long = sorted((one, other), key=len)
    return 100.0 if len(short) >= 4 and short in long and len(short) * 2 >= len(long) else 0.0


def _near(one: str, other: str) -> bool:
    """Whether one division is the other or lies in it; an unknown one may be anywhere."""
    short, long = sorted((one.rstrip("0"), other.rstrip("0")), key=len)
    return long.startswith(short)
