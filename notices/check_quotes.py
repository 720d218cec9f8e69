"""Checking quotations: what a pack says the notice prints must stand in the passage it names."""

from collections.abc import Iterator, Sequence

from notices.bank import squeezed
from notices.model import Notice
from notices.packs import Pack, Problem
from notices.tables import DetailTable, Table

MANIFEST = "notice.yaml"


class _Passages:
    """Anchors and what stands there; every `source` of a pack is looked up here."""

    def __init__(self, notice: Notice) -> None:
        self._texts = {passage.id: squeezed(passage.text) for passage in notice.passages}

    def faults(self, file: str, key: str, source: str, quotes: Sequence[str] = ()) -> Iterator[Problem]:
        """Problems of a source and of the words that are said to stand there; white space aside."""
        if not source:
            return
        if source not in self._texts:
            place = f"{key}.source" if key else "source"
            yield Problem(file, place, f"there is no passage {source!r}")
            return
        for quote in quotes:
            if squeezed(quote) not in self._texts[source]:
                yield Problem(file, key, f"{quote!r} does not stand in {source}")

    def holds(self, source: str, words: Sequence[str]) -> bool:
        """Whether one of the words stands in the passage."""
        return any(squeezed(word) in self._texts.get(source, "") for word in words)


def check_quotes(pack: Pack, notice: Notice) -> Iterator[Problem]:
    """Anchors that do not exist, and labels, dates and names that do not stand where they are said to."""
    passages = _Passages(notice)
    yield from _manifest(passages, notice)
    for form in notice.forms:
        for index, field in enumerate(form.fields):
            quotes = [choice.label for choice in field.choices]
            # A choice's options may be printed elsewhere than its label: one of the two must stand there.
            quotes += [] if quotes else [field.label]
            yield from passages.faults(pack.form_files[form.name], f"fields.{index}", field.source, quotes)
    for table in notice.tables:
        yield from _table(passages, pack.table_files[table.name], table)


def _manifest(passages: _Passages, notice: Notice) -> Iterator[Problem]:
    if notice.contact:
        contact = notice.contact
        quotes = [part for part in (contact.name, contact.phone, contact.email) if part]
        yield from passages.faults(MANIFEST, "contact", contact.source, quotes)
    for index, filing in enumerate(notice.filings):
        key = f"filings.{index}"
        yield from passages.faults(MANIFEST, key, filing.source, [filing.who] if filing.who else [])
        yield from passages.faults(MANIFEST, f"{key}.window", filing.window.source, [filing.window.printed])
    for index, phase in enumerate(notice.phases):
        yield from passages.faults(MANIFEST, f"phases.{index}", phase.source, [phase.printed, phase.title])
    for index, area in enumerate(notice.areas):
        key = f"areas.{index}"
        faults = list(passages.faults(MANIFEST, key, area.source))
        yield from faults
        if not faults and not passages.holds(area.source, [area.name, *area.words]):
            yield Problem(
                MANIFEST, key, f"neither {area.name!r} nor one of its words stands in {area.source}"
            )


def _table(passages: _Passages, file: str, table: Table) -> Iterator[Problem]:
    yield from passages.faults(file, "title", table.source, [table.title])
    if table.attachment:
        yield from passages.faults(file, "attachment", table.source, [table.attachment])
    for index, heading in enumerate(table.heading):
        yield from passages.faults(file, f"heading.{index}", heading.source, [heading.text])
    for index, note in enumerate(table.notes):
        yield from passages.faults(file, f"notes.{index}", note.source, [note.text])
    if isinstance(table, DetailTable):
        for index, column in enumerate(table.columns):
            yield from passages.faults(file, f"columns.{index}", column.source, [column.label])
        return
    labels = [table.row_label, *(m.label for m in table.measures), *(s.label for s in table.splits)]
    yield from passages.faults(file, "header_source", table.header_source, labels)
    for number, group in enumerate(table.groups):
        yield from passages.faults(file, f"groups.{number}", group.source, [group.label])
        for index, row in enumerate(group.rows):
            key = f"groups.{number}.rows.{index}"
            yield from passages.faults(file, key, row.source, [row.label] if row.label else [])
