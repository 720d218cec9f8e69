"""The pack model: everything a notice is, as data (docs/packs.md describes the files).

A pack is the folder `notices/published/<slug>/`. Nothing here knows a particular notice.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, model_validator

from forms.model import Form, Frozen
from notices.reminders import Reminders
from notices.tables import Table


class Passage(Frozen):
    """A numbered piece of a notice's text, verbatim; `id` is its stable anchor."""

    id: str
    heading_path: tuple[str, ...]
    text: str


class Contact(Frozen):
    """Whom the notice names for questions; `source` is the anchor of the passage that says so."""

    name: str = ""
    phone: str = ""
    email: str = ""
    source: str = ""


class Window(Frozen):
    """When a form may be filed, both ends inclusive, always with a zone.

    `printed` is what the notice says; `derived` names the parts that are our reading of it
    (`year`, `hour`, `opens`).
    """

    opens: AwareDatetime
    closes: AwareDatetime
    printed: str
    derived: tuple[Literal["opens", "year", "day", "hour"], ...] = ()
    source: str

    @model_validator(mode="after")
    def _ends_after_it_opens(self) -> "Window":
        if self.closes <= self.opens:
            raise ValueError("the window closes before it opens")
        return self

    def open_at(self, now: datetime) -> bool:
        """Whether `now` (aware) lies in the window, both ends inclusive."""
        return self.opens <= now <= self.closes


class Phase(Frozen):
    """A stretch of months the notice names, such as 调研摸底(2023年8月-9月), both ends inclusive.

    `derived` names the parts that are our reading of `printed`, as in a window.
    """

    name: str
    title: str
    printed: str
    starts: AwareDatetime
    ends: AwareDatetime
    derived: tuple[Literal["year", "day", "hour"], ...] = ()
    source: str

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Phase":
        if self.ends <= self.starts:
            raise ValueError("the phase ends before it starts")
        return self


class Area(Frozen):
    """A place the notice names that is no division, such as 涟沭结合部.

    `words` are other ways to say its name. `regions` are codes of counties in which it surely lies, at least
    in part: they may be offered to a person, never decided upon.
    """

    name: str
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    source: str


class Units(Frozen):
    """Who stands behind 单位（盖章） on an exported table; `{place}` in `city` becomes the city's name."""

    province: str = ""
    city: str = ""


class Filer(Frozen):
    """A kind of party that files, with the form by which it registers itself.

    The form's fields named `name`, `credit_code`, `type`, `level`, `home`, `contact` and `phone` fill the
    columns of the same names; any other is kept as an answer only.
    """

    kind: str
    title: str
    form: Form


class Filing(Frozen):
    """That filers of these kinds file this form in this window."""

    form: str
    filers: tuple[str, ...]
    window: Window
    who: str = ""
    source: str = ""


class Notice(Frozen):
    """One notice, as loaded from its pack.

    `places` are division codes the notice names; `province` is the code of its issuer's province.
    """

    slug: str
    key: str
    title: str
    short_title: str
    document_number: str
    year: int
    issuer: str
    province: str
    citation: str
    issued: date | None = None
    contact: Contact | None = None
    status: Literal["open", "archived"] = "open"
    demonstration_time: AwareDatetime | None = None
    units: Units = Units()
    places: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    passages: tuple[Passage, ...]
    forms: tuple[Form, ...] = ()
    filers: tuple[Filer, ...] = ()
    filings: tuple[Filing, ...] = ()
    phases: tuple[Phase, ...] = ()
    tables: tuple[Table, ...] = ()
    reminders: Reminders = Reminders()

    def form(self, name: str) -> Form:
        """The form of that name; KeyError when the notice has none."""
        for item in self.forms:
            if item.name == name:
                return item
        raise KeyError(name)

    def passage(self, anchor: str) -> Passage:
        """The passage with that anchor; KeyError when there is none."""
        for item in self.passages:
            if item.id == anchor:
                return item
        raise KeyError(anchor)

    def filer(self, kind: str) -> Filer:
        """The filer of that kind; KeyError when the notice has none."""
        for item in self.filers:
            if item.kind == kind:
                return item
        raise KeyError(kind)

    def phase(self, name: str) -> Phase:
        """The phase of that name; KeyError when the notice has none."""
        for item in self.phases:
            if item.name == name:
                return item
        raise KeyError(name)

    def filing(self, form: str) -> Filing:
        """Who files that form and when; KeyError when nobody does."""
        for item in self.filings:
            if item.form == form:
                return item
        raise KeyError(form)

    def table(self, name: str) -> Table:
        """The table of that name; KeyError when the notice has none."""
        for item in self.tables:
            if item.name == name:
                return item
        raise KeyError(name)
