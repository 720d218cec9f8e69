"""Which forms may be filed now, by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forms.model import Form
from notices import Catalog
from notices.model import Filer, Filing, Notice
from registration.refusals import NoOrganization, NothingOpen, NoticeClosed, NoticeNotOpen, NotYours


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that may be filed now."""

    notice: Notice
    filing: Filing
    form: Form


def find_form(catalog: Catalog, slug: str, form: str) -> tuple[Notice, Form]:
    """The notice and its form; raises NotYours when there is no such thing."""
    try:
        notice = catalog.notice(slug)
        return notice, notice.form(form)
    except KeyError as error:
        raise NotYours from error


def offers(catalog: Catalog, now: datetime, kinds: frozenset[str] | None = None) -> Iterator[Offer]:
    """Every form that is open now, for filers of those kinds where `kinds` is given."""
    for notice in catalog.open_notices(now):
        for filing in notice.filings:
            if filing.window.open_at(now) and (kinds is None or kinds & set(filing.filers)):
                yield Offer(notice, filing, notice.form(filing.form))


def find_offer(catalog: Catalog, key: str, place: int, now: datetime) -> Offer:
    """The form at that place of the notice with that key; raises NotYours, or as `require_open` does."""
    notice = next((item for item in catalog.notices if item.key == key), None)
    if notice is None or not 0 <= place < len(notice.forms):
        raise NotYours
    form = notice.forms[place]
    require_open(notice, form, now)
    return Offer(notice, notice.filing(form.name), form)


def require_offers(catalog: Catalog, now: datetime, kinds: frozenset[str]) -> list[Offer]:
    """The forms open now for filers of those kinds; where there is none, raises what stands in the way.

    NoticeClosed names the window that ended last, NoticeNotOpen one that is to begin, NoOrganization says
    that others may file, NothingOpen that there never was anything.
    """
    found = list(offers(catalog, now, kinds))
    if found:
        return found
    if any(offers(catalog, now)):
        raise NoOrganization
    raise nearest(catalog, now, kinds) or NothingOpen


def nearest(
    catalog: Catalog, now: datetime, kinds: frozenset[str] | None = None
) -> NoticeClosed | NoticeNotOpen | None:
    """While nothing is open: what begins next, else what ended last; None when there never was anything."""
    known = [
        (filing.window, notice.form(filing.form))
        for notice in catalog.notices
        for filing in notice.filings
        if kinds is None or kinds & set(filing.filers)
    ]
    coming = [(window, form) for window, form in known if window.opens > now]
    if coming:
        window, form = min(coming, key=lambda item: item[0].opens)
        return NoticeNotOpen(form.title, window.opens)
    if not known:
        return None
    window, form = max(known, key=lambda item: item[0].closes)
    return NoticeClosed(form.title, window.closes)


def wanted_filers(catalog: Catalog, now: datetime) -> tuple[Filer, ...]:
    """The kinds of party that something is collected from now; all known kinds when nothing is open."""
    kinds: dict[str, Filer] = {}
    for offer in offers(catalog, now):
        for kind in offer.filing.filers:
            kinds.setdefault(kind, offer.notice.filer(kind))
    if not kinds:
        for notice in catalog.notices:
            for filer in notice.filers:
                kinds.setdefault(filer.kind, filer)
    return tuple(kinds.values())


def require_open(notice: Notice, form: Form, now: datetime) -> None:
    """Raises NoticeClosed after the form's window, NoticeNotOpen before it."""
    refused = refusal(notice, form, now)
    if refused:
        raise refused


def refusal(notice: Notice | None, form: Form, now: datetime) -> NoticeClosed | NoticeNotOpen | None:
    """Why the form cannot be filled now; None where it can, as a registration always can."""
    if notice is None:
        return None
    window = notice.filing(form.name).window
    if now > window.closes:
        return NoticeClosed(form.title, window.closes)
    return None if window.open_at(now) else NoticeNotOpen(form.title, window.opens)
