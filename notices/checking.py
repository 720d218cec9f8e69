"""Checking packs before they are published: everything that is wrong, with file, key and reason."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import divisions
from notices.bank import bank_faults
from notices.check_forms import check_forms
from notices.check_quotes import check_quotes
from notices.check_reminders import check_reminders
from notices.check_tables import check_tables
from notices.model import Notice
from notices.packs import Pack, Problem, pack_folders, read_bank, read_pack

MANIFEST = "notice.yaml"
FILES = (MANIFEST, "text.yaml", "reminders.yaml")
FOLDERS = ("forms", "filers", "tables", "questions")


def check(path: Path) -> list[Problem]:
    """All problems of the packs in `path`, or of the one pack that it is; empty when they may be published.

    A problem's file begins with its pack's folder. NotADirectoryError when `path` is no folder.
    """
    if not path.is_dir():
        raise NotADirectoryError(path)
    packs = [read_pack(folder) for folder in pack_folders(path)]
    problems = [] if packs else [Problem(path.name, "", "there is no pack here")]
    for pack in packs:
        found = [*check_pack(pack), *_shared_names(pack, packs)]
        problems += [Problem(f"{pack.folder.name}/{p.file}", p.key, p.reason) for p in found]
    return problems


def check_pack(pack: Pack) -> list[Problem]:
    """The problems of one pack, files named from its folder on."""
    problems = list(_strange_files(pack))
    bank = read_bank(pack)
    problems += pack.problems
    if pack.notice is None:
        # What is asked below needs every part; the faults of form come first.
        return problems
    texts = {passage.id: passage.text for passage in pack.notice.passages}
    problems += _check_manifest(pack, pack.notice)
    problems += check_forms(pack, pack.notice)
    problems += check_tables(pack, pack.notice)
    problems += check_quotes(pack, pack.notice)
    problems += check_reminders(pack.notice)
    problems += [
        Problem(pack.entry_files[entry], entry, reason) for entry, reason in bank_faults(bank, texts)
    ]
    return problems


def _strange_files(pack: Pack) -> Iterator[Problem]:
    for path in sorted(pack.folder.rglob("*")):
        name = path.relative_to(pack.folder)
        if path.is_dir():
            known = len(name.parts) == 1 and name.name in FOLDERS
        elif len(name.parts) == 1:
            known = name.name in FILES
        else:
            known = name.parts[0] in FOLDERS and path.suffix == ".yaml"
        if not known:
            yield Problem(str(name), "", "is no part of a pack")


def _shared_names(pack: Pack, packs: list[Pack]) -> Iterator[Problem]:
    for key in ("slug", "key"):
        values = [getattr(other.notice, key) for other in packs if other.notice and other is not pack]
        if pack.notice and getattr(pack.notice, key) in values:
            yield Problem(MANIFEST, key, f"another pack has {getattr(pack.notice, key)!r} as well")


def _check_manifest(pack: Pack, notice: Notice) -> Iterator[Problem]:
    if notice.slug != pack.folder.name:
        yield Problem(MANIFEST, "slug", f"is {notice.slug!r}, but the folder is {pack.folder.name!r}")
    ids = Counter(passage.id for passage in notice.passages)
    yield from (
        Problem("text.yaml", f"passages.{anchor}", "the id appears twice")
        for anchor in ids
        if ids[anchor] > 1
    )
    yield from _check_regions(notice)
    yield from _check_filings(notice)
    phases = Counter(phase.name for phase in notice.phases)
    yield from (
        Problem(MANIFEST, f"phases.{name}", "the name appears twice") for name in phases if phases[name] > 1
    )
    if notice.units.city and "{place}" not in notice.units.city:
        yield Problem(MANIFEST, "units.city", "does not say where the city's name goes: {place}")


def _check_regions(notice: Notice) -> Iterator[Problem]:
    if not divisions.exists(notice.province) or divisions.get(notice.province).level != "province":
        yield Problem(MANIFEST, "province", f"{notice.province!r} is no province's code")
    for index, code in enumerate(notice.places):
        if not divisions.exists(code):
            yield Problem(MANIFEST, f"places.{index}", f"{code!r} is no division's code")
    for index, area in enumerate(notice.areas):
        for code in area.regions:
            if not divisions.exists(code):
                yield Problem(MANIFEST, f"areas.{index}.regions", f"{code!r} is no division's code")


def _check_filings(notice: Notice) -> Iterator[Problem]:
    forms = {form.name for form in notice.forms}
    kinds = {filer.kind for filer in notice.filers}
    seen: set[str] = set()
    for index, filing in enumerate(notice.filings):
        key = f"filings.{index}"
        if filing.form not in forms:
            yield Problem(MANIFEST, f"{key}.form", f"there is no form {filing.form!r}")
        if filing.form in seen:
            yield Problem(MANIFEST, f"{key}.form", f"{filing.form!r} is filed twice")
        seen.add(filing.form)
        for kind in filing.filers:
            if kind not in kinds:
                yield Problem(MANIFEST, f"{key}.filers", f"{kind!r} is not among the notice's filers")
    for name in sorted(forms - seen):
        yield Problem(MANIFEST, "filings", f"nobody files the form {name!r}")
    time = notice.demonstration_time
    if time and not any(filing.window.open_at(time) for filing in notice.filings):
        yield Problem(MANIFEST, "demonstration_time", "lies in no window: nothing could be filed then")
